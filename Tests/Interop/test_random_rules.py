"""Rules that PyTorch has too: the same distribution as torch.nn.init's, and the tests can tell another from it."""

import math

import pytest
import torch

SHAPES = [(400, 300), (64, 32, 3, 3), (50, 20, 9)]


def ks(a, b):
    """Two-sample Kolmogorov-Smirnov distance, in units of its 0.0001 quantile (above 1: not the same)."""
    a, b = (t.double().flatten().sort().values for t in (a, b))
    both = torch.cat([a, b])
    distance = (
        torch.searchsorted(a, both, right=True) / len(a) - torch.searchsorted(b, both, right=True) / len(b)
    ).abs().max().item()
    quantile = math.sqrt(-math.log(0.0001 / 2) / 2) * math.sqrt((len(a) + len(b)) / (len(a) * len(b)))
    return distance / quantile


def torchs(function, shape, *arguments, **keywords):
    """torch.nn.init's weight of this shape."""
    torch.manual_seed(1234)
    return getattr(torch.nn.init, function)(torch.empty(shape), *arguments, **keywords)


CASES = {
    "xavier-uniform": (["--gain", 1.5], lambda s: torchs("xavier_uniform_", s, gain=1.5)),
    "xavier-normal": ([], lambda s: torchs("xavier_normal_", s)),
    "kaiming-uniform": (
        ["--mode", "fan_out", "--nonlinearity", "relu"],
        lambda s: torchs("kaiming_uniform_", s, mode="fan_out", nonlinearity="relu"),
    ),
    "kaiming-normal": (
        ["--nonlinearity", "leaky_relu", "--negative-slope", 0.5], lambda s: torchs("kaiming_normal_", s, a=0.5)
    ),
    "torch-default": ([], lambda s: torchs("kaiming_uniform_", s, a=math.sqrt(5))),
    "normal": (["--mean", 0.1, "--std", 0.02], lambda s: torchs("normal_", s, 0.1, 0.02)),
    "uniform": (["--low", -0.3, "--high", 0.1], lambda s: torchs("uniform_", s, -0.3, 0.1)),
    "truncated-normal": (
        ["--std", 0.5, "--low", -0.4, "--high", 0.8], lambda s: torchs("trunc_normal_", s, 0, 0.5, -0.4, 0.8)
    ),
}


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("rule", CASES)
def test_distribution(show, rule, shape):
    options, make = CASES[rule]
    ours, theirs = show(rule, shape, *options), make(shape)
    n = ours.numel()
    assert ours.shape == theirs.shape and ours.dtype == theirs.dtype
    # Uniform distributions end where PyTorch's do; the outermost of n draws is this close to the bound.
    if "uniform" in rule or rule == "torch-default":
        width = (theirs.max() - theirs.min()).item()
        assert abs(ours.max() - theirs.max()) < 20 * width / n and abs(ours.min() - theirs.min()) < 20 * width / n
    # Five standard errors of the difference of two standard deviations; kurtosis is at most 3.
    assert abs(ours.std() / theirs.std() - 1) < 5 / math.sqrt(n)
    assert abs(ours.mean() - theirs.mean()) < 5 * theirs.std() * math.sqrt(2 / n)
    assert ks(ours, theirs) < 1
    # The control: 5 % off is seen.
    if n > 20_000 or "uniform" in rule:
        assert ks(ours * 1.05, theirs) > 1 or abs(ours.std() * 1.05 / theirs.std() - 1) > 5 / math.sqrt(n)


def test_truncation_at_standard_deviations(show):
    w = show("truncated-normal", (500, 400), "--std", 0.02, "--mean", 0.01)
    assert w.min() >= 0.01 - 0.04 and w.max() <= 0.01 + 0.04
    assert ks(w, torchs("trunc_normal_", (500, 400), 0.01, 0.02, 0.01 - 0.04, 0.01 + 0.04)) < 1
    # 0.8796 is the standard deviation that ±2 leaves of 1.
    assert abs(w.std() / 0.02 - 0.87962566) < 5 * 0.88 / math.sqrt(2 * w.numel())


@pytest.mark.parametrize("shape", [(64, 64), (30, 200), (200, 30), (16, 8, 3, 3), (1, 5), (5, 1)], ids=str)
def test_orthogonal(show, shape):
    w = show("orthogonal", shape, "--gain", 1.5, "--dtype", "float64").flatten(1)
    product = w @ w.T if w.shape[0] <= w.shape[1] else w.T @ w
    assert torch.allclose(product, 2.25 * torch.eye(len(product), dtype=torch.float64), atol=1e-5)
    # Haar: entries of a large orthogonal matrix are spread as PyTorch's are.
    if w.numel() > 4000:
        assert ks(w, 1.5 * torchs("orthogonal_", shape).flatten(1)) < 1


def test_seeds(show):
    a, b, c = (show("normal", (100, 100), "--seed", seed) for seed in (0, 0, 1))
    assert torch.equal(a, b) and not torch.equal(a, c)
    # Two seeds are independent: their correlation is within five standard errors of 0.
    assert abs((a * c).mean()) < 5 / 100
