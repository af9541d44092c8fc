"""What a model of the zoo is: a real module with random weights, something to feed it, and facts known by hand."""

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils import _pytree as pytree

SQRT2 = math.sqrt(2)


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
    # Rows of the matrices in a packed weight, where they are not as many equal ones, one after the other.
    rows: dict[str, list] = dataclasses.field(default_factory=dict)
    # The gain of the first layer: √2 in a network of ReLUs.
    first_gain: float | None = 1.0
    # Parameters that no plan of IDInit may touch.
    kept: tuple[str, ...] = ()
    # Classes of the last layer, where the first loss is to be their logarithm; None where the head is tied or absent.
    classes: int | None = None
    # Takes the logits, (…, classes), or a tensor to be regressed, from what `module` returns.
    logits: Callable[[Any], torch.Tensor] = lambda output: output
    # Parameters that the architecture itself gives no gradient, and why.
    unreached: dict[str, str] = dataclasses.field(default_factory=dict)
    # What torch.export cannot do with it: "train", "decomposed", and why.
    cannot: dict[str, str] = dataclasses.field(default_factory=dict)
    # Within how many steps a gradient reaches every planned weight.
    steps: int = 2
    # Of the 50 steps of training: SGD with momentum 0.9.
    learning_rate: float = 0.05
    # Names of parameters that share one tensor with an earlier one, and that one's.
    tied: dict[str, str] = dataclasses.field(default_factory=dict)
    # Where the module's tensors are fake ones, the mode that made them.
    fake: FakeTensorMode | None = None

    def example(self, seed=0):
        """Keyword arguments for the module, drawn with this seed, of its kind of tensors."""
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            inputs = self.inputs()
        parameter = next(self.module.parameters())

        def move(leaf):
            if leaf.is_floating_point():
                leaf = leaf.to(parameter.dtype)
            return self.fake.from_tensor(leaf) if self.fake else leaf.to(parameter.device)

        return pytree.tree_map_only(torch.Tensor, move, inputs)


ZOO: dict[str, Callable[[bool], Case]] = {}
# The models that have a full size: what the literature calls by that name.
FULL: set[str] = set()


def model(name, full=False):
    """Registers `build(full: bool) -> Case` under this name; `full` says whether it has that size too."""

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


def exportable(module):
    """A decoder of `transformers`, made exportable as its own `export_with_dynamic_cache` does it.

    The mask is otherwise made with torch.vmap, which torch.export.save cannot write (transformers 4.57, PyTorch 2.13);
    and a cache among the outputs needs to be known to pytree.
    """
    from transformers.integrations import executorch
    from transformers.masking_utils import ALL_MASK_ATTENTION_FUNCTIONS
    from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS

    name = "sdpa_without_vmap"
    ALL_MASK_ATTENTION_FUNCTIONS.register(name, executorch.sdpa_mask_without_vmap)
    ALL_ATTENTION_FUNCTIONS.register(name, ALL_ATTENTION_FUNCTIONS["sdpa"])
    executorch.register_dynamic_cache_export_support()
    module.config._attn_implementation = name
    return module


def by_head(heads, size, count):
    """The rows of `count` matrices packed head by head, as GPT-NeoX and BLOOM have Q, K and V."""
    return [[h * count * size + j * size + i for h in range(heads) for i in range(size)] for j in range(count)]


def stacked(*sizes):
    """The rows of matrices of these sizes, one after the other."""
    starts = [sum(sizes[:index]) for index in range(len(sizes))]
    return [range(start, start + size) for start, size in zip(starts, sizes, strict=True)]
