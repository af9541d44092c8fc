"""What a model of the zoo is: a real module with random weights, something to feed it, and facts known by hand."""

import dataclasses
from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.utils import _pytree as pytree


@dataclasses.dataclass
class Case:
    """A model, and what its architecture says about it; nothing here comes from the planner."""

    module: nn.Module
    # Makes keyword arguments of `module.forward`; called under a seed of its own, so a plain torch.randn will do.
    inputs: Callable[[], dict[str, Any]]
    # How many residual blocks the architecture has.
    blocks: int
    # Roles of well-known parameters. A tuple names the matrices that a packed weight holds, in order of its rows.
    roles: dict[str, str | tuple[str, ...]] = dataclasses.field(default_factory=dict)
    # Parameters that no plan of IDInit may touch.
    kept: tuple[str, ...] = ()
    # Classes of the last layer, where the first loss is to be their logarithm; None where the head is tied or absent.
    classes: int | None = None
    # Takes the logits, (…, classes), or a tensor to be regressed, from what `module` returns.
    logits: Callable[[Any], torch.Tensor] = lambda output: output
    # Parameters that the architecture itself gives no gradient, and why.
    unreached: dict[str, str] = dataclasses.field(default_factory=dict)
    # Of the 50 steps of training: SGD with momentum 0.9.
    learning_rate: float = 0.05
    # Names of parameters that share one tensor with an earlier one, and that one's.
    tied: dict[str, str] = dataclasses.field(default_factory=dict)

    def example(self, seed=0, batch=None):
        """Inputs on the module's device, drawn with this seed."""
        with torch.random.fork_rng(), torch.device("cpu"):
            torch.manual_seed(seed)
            inputs = self.inputs()
        parameter = next(self.module.parameters())

        def move(leaf):
            if not isinstance(leaf, torch.Tensor):
                return leaf
            return leaf.to(parameter.device, parameter.dtype if leaf.is_floating_point() else leaf.dtype)

        return pytree.tree_map(move, inputs)


ZOO: dict[str, Callable[[bool], Case]] = {}
# The models that have a full size: what the literature calls by that name.
FULL: set[str] = set()


def model(name, full=False):
    """Registers `build(full: bool) -> Case` under this name; `full` says whether it has a size besides the small one."""

    def register(build):
        assert name not in ZOO, name
        ZOO[name] = build
        if full:
            FULL.add(name)
        return build

    return register


def image(size, batch=2, channels=3):
    """Random images under the name that a module calls its input by."""
    return lambda name="x": {name: torch.randn(batch, channels, size, size)}


def tokens(vocabulary, length, batch=2):
    return torch.randint(0, vocabulary, (batch, length))


def logits_of(output):
    """The logits in what a model of `transformers` returns."""
    return output.logits
