"""Real models, built with random weights and nothing downloaded: one file a family, one function a model.

    zoo.build("gpt2")                      a Case: the module, inputs for it, and facts written down by hand
    zoo.export(zoo.build("gpt2"))          torch.export's program of it
    python -m zoo gpt2 --out DIR           the same as DIR/gpt2.pt2

Each has a small size, which exports and trains in seconds; those in `FULL` also have the size that the literature
calls by that name. Those that come from `transformers` need it; the rest are plain PyTorch.
"""

import torch

from . import convolutional, decoders, encoders, plain, recurrent, seq2seq, vision  # noqa: F401
from .case import FULL, ZOO, Case  # noqa: F401


def names(full=False):
    return sorted(FULL if full else ZOO)


def build(name, full=False, meta=False, dtype=torch.float32, seed=0):
    """The model of this name, in eval mode, with weights drawn under this seed (none on the meta device)."""
    if name not in ZOO:
        raise KeyError(f"the zoo has no '{name}'; it has {', '.join(sorted(ZOO))}")
    if full and name not in FULL:
        raise KeyError(f"'{name}' has no full size; {', '.join(sorted(FULL))} do")
    with torch.random.fork_rng(), torch.device("meta" if meta else "cpu"):
        torch.manual_seed(seed)
        case = ZOO[name](full)
    case.module.to(dtype).eval()
    return case


def export(case, train=False, decomposed=False):
    """torch.export's program of a case; the module is left in the mode that it was in."""
    mode = case.module.training
    try:
        program = torch.export.export(case.module.train(train), (), case.example(), strict=False)
    finally:
        case.module.train(mode)
    return program.run_decompositions() if decomposed else program
