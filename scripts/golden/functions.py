"""Values and gradients of torch.nn.functional, and random numbers, for TorchTests.

    .deps/venv/bin/python scripts/golden/functions.py

Every case has named inputs, all values of the formula v[i] = sin(a i + b), a result, and the gradients of
Σ result · cos(0.3 i) with respect to the inputs that are differentiable.
"""

import json
import math
import pathlib

import torch
import torch.nn.functional as F


def tensor(shape, a, b, grad=True):
    count = math.prod(shape)
    values = torch.tensor([math.sin(a * i + b) for i in range(count)], dtype=torch.float64)
    return values.float().reshape(shape).requires_grad_(grad)


def recurrent(gates, layers, directions, biased):
    """The inputs of a recurrent layer: 3 features in, a state of 4, and weights w0, w1, … in PyTorch's order."""
    shapes = []
    for layer in range(layers):
        for _ in range(directions):
            shapes += [[4 * gates, 4 * directions if layer else 3], [4 * gates, 4]] + [[4 * gates]] * (2 * biased)
    specs = dict(x=([2, 5, 3], 0.9, 0.1), state=([layers * directions, 2, 4], 0.6, 0.4))
    specs |= {f"w{i}": (shape, 0.7 + 0.1 * i, 0.2) for i, shape in enumerate(shapes)}
    return specs


def weights(given):
    return [given[f"w{i}"] for i in range(len(given)) if f"w{i}" in given]


def joined(tensors):
    """The sequence's output and the last states behind it, one after another."""
    return torch.cat([tensor.flatten() for tensor in tensors])


def inputs(**specs):
    return {name: tensor(*spec) for name, spec in specs.items()}


CLASSES = torch.tensor([2, 0, 1, 2])

CASES = {
    "linear": (
        dict(x=([4, 5], 0.9, 0.1), weight=([3, 5], 0.7, 0.2), bias=([3], 1.1, 0.3)),
        lambda x, weight, bias: F.linear(x, weight, bias),
    ),
    "conv1d": (
        dict(x=([2, 4, 9], 0.9, 0.1), weight=([6, 2, 3], 0.7, 0.2), bias=([6], 1.1, 0.3)),
        lambda x, weight, bias: F.conv1d(x, weight, bias, stride=2, padding=1, groups=2),
    ),
    "conv2d": (
        dict(x=([2, 3, 6, 5], 0.9, 0.1), weight=([4, 3, 3, 3], 0.7, 0.2), bias=([4], 1.1, 0.3)),
        lambda x, weight, bias: F.conv2d(x, weight, bias, stride=2, padding=2, dilation=2),
    ),
    "conv3d": (
        dict(x=([1, 2, 4, 4, 4], 0.9, 0.1), weight=([3, 2, 2, 2, 2], 0.7, 0.2), bias=([3], 1.1, 0.3)),
        lambda x, weight, bias: F.conv3d(x, weight, bias, padding=1),
    ),
    "conv_transpose2d": (
        dict(x=([2, 3, 3, 3], 0.9, 0.1), weight=([3, 4, 3, 3], 0.7, 0.2), bias=([4], 1.1, 0.3)),
        lambda x, weight, bias: F.conv_transpose2d(x, weight, bias, stride=2, padding=1, output_padding=1),
    ),
    "batch_norm": (
        dict(x=([4, 3, 2, 2], 0.9, 0.1), weight=([3], 0.7, 1.2), bias=([3], 1.1, 0.3)),
        lambda x, weight, bias: F.batch_norm(x, None, None, weight, bias, training=True),
    ),
    "layer_norm": (
        dict(x=([4, 2, 3], 0.9, 0.1), weight=([2, 3], 0.7, 1.2), bias=([2, 3], 1.1, 0.3)),
        lambda x, weight, bias: F.layer_norm(x, [2, 3], weight, bias),
    ),
    "group_norm": (
        dict(x=([2, 4, 3], 0.9, 0.1), weight=([4], 0.7, 1.2), bias=([4], 1.1, 0.3)),
        lambda x, weight, bias: F.group_norm(x, 2, weight, bias),
    ),
    "relu": (dict(x=([12], 0.9, 0.1)), lambda x: F.relu(x)),
    "leaky_relu": (dict(x=([12], 0.9, 0.1)), lambda x: F.leaky_relu(x, 0.2)),
    "gelu": (dict(x=([12], 0.9, 0.1)), lambda x: F.gelu(3 * x)),
    "gelu_tanh": (dict(x=([12], 0.9, 0.1)), lambda x: F.gelu(3 * x, approximate="tanh")),
    "tanh": (dict(x=([12], 0.9, 0.1)), lambda x: torch.tanh(x)),
    "sigmoid": (dict(x=([12], 0.9, 0.1)), lambda x: torch.sigmoid(x)),
    "silu": (dict(x=([12], 0.9, 0.1)), lambda x: F.silu(x)),
    "softplus": (dict(x=([12], 0.9, 0.1)), lambda x: F.softplus(x)),
    "softmax": (dict(x=([3, 4], 0.9, 0.1)), lambda x: F.softmax(x, 0)),
    "log_softmax": (dict(x=([3, 4], 0.9, 0.1)), lambda x: F.log_softmax(x, -1)),
    "max_pool2d": (dict(x=([2, 2, 5, 5], 0.9, 0.1)), lambda x: F.max_pool2d(x, 3, stride=2, padding=1)),
    "avg_pool2d": (
        dict(x=([2, 2, 5, 5], 0.9, 0.1)),
        lambda x: F.avg_pool2d(x, 3, stride=2, padding=1, count_include_pad=False),
    ),
    "avg_pool1d": (dict(x=([2, 2, 7], 0.9, 0.1)), lambda x: F.avg_pool1d(x, 2)),
    "adaptive_avg_pool2d": (dict(x=([2, 2, 5, 7], 0.9, 0.1)), lambda x: F.adaptive_avg_pool2d(x, (2, 3))),
    "pad_constant": (dict(x=([2, 3, 3], 0.9, 0.1)), lambda x: F.pad(x, (1, 2, 0, 1), value=0.5)),
    "pad_reflect": (dict(x=([2, 3, 3], 0.9, 0.1)), lambda x: F.pad(x, (1, 2), mode="reflect")),
    "pad_circular": (dict(x=([2, 3, 3], 0.9, 0.1)), lambda x: F.pad(x, (1, 2), mode="circular")),
    "embedding": (
        dict(weight=([4, 3], 0.7, 0.2)),
        lambda weight: F.embedding(torch.tensor([[2, 0, 1], [2, 2, 3]]), weight, padding_idx=0),
    ),
    "attention": (
        dict(query=([1, 2, 3, 4], 0.9, 0.1), key=([1, 2, 3, 4], 0.7, 0.2), value=([1, 2, 3, 4], 1.1, 0.3)),
        lambda query, key, value: F.scaled_dot_product_attention(query, key, value, is_causal=True),
    ),
    "rnn": (
        recurrent(1, 1, 2, False),
        lambda x, state, **w: joined(torch.rnn_tanh(x, state, weights(w), False, 1, 0.0, True, True, True)),
    ),
    "gru": (
        recurrent(3, 2, 1, True),
        lambda x, state, **w: joined(torch.gru(x, state, weights(w), True, 2, 0.0, True, False, True)),
    ),
    "lstm": (
        dict(recurrent(4, 2, 2, True), cell=([4, 2, 4], 0.8, 0.3)),
        lambda x, state, cell, **w: joined(torch.lstm(x, [state, cell], weights(w), True, 2, 0.0, True, True, True)),
    ),
    "cross_entropy": (dict(logits=([4, 3], 0.9, 0.1)), lambda logits: F.cross_entropy(logits, CLASSES)),
    "cross_entropy_smoothed": (
        dict(logits=([4, 3], 0.9, 0.1)),
        lambda logits: F.cross_entropy(logits, CLASSES, label_smoothing=0.1, reduction="sum"),
    ),
    "mse": (dict(x=([4, 3], 0.9, 0.1), target=([4, 3], 0.7, 0.2)), lambda x, target: F.mse_loss(x, target)),
    "bce": (
        dict(logits=([4, 3], 0.9, 0.1)),
        lambda logits: F.binary_cross_entropy_with_logits(logits, torch.full((4, 3), 0.3)),
    ),
}


def run(specs, function):
    given = inputs(**specs)
    out = function(**given)
    weights = torch.tensor([math.cos(0.3 * i) for i in range(out.numel())], dtype=torch.float64).float()
    (out.flatten() * weights).sum().backward()
    return dict(
        inputs={name: dict(shape=shape, a=a, b=b) for name, (shape, a, b) in specs.items()},
        shape=list(out.shape),
        output=out.detach().flatten().tolist(),
        gradients={name: t.grad.flatten().tolist() for name, t in given.items()},
    )


def random():
    """The first numbers of generators, as bit patterns so that nothing is rounded."""
    bits = lambda t: t.view(torch.int32).tolist()
    out = {}
    for seed in [0, 7, 2**40 + 1]:
        g = lambda: torch.Generator().manual_seed(seed)
        small, large = torch.randn(10, generator=g()), torch.randn(64, generator=g())
        out[str(seed)] = dict(
            randn10=bits(small), randn64=bits(large), rand10=bits(torch.rand(10, generator=g())),
            randperm20=torch.randperm(20, generator=g()).tolist(),
            randint10=torch.randint(0, 1000, (10,), generator=g()).tolist(),
        )
    torch.manual_seed(7)
    out["dropout"] = bits(F.dropout(torch.ones(32), 0.25))  # PyTorch's own takes no generator: the global one
    return out


def main():
    torch.set_num_threads(1)
    folder = pathlib.Path(__file__).resolve().parents[2] / "Tests/Fixtures/torch"
    folder.mkdir(parents=True, exist_ok=True)
    common = dict(torch=torch.__version__, script="scripts/golden/functions.py")
    cases = {name: run(*case) for name, case in CASES.items()}
    (folder / "functions.json").write_text(json.dumps(dict(common, cases=cases), sort_keys=True) + "\n")
    (folder / "random.json").write_text(json.dumps(dict(common, seeds=random()), sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
