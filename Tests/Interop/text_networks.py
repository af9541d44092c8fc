"""The paper's networks for text in plain PyTorch, each as its authors write it.

    .deps/venv/bin/python Tests/Interop/text_networks.py FOLDER

writes what NetworksTests compares the Swift networks with, as Tests/Interop/networks.py does for images, but for the input:
`ids`, sentences of 1 to 40 words in one batch, 0 behind the shorter ones. The networks here know of no padding: logits
(`logits.eval`) are those of each sentence alone. In training (`logits.train`, `grad.*`) the batch draws one dropout after
another from a generator of seed 21. `steps.losses` are the losses of five steps from there on with the paper's optimiser,
each of the sentences whose numbers are a row of `steps.batches`.
"""

import logging
import math
import pathlib
import re
import sys
import warnings

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn

CLASSES = 5
WORDS = re.findall(r"[a-z']+", (pathlib.Path(__file__).parents[2] / "README.md").read_text().lower())
LENGTHS = [1, 40, 2, 3, 5, 4, 17, 1, 9, 28, 20, 6]


def sentences():
    """Real words, numbered from 1 in the order in which they come."""
    numbers = {}
    ids = torch.zeros(len(LENGTHS), max(LENGTHS), dtype=torch.int64)
    start = 0
    for row, length in enumerate(LENGTHS):
        words = WORDS[start : start + length]
        ids[row, :length] = torch.tensor([numbers.setdefault(word, len(numbers) + 1) for word in words])
        start += length
    return ids, len(numbers) + 1


class Text(nn.Module):
    """`features` are of sentences of one length, with no padding among them."""

    def alone(self, ids):
        return torch.cat([self.features(row[None, : row.count_nonzero()]) for row in ids])

    def forward(self, ids):
        return self.last(self.features(ids))

    def each(self, ids):
        return self.last(self.alone(ids))


class TextCNN(Text):
    """Kim's: 4 zeros before and after each sentence, and behind all but the longest some more."""

    def __init__(self, vocabulary, width):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width, padding_idx=0)
        self.convs = nn.ModuleList([nn.Conv1d(width, 100, k) for k in (3, 4, 5)])
        self.dropout = nn.Dropout(0.5)
        self.fc = nn.Linear(300, CLASSES)

    def features(self, ids):
        x = F.pad(self.embedding(ids).transpose(1, 2), (4, 4 + 1))
        return torch.cat([F.relu(convolution(x)).max(2).values for convolution in self.convs], 1)

    def last(self, features):
        return self.fc(self.dropout(features))


class TextRNN(Text):
    """Lai et al.'s equations (1) to (6), word by word."""

    def __init__(self, vocabulary, width, context=50):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width, padding_idx=0)
        self.rnn = nn.RNN(width, context, bias=False, batch_first=True, bidirectional=True)
        self.fc1 = nn.Linear(2 * context + width, 100)
        self.dropout = nn.Dropout(0.3)
        self.fc2 = nn.Linear(100, CLASSES)

    def contexts(self, words, word_matrix, context_matrix):
        contexts = [torch.zeros(len(words[0]), context_matrix.shape[0])]
        for word in words[:-1]:
            contexts.append(torch.tanh(word @ word_matrix.T + contexts[-1] @ context_matrix.T))
        return contexts

    def features(self, ids):
        words = list(self.embedding(ids).unbind(1))
        if torch.compiler.is_exporting():
            # As a user of nn.RNN writes it; of the order of words a plan knows nothing.
            left, right = self.rnn(torch.stack(words, 1))[0].chunk(2, 2)
        else:
            rnn = self.rnn
            left = torch.stack(self.contexts(words, rnn.weight_ih_l0, rnn.weight_hh_l0), 1)
            right = self.contexts(words[::-1], rnn.weight_ih_l0_reverse, rnn.weight_hh_l0_reverse)
            right = torch.stack(right[::-1], 1)
        x = torch.cat([left, torch.stack(words, 1), right], 2)
        return torch.tanh(self.fc1(x)).max(1).values

    def last(self, features):
        return self.fc2(self.dropout(features))


class TextLSTM(TextRNN):
    """The re-implementations' contexts."""

    def __init__(self, vocabulary, width, context=50):
        super().__init__(vocabulary, width, context)
        self.rnn = nn.LSTM(width, context, batch_first=True, bidirectional=True)

    def features(self, ids):
        words = self.embedding(ids)
        left, right = self.rnn(words)[0].chunk(2, 2)
        return torch.tanh(self.fc1(torch.cat([left, words, right], 2))).max(1).values


class Dropout(nn.Dropout):
    """Draws in the order of the sentences, while PyTorch's attention, which has words before sentences in memory, hands
    on a result in that order."""

    def forward(self, x):
        return super().forward(x.contiguous())


class Transformer(Text):
    def __init__(self, vocabulary, width, model_width, heads, layers):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width, padding_idx=0)
        if model_width != width:
            self.projection = nn.Linear(width, model_width)
        self.dropout = nn.Dropout(0.1)
        layer = nn.TransformerEncoderLayer(model_width, heads, 4 * model_width, dropout=0.1, batch_first=True)
        layer.dropout1 = Dropout(0.1)
        self.encoder = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.fc = nn.Linear(model_width, CLASSES)
        self.width = model_width

    def positions(self, length):
        """As in PyTorch's own tutorial."""
        place = torch.arange(length).unsqueeze(1)
        rates = torch.exp(torch.arange(0, self.width, 2) * (-math.log(10000.0) / self.width))
        table = torch.zeros(length, self.width)
        table[:, 0::2] = torch.sin(place * rates)
        table[:, 1::2] = torch.cos(place * rates)
        return table

    def features(self, ids, padding=None):
        x = self.embedding(ids)
        if hasattr(self, "projection"):
            x = self.projection(x)
        x = self.dropout(x * math.sqrt(self.width) + self.positions(ids.shape[1]))
        x = self.encoder(x, src_key_padding_mask=padding)
        if padding is None:
            return x.mean(1)
        return x.masked_fill(padding.unsqueeze(2), 0).sum(1) / (~padding).sum(1, keepdim=True)

    def last(self, features):
        return self.fc(features)


def networks(vocabulary):
    return {
        "textcnn": lambda: TextCNN(vocabulary, 50),
        "textrnn": lambda: TextRNN(vocabulary, 50),
        "textrnn-lstm": lambda: TextLSTM(vocabulary, 50, 30),
        "transformer": lambda: Transformer(vocabulary, 50, 50, 5, 3),
        "transformer-projected": lambda: Transformer(vocabulary, 30, 48, 6, 2),
    }


def randomise(module):
    for name, tensor in module.named_parameters():
        if tensor.dim() > 1:
            nn.init.xavier_normal_(tensor)
        elif name.endswith(("norm1.weight", "norm2.weight")):
            nn.init.uniform_(tensor, 0.5, 1.5)
        else:
            nn.init.uniform_(tensor, -0.3, 0.3)
    with torch.no_grad():
        module.embedding.weight.normal_()
        module.embedding.weight[0] = 0


def optimizer(module):
    if isinstance(module, Transformer):
        return torch.optim.Adam(module.parameters(), lr=1e-3)
    return torch.optim.Adadelta(module.parameters(), lr=1.0, rho=0.9)


def training_logits(module, ids):
    return module.last(module.features(ids, ids == 0)) if isinstance(module, Transformer) else module.each(ids)


def steps(module, ids, labels):
    """Five steps, 8 of the 12 sentences each."""
    batches = torch.stack([torch.roll(torch.arange(len(ids)), 5 * step)[:8] for step in range(5)])
    torch.manual_seed(21)
    stepper, losses = optimizer(module), []
    for batch in batches:
        loss = F.cross_entropy(training_logits(module, ids[batch]), labels[batch])
        stepper.zero_grad()
        loss.backward()
        stepper.step()
        losses.append(loss.detach())
    return {"steps.batches": batches, "steps.losses": torch.stack(losses)}


def write(name, make, ids, folder):
    torch.manual_seed(20)
    module = make()
    randomise(module)
    tensors = {f"model.{key}": value.clone() for key, value in module.state_dict().items()}
    tensors["ids"] = ids
    tensors["labels"] = labels = torch.randint(0, CLASSES, (len(ids),))
    module.eval()
    # Where gradients are wanted, since elsewhere a Transformer's layers are one operation that shows no structure.
    tensors["logits.eval"] = module.each(ids).detach()
    torch.export.save(torch.export.export(module, (ids[[1, 9], :28],)), folder / f"{name}.pt2")
    module.train()
    torch.manual_seed(21)
    logits = training_logits(module, ids)
    F.cross_entropy(logits, labels).backward()
    tensors["logits.train"] = logits.detach()
    tensors |= {f"grad.{key}": value.grad for key, value in module.named_parameters()}
    tensors |= steps(module, ids, labels)
    order = {"parameters": "\n".join(key for key, _ in module.named_parameters())}
    save_file(tensors, folder / f"{name}.safetensors", metadata=order)


if __name__ == "__main__":
    logging.getLogger("torch.__trace").propagate = False
    warnings.simplefilter("ignore")
    ids, vocabulary = sentences()
    for name, make in networks(vocabulary).items():
        write(name, make, ids, pathlib.Path(sys.argv[1]))
