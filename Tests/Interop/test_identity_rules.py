"""IDI, IDIC, IDIZ, IDIZC: what real PyTorch loads equals an implementation of its own, element by element."""

import itertools
import math

import pytest
import torch
from conftest import show_json
from reference import idi, idiz, kernel

MATRICES = [
    (6, 4), (4, 6), (5, 5), (1, 1), (1, 7), (7, 1), (2, 1), (4, 7), (4, 8), (4, 9), (4, 10),
    (13, 3), (3, 13), (17, 19), (19, 17), (64, 256), (256, 64), (97, 101), (1000, 512),
]  # fmt: skip
KERNELS = [
    (8, 2, 3, 3), (4, 3, 5), (20, 1, 3, 3), (3, 4, 2, 3, 2), (2, 2, 1, 1), (40, 3, 2, 2), (16, 16, 3, 3),
    (64, 3, 7, 7), (5, 7, 1, 3), (11, 13, 5), (8, 8, 2, 2, 2), (100, 1, 1, 1, 3),
]  # fmt: skip
ORDERS = ["channel-first", "window-first"]


def order_flag(shape, order):
    """Where the order makes no difference, giving it is an error."""
    return ["--column-order", order] if shape[1] > 1 and math.prod(shape[2:]) > 1 else []


@pytest.mark.parametrize("shape", MATRICES)
def test_idi(show, shape):
    w = show("idi", shape, "--gain", 1.414, "--looseness", 0)
    assert w.dtype == torch.float32 and tuple(w.shape) == shape
    assert torch.equal(w, idi(*shape, 1.414).float())


@pytest.mark.parametrize("shape", MATRICES)
def test_idiz(show, shape):
    assert torch.equal(show("idiz", shape), idiz(*shape).float())
    assert torch.equal(show("idiz", shape, "--epsilon", 0.5), idiz(*shape, 0.5).float())


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("shape", KERNELS)
def test_idic_and_idizc(show, shape, order):
    columns = math.prod(shape[1:])
    w = show("idic", shape, "--looseness", 0, *order_flag(shape, order))
    assert torch.equal(w, kernel(idi(shape[0], columns), shape, order).float())
    w = show("idizc", shape, *order_flag(shape, order))
    assert torch.equal(w, kernel(idiz(shape[0], columns), shape, order).float())


@pytest.mark.parametrize("shape", [(2000, 300), (300, 2000), (4096, 9)])
def test_looseness_is_normal_noise_on_the_non_zeros(show, shape):
    std = 0.01
    w = show("idi", shape, "--looseness", std, "--dtype", "float64", "--seed", 5)
    mask = idi(*shape) != 0
    assert torch.equal(w != 0, mask)
    noise = w[mask] - 1
    n = noise.numel()
    # Four standard errors of the mean and of the standard deviation of n normal draws.
    assert abs(noise.mean()) < 4 * std / math.sqrt(n)
    assert abs(noise.std() - std) < 4 * std / math.sqrt(2 * n)
    # The default is a millionth.
    assert 0 < (show("idi", shape, "--dtype", "float64")[mask] - 1).abs().max() < 6e-6


def test_centre_tap_and_partial_identity(show):
    for shape in [(4, 2, 3, 3), (2, 4, 5), (6, 6, 3, 3, 3), (3, 5, 4, 4)]:
        out, channels, *window = shape
        expected = torch.zeros(shape)
        expected[(slice(None), slice(None), *(k // 2 for k in window))] = idi(out, channels).float()
        assert torch.equal(show("centre-tap", shape, "--looseness", 0), expected)
        # torch.nn.init.dirac_ stops after min(out, in) rows, as the partial identity does.
        assert torch.equal(show("partial-identity", shape), torch.nn.init.dirac_(torch.empty(shape)))


DTYPES = ["float32", "float64", "float16", "bfloat16"]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("rule", ["idi", "idiz", "normal", "xavier-uniform", "kaiming-normal"])
def test_dtypes_hold_the_nearest_numbers(show, rule, dtype):
    """16-bit files are PyTorch's cast of the 64-bit ones: one rounding, ties to even."""
    options = {"idi": ["--gain", 1.1, "--looseness", 0.3], "idiz": ["--epsilon", 3e-5]}.get(rule, [])
    shape = (37, 41)
    w = show(rule, shape, *options, "--dtype", dtype)
    assert w.dtype == getattr(torch, dtype)
    if dtype in ("float16", "bfloat16"):
        single = show(rule, shape, *options)
        # The rule may compute beyond single precision and round once; then the single-precision file is at most
        # half a spacing of its own away, and the cast differs only where that crosses the middle between two numbers.
        different = (w != single.to(w.dtype)).sum().item()
        assert different <= 1, f"{different} of {w.numel()}"
    assert torch.allclose(w.double(), show(rule, shape, *options, "--dtype", "float64"), rtol=2**-8, atol=1e-7)


@pytest.mark.parametrize("dtype", DTYPES)
def test_json_and_file_hold_the_same_numbers(show, dtype):
    for rule, shape in [("idi", (6, 4)), ("normal", (3, 5)), ("idic", (4, 2, 3, 3))]:
        shown = show_json(rule, shape, "--dtype", dtype)
        w = show(rule, shape, "--dtype", dtype)
        assert shown["rule"] == rule and shown["dtype"] == dtype and shown["shape"] == list(shape)
        assert shown["values"] == w.flatten().tolist()


def test_a_residual_block_starts_as_the_identity(show):
    """What the rules are for: x + IDIZ(relu(IDI(x))) is x to about 1e-6, and gradients reach both weights."""
    first, last = (show(rule, (64, 64)).requires_grad_() for rule in ("idi", "idiz"))
    x = torch.randn(32, 64, generator=torch.Generator().manual_seed(0))
    y = x + torch.relu(x @ first.T) @ last.T
    assert (y - x).abs().max() < 1e-5
    y.square().sum().backward()
    assert (last.grad != 0).all() and (first.grad != 0).any()
