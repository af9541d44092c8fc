"""PyTorch's side of the BERT training benchmark: the small BERT of Figure 9.

Reads lines `eager N` or `gathered N` from standard input, runs N training steps of `transformers`' BertForPreTraining
(4 layers of width 256, batch 32, texts of 64 pieces, 10 hidden, dropout 0.1, AdamW) that way and answers each with the
seconds they took. `eager` is the model as it is, which predicts every place of a text; `gathered` takes the hidden places
first, as BERT's own code does and as ours does. Texts are drawn by index from pieces without meaning; some are filled up.

usage: bert.py THREADS
"""

import os
import time

import torch
from torch.nn import functional

from peer import serve

BATCH, TEXTS, LENGTH, PREDICTIONS, VOCABULARY = 32, 2560, 64, 10, 30522


class Trainer:
    def __init__(self, gathered):
        os.environ["HF_HUB_OFFLINE"] = "1"
        from transformers import BertConfig, BertForPreTraining

        torch.manual_seed(0)
        config = BertConfig(
            hidden_size=256, num_hidden_layers=4, num_attention_heads=4, intermediate_size=1024,
            max_position_embeddings=LENGTH,
        )  # fmt: skip
        self.model = BertForPreTraining(config).train()
        decayed = [p for p in self.model.parameters() if p.dim() > 1]
        others = [p for p in self.model.parameters() if p.dim() < 2]
        self.optimizer = torch.optim.AdamW(
            [{"params": decayed, "weight_decay": 1e-2}, {"params": others, "weight_decay": 0.0}], lr=1e-4
        )
        self.loss = self.gathered if gathered else self.plain
        self.ids = torch.randint(1, VOCABULARY, (TEXTS, LENGTH))
        # Every eighth text is half as long.
        self.mask = torch.ones_like(self.ids)
        self.mask[::8, LENGTH // 2 :] = 0
        self.segments = (torch.arange(LENGTH) >= LENGTH // 4).long().expand(TEXTS, LENGTH) * self.mask
        self.positions = torch.arange(1, 1 + 3 * PREDICTIONS, 3).expand(TEXTS, PREDICTIONS)
        self.next = torch.arange(TEXTS) % 2
        self.labels = torch.full_like(self.ids, -100).scatter(1, self.positions, self.ids.gather(1, self.positions))

    def plain(self, index):
        return self.model(
            input_ids=self.ids[index], token_type_ids=self.segments[index], attention_mask=self.mask[index],
            labels=self.labels[index], next_sentence_label=self.next[index],
        ).loss  # fmt: skip

    def gathered(self, index):
        ids, positions = self.ids[index], self.positions[index]
        hidden, pooled = self.model.bert(
            ids, token_type_ids=self.segments[index], attention_mask=self.mask[index], return_dict=False
        )
        places = (positions + torch.arange(len(index))[:, None] * LENGTH).flatten()
        words = self.model.cls.predictions(hidden.flatten(0, 1)[places])
        labels = self.labels[index].flatten()[places]
        next_text = self.model.cls.seq_relationship(pooled)
        return functional.cross_entropy(words, labels) + functional.cross_entropy(next_text, self.next[index])

    def run(self, steps):
        order = torch.randperm(TEXTS)
        start = time.perf_counter()
        for step in range(steps):
            first = step * BATCH % TEXTS
            loss = self.loss(order[first : first + BATCH])
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            loss.item()  # looked at in every step, as ours is
        return time.perf_counter() - start


def main():
    serve(lambda way: Trainer(gathered=way == "gathered"))


if __name__ == "__main__":
    main()
