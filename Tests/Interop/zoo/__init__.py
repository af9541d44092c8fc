"""Real models, built with random weights and nothing downloaded: one file a family, one function a model.

    zoo.build("gpt2")                      a Case: the module, inputs for it, and facts written down by hand
    zoo.export(zoo.build("gpt2"))          torch.export's program of it
    python -m zoo gpt2 --out DIR           the same as DIR/gpt2.pt2

Each has a small size, which exports and trains in seconds; those in `FULL` also have the size that the literature
calls by that name. Those that come from `transformers` need it; the rest are plain PyTorch.
"""

import contextlib
import copy

import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from . import convolutional, decoders, encoders, plain, recurrent, scalars, seq2seq, vision  # noqa: F401
from .case import FULL, ZOO, Case  # noqa: F401


def names(full=False):
    return sorted(FULL if full else ZOO)


def build(name, full=False, weights="real", dtype=torch.float32, seed=0):
    """The model of this name, in eval mode, with weights drawn under this seed.

    Without weights it takes no memory and exports all the same: on the device `meta`, or `fake`, as a tensor of the CPU
    that has no data (what the meta device cannot do, such as entering torch.autocast, a fake tensor can).
    """
    if name not in ZOO:
        raise KeyError(f"the zoo has no '{name}'; it has {', '.join(sorted(ZOO))}")
    if full and name not in FULL:
        raise KeyError(f"'{name}' has no full size; {', '.join(sorted(FULL))} have")
    with torch.random.fork_rng(), torch.device("cpu" if weights == "real" else "meta"):
        torch.manual_seed(seed)
        case = ZOO[name](full)
    case.module.to(dtype).eval()
    if weights == "fake":
        case.fake = FakeTensorMode()
        case.module = copy.deepcopy(case.module, _fakes(case))
    return case


def _fakes(case):
    """What copy.deepcopy is to put in the place of each tensor of the meta device: one of the CPU without data."""
    memo = {}
    with case.fake:
        for tensor in [*case.module.parameters(), *case.module.buffers()]:
            fake = torch.empty_strided(tensor.shape, tensor.stride(), dtype=tensor.dtype, device="cpu")
            if isinstance(tensor, torch.nn.Parameter):
                fake = torch.nn.Parameter(fake, tensor.requires_grad)
            memo[id(tensor)] = fake
    return memo


def export(case, train=False, decomposed=False):
    """torch.export's program of a case; the module is left in the mode that it was in."""
    mode = case.module.training
    try:
        # Of the CPU's flash attention the decomposition has other strides than its kernel (PyTorch 2.13).
        kernel = torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH)
        with case.fake or contextlib.nullcontext(), kernel if decomposed else contextlib.nullcontext():
            program = torch.export.export(case.module.train(train), (), case.example(), strict=False)
            return program.run_decompositions() if decomposed else program
    finally:
        case.module.train(mode)
