"""BERT of `transformers` beside the Swift network: what `networks.py` writes for NetworksTests.

    bert/config.json, bert/model.safetensors   a checkpoint as `save_pretrained` writes it, of random weights
    bert.safetensors                           texts, the logits in evaluation, and in training (dropout by a seed) the
                                               logits, the loss and its gradients; the operations of a step
    bert.pt2                                   the model as torch.export saves it
"""

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch.utils.flop_counter import FlopCounterMode

SEED = 7

# "Before we proceed any further, hear me speak." / "You are all resolved rather to die than to famish?" and
# "We know't, we know't." / "Let us kill him, and we'll have corn at our own price." in bert-base-uncased's pieces.
TEXTS = [
    ([101, 2077, 2057, 10838, 2151, 2582, 1010, 2963, 2033, 3713, 1012, 102],
     [2017, 2024, 2035, 10395, 2738, 2000, 3280, 2084, 2000, 6904, 15630, 2232, 1029, 102]),
    ([101, 2057, 2113, 1005, 1056, 1010, 2057, 2113, 1005, 1056, 1012, 102],
     [2292, 2149, 3102, 2032, 1010, 1998, 2057, 1005, 2222, 2031, 9781, 2012, 2256, 2219, 3976, 1012, 102]),
]  # fmt: skip
LENGTH = 32
# Places to predict, filled up with 0, and what stands there.
POSITIONS = [[2, 7, 15, 0], [1, 9, 13, 25]]
MASKED = 103


def texts():
    ids, segments, mask, labels = [], [], [], []
    for (first, second), positions in zip(TEXTS, POSITIONS, strict=True):
        row = first + second
        filling = LENGTH - len(row)
        labels.append([row[place] if place else -100 for place in positions])
        ids.append([MASKED if place in positions and place else piece for place, piece in enumerate(row)] + [0] * filling)
        segments.append([0] * len(first) + [1] * len(second) + [0] * filling)
        mask.append([1] * len(row) + [0] * filling)
    return {
        "ids": torch.tensor(ids), "segments": torch.tensor(segments), "mask": torch.tensor(mask),
        "positions": torch.tensor(POSITIONS), "labels": torch.tensor(labels), "next": torch.tensor([0, 1]),
    }  # fmt: skip


def randomise(model):
    """No number that a mistake could hide behind: biases are not 0, normalisations not 1 and 0."""
    for name, parameter in model.named_parameters():
        if "LayerNorm.weight" in name:
            torch.nn.init.uniform_(parameter, 0.5, 1.5)
        elif parameter.dim() == 1:
            torch.nn.init.uniform_(parameter, -0.3, 0.3)
        else:
            torch.nn.init.normal_(parameter, std=0.2 if "embeddings" in name else parameter.shape[1] ** -0.5)


def write(folder):
    from transformers import BertConfig, BertForPreTraining

    torch.manual_seed(21)
    config = BertConfig(
        hidden_size=64, num_hidden_layers=2, num_attention_heads=4, intermediate_size=128, max_position_embeddings=40
    )
    model = BertForPreTraining(config)
    randomise(model)
    model.save_pretrained(folder / "bert")
    tensors = texts()
    inputs = {
        "input_ids": tensors["ids"], "attention_mask": tensors["mask"], "token_type_ids": tensors["segments"]
    }  # fmt: skip

    model.eval()
    with torch.no_grad():
        output = model(**inputs)
        tensors["words.eval"], tensors["next.eval"] = output.prediction_logits, output.seq_relationship_logits
        tensors["plain.eval"] = model(tensors["ids"]).prediction_logits.clone()
    torch.export.save(torch.export.export(model, (), inputs), folder / "bert.pt2")

    # The same weights, with attention in single operations: the fused one draws its dropout in another way.
    model = BertForPreTraining.from_pretrained(folder / "bert", attn_implementation="eager")
    model.train()
    torch.manual_seed(SEED)
    output = model(**inputs)
    places = tensors["positions"] + torch.arange(len(POSITIONS))[:, None] * LENGTH
    words = output.prediction_logits.flatten(0, 1)[places.flatten()]
    loss = F.cross_entropy(words, tensors["labels"].flatten()) + F.cross_entropy(
        output.seq_relationship_logits, tensors["next"]
    )
    loss.backward()
    tensors["words.train"], tensors["next.train"] = words.detach(), output.seq_relationship_logits.detach()
    tensors["loss"] = loss.detach()
    tensors |= {f"grad.{name}": parameter.grad.clone() for name, parameter in model.named_parameters()}
    with FlopCounterMode(display=False) as counter:
        model(**inputs, labels=tensors["ids"], next_sentence_label=tensors["next"]).loss.backward()
    tensors["flops"] = torch.tensor(counter.get_total_flops())
    tensors |= {f"shape.{name}": torch.tensor(value.shape) for name, value in model.state_dict().items()}
    order = {"parameters": "\n".join(model.state_dict()), "seed": str(SEED)}
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, folder / "bert.safetensors", order)
