"""`--method pytorch` against the layers themselves: the same bounds, the same spread, and zeros where they have zeros."""

import math

import pytest
import safetensors.torch
import torch
from checks import plan
from conftest import run
from torch import nn

WIDTH, HEADS, HIDDEN = 64, 4, 48


class Attention(nn.Module):
    def __init__(self, **options):
        super().__init__()
        self.attn = nn.MultiheadAttention(WIDTH, HEADS, batch_first=True, **options)
        self.fc = nn.Linear(WIDTH, 8)
        self.sizes = options.get("kdim", WIDTH), options.get("vdim", WIDTH)

    def forward(self, x):
        key, value = (torch.cat([x, x], -1)[..., :size] for size in self.sizes)
        return self.fc(x + self.attn(x, key, value, need_weights=False)[0])


class Recurrent(nn.Module):
    def __init__(self, cell, **options):
        super().__init__()
        self.rnn = cell(32, HIDDEN, **options)
        width = (options.get("proj_size") or HIDDEN) * (2 if options.get("bidirectional") else 1)
        self.fc = nn.Linear(width, 8)

    def forward(self, x):
        return self.fc(self.rnn(x)[0])


class Cells(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second, self.fc = nn.LSTMCell(32, HIDDEN), nn.GRUCell(HIDDEN, HIDDEN), nn.Linear(HIDDEN, 8)

    def forward(self, x):
        return self.fc(self.second(self.first(x)[0]))


class Written(nn.Module):
    """An attention of plain linear layers, one of them packed: no layer of PyTorch's but nn.Linear."""

    def __init__(self):
        super().__init__()
        self.qkv, self.out, self.fc = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, 8)

    def forward(self, x):
        q, k, v = self.qkv(x).chunk(3, -1)
        return self.fc(x + self.out(nn.functional.scaled_dot_product_attention(q, k, v)))


def sequences():
    return (torch.randn(2, 5, WIDTH),)


def steps():
    return (torch.randn(5, 2, 32),)


MODELS = {
    "attention": (Attention, sequences),
    "attention-separate": (lambda: Attention(kdim=48, vdim=80), sequences),
    "attention-bias-kv": (lambda: Attention(add_bias_kv=True), sequences),
    "encoder-layer": (lambda: nn.TransformerEncoderLayer(WIDTH, HEADS, 96, batch_first=True), sequences),
    "transformer": (
        lambda: nn.Transformer(WIDTH, HEADS, 1, 1, 96, batch_first=True), lambda: (*sequences(), *sequences()),
    ),
    "written": (Written, sequences),
    "lstm": (lambda: Recurrent(nn.LSTM, num_layers=2, bidirectional=True), steps),
    "lstm-projected": (lambda: Recurrent(nn.LSTM, num_layers=2, proj_size=20), steps),
    "gru": (lambda: Recurrent(nn.GRU), steps),
    "rnn": (lambda: Recurrent(nn.RNN, bidirectional=True), steps),
    "cells": (Cells, lambda: (torch.randn(4, 32),)),
}  # fmt: skip


def export(name, folder, decomposed):
    build, inputs = MODELS[name]
    program = torch.export.export(build(), inputs())
    path = folder / "model.pt2"
    torch.export.save(program.run_decompositions() if decomposed else program, path)
    return path


def drawn(name, times=12):
    """What the layers really draw: every parameter of so many models, side by side."""
    states = []
    for seed in range(times):
        torch.manual_seed(seed)
        states.append(dict(MODELS[name][0]().named_parameters()))
    return {key: torch.stack([state[key].detach() for state in states]).double() for key in states[0]}


def bounds(model):
    """Name -> the bound that PyTorch's documentation gives of a parameter's uniform distribution."""
    found = {}
    for prefix, module in model.named_modules():
        for name, parameter in module.named_parameters(recurse=False):
            key = f"{prefix}.{name}" if prefix else name
            xavier = parameter.dim() == 2 and math.sqrt(6 / sum(parameter.shape))
            if parameter.dim() == 2 and (
                isinstance(model, nn.Transformer) or isinstance(module, nn.MultiheadAttention)
            ):
                found[key] = xavier
            elif isinstance(module, nn.Linear):
                found[key] = 1 / math.sqrt(module.in_features)
            elif isinstance(module, (nn.RNNBase, nn.RNNCellBase)):
                found[key] = 1 / math.sqrt(module.hidden_size)
    return found


# Two samples of n numbers each: the ratio of their standard deviations has a standard error of at most √(2 / 2n), which
# is a normal distribution's; a uniform one's is smaller.
def tolerance(count):
    return 5 / math.sqrt(count)


@pytest.mark.parametrize("decomposed", [False, True], ids=["as exported", "decomposed"])
@pytest.mark.parametrize("name", MODELS)
def test_bounds_and_spread_are_the_layers_own(name, decomposed, tmp_path):
    path, file = export(name, tmp_path, decomposed), tmp_path / "w.safetensors"
    theirs, known = drawn(name), bounds(MODELS[name][0]())
    ours = {key: [] for key in theirs}
    for seed in range(12):
        run("init", path, "-o", file, "--method", "pytorch", "--seed", seed, "-q")
        for key, tensor in safetensors.torch.load_file(file).items():
            ours[key].append(tensor.double())
    for key, expected in theirs.items():
        mine = torch.stack(ours[key])
        if expected.std() == 0:  # zeros, and what norms start from
            assert torch.equal(mine, expected), key
            continue
        assert abs(mine.std() / expected.std() - 1) < tolerance(mine.numel()), key
        if key.startswith("attn.bias_"):
            continue  # normal, without a bound
        for sample in (mine, expected):
            assert sample.abs().max() <= known[key] * (1 + 1e-6), key
            # Of n draws the largest is this far below the bound once in e^20 times.
            assert sample.abs().max() > known[key] * (1 - 20 / sample.numel()), key


def test_a_scale_wrong_by_five_percent_is_seen():
    """The power of the test above for a weight of 64 × 48, twelve times."""
    assert tolerance(12 * 64 * 48) < 0.05


def test_gates_are_identities_of_their_own(tmp_path):
    """Whatever the export: 4 (3) blocks of IDI, of the input's weight and of the state's."""
    for name, gates in {"lstm": 4, "lstm-projected": 4, "gru": 3, "cells": None}.items():
        for decomposed in (False, True):
            path = export(name, tmp_path, decomposed)
            run("init", path, "-o", tmp_path / "w.safetensors", "-q")
            weights = safetensors.torch.load_file(tmp_path / "w.safetensors")
            reasons = {p["name"]: p["reason"] for p in plan(path)["parameters"]}
            for key, weight in weights.items():
                if "weight_ih" not in key and "weight_hh" not in key:
                    continue
                count = gates or (4 if key.startswith("first") else 3)
                assert f"{count} gates in one matrix; each by itself" in reasons[key], (name, decomposed, key)
                for gate in weight.chunk(count):
                    rows, columns = gate.shape
                    expected = torch.arange(rows)[:, None] % columns == torch.arange(columns)[None, :]
                    assert torch.equal(gate != 0, expected), (name, decomposed, key)
