"""Recurrent classifiers: the gates of a cell are matrices of their own in one stacked weight."""

import torch
from torch import nn

from .case import Case, model, tokens


class Recurrent(nn.Module):
    def __init__(self, cell, vocabulary, width, layers, bidirectional, classes):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.rnn = cell(width, width, layers, batch_first=True, bidirectional=bidirectional)
        self.fc = nn.Linear(width * (2 if bidirectional else 1), classes)

    def forward(self, ids):
        outputs, _ = self.rnn(self.embedding(ids))
        return self.fc(outputs[:, -1])


def recurrent(cell, gates, full, bidirectional=False):
    vocabulary, width = (30000, 300) if full else (50, 12)
    module = Recurrent(cell, vocabulary, width, 2, bidirectional, 6)
    roles = {
        "embedding.weight": "embedding",
        "rnn.weight_ih_l0": ("hidden",) * gates,
        "rnn.weight_hh_l0": ("hidden",) * gates,
        "rnn.weight_ih_l1": ("hidden",) * gates,
        "rnn.bias_ih_l0": "bias",
        "rnn.bias_hh_l1": "bias",
        "fc.weight": "hidden",
    }
    unreached = {}
    if bidirectional:
        names = ("ih_l0", "hh_l0", "ih_l1", "hh_l1")
        roles |= {f"rnn.weight_{name}_reverse": ("hidden",) * gates for name in names}
        unreached["rnn.weight_hh_l1_reverse"] = (
            "of the last output the way back has taken one step, from a state of zero"
        )
    return Case(
        module, lambda: {"ids": tokens(vocabulary, 9)}, 0, roles, kept=("embedding.weight",), learning_rate=0.1,
        unreached=unreached,
    )  # fmt: skip


@model("lstm", full=True)
def lstm(full):
    return recurrent(nn.LSTM, 4, full)


@model("gru", full=True)
def gru(full):
    return recurrent(nn.GRU, 3, full)


@model("lstm-bidirectional")
def lstm_bidirectional(full):
    return recurrent(nn.LSTM, 4, full, bidirectional=True)


class Sensor(nn.Module):
    """No embedding: the LSTM's own input weights are the first."""

    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(5, 12, batch_first=True)
        self.fc = nn.Linear(12, 3)

    def forward(self, x):
        return self.fc(self.rnn(x)[0].mean(1))


@model("lstm-sensor")
def lstm_sensor(full):
    roles = {"rnn.weight_ih_l0": ("first",) * 4, "rnn.weight_hh_l0": ("hidden",) * 4, "fc.weight": "hidden"}
    return Case(Sensor(), lambda: {"x": torch.randn(2, 9, 5)}, 0, roles, learning_rate=0.1)
