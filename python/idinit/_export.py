"""Writes a model's graph as torch.export's .pt2 file, without its weights."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import functools
import io
import logging
import pathlib
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from ._program import Error


class ExportError(Error):
    """The model cannot be exported; the message has torch.export's own reason, which is also the cause."""

    __module__ = "idinit"


def unwrapped(model: Any) -> Any:
    """The module itself, for what torch.compile made of it."""
    return getattr(model, "_orig_mod", model)


def export(model: Any, args: Any, kwargs: Mapping[str, Any] | None, folder: pathlib.Path) -> pathlib.Path:
    """Writes the exported program of a copy of the model that has no weights."""
    import torch
    from torch._subclasses.fake_tensor import FakeTensorMode

    model = unwrapped(model)
    path = folder / f"{type(model).__name__}.pt2"
    if isinstance(args, Mapping):
        args, kwargs = (), {**args, **(kwargs or {})}
    args = (args,) if isinstance(args, torch.Tensor) else tuple(args)
    mode = FakeTensorMode(allow_non_fake_inputs=True)
    # Fake tensors rather than the meta device: they say that they are where the real ones are, so that what `forward`
    # makes anew (positions, masks, states) is on the same device. A tensor that has two names is replaced once.
    tensors = {id(t): t for t in [*model.parameters(), *model.buffers()]}
    memo: dict[int, Any] = {key: mode.from_tensor(tensor) for key, tensor in tensors.items()}
    for fake in memo.values():
        # Where nothing needs a gradient some modules take a fast path through an operation of their own.
        if isinstance(fake, torch.nn.Parameter) and fake.is_floating_point():
            fake.requires_grad_(True)
    stand_ins = {id(fake): _stand_in(fake) for fake in memo.values()}
    inputs = torch.utils._pytree.tree_map_only(torch.Tensor, mode.from_tensor, (args, dict(kwargs or {})))
    errors = []
    # What torch.export's way without Dynamo cannot trace or write, the one with it sometimes can; and what cannot be
    # exported while it trains (layers skipped at random) can be while it does not.
    for training in dict.fromkeys([model.training, False]):
        for strict in (False, True):
            try:
                module = copy.deepcopy(model, dict(memo))
            except Exception as error:
                raise ExportError(f"{type(model).__name__} cannot be copied: {error}") from error
            try:
                module.train(training)
                module.forward = _returning_tensors(module.forward)
                with _quiet(), torch.enable_grad():
                    with mode:
                        program = torch.export.export(module, *inputs, strict=strict)
                    for name, tensor in program.state_dict.items():
                        program.state_dict[name] = stand_ins.get(id(tensor), tensor)
                    torch.export.save(program, path)
                return path
            except Exception as error:
                errors.append(error)
    reason = str(errors[0]).strip() or type(errors[0]).__name__
    raise ExportError(f"torch.export cannot export {type(model).__name__}: {reason}") from errors[0]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keeps back what torch.export prints and logs on its way to an exception: the exception has it too."""
    disabled, printed = logging.root.manager.disable, io.StringIO()
    try:
        logging.disable(logging.CRITICAL)
        with warnings.catch_warnings(), contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)


def _returning_tensors(forward: Any) -> Any:
    """The same function, but of what it returns only the tensors: torch.export may not know the type of a cache."""
    import torch

    def tensors(value: Any) -> list[Any]:
        found = []
        for leaf in torch.utils._pytree.tree_leaves(value):
            if isinstance(leaf, torch.Tensor):
                found.append(leaf)
            elif dataclasses.is_dataclass(leaf):
                found += tensors([getattr(leaf, field.name) for field in dataclasses.fields(leaf)])
        return found

    return functools.wraps(forward)(lambda *args, **kwargs: tensors(forward(*args, **kwargs)))


def _stand_in(fake: Any) -> Any:
    """A tensor like this one that has a single element, which is repeated: it takes no place in a file."""
    import torch

    tensor = torch.zeros((), dtype=fake.dtype).expand(fake.shape)
    return torch.nn.Parameter(tensor, fake.requires_grad) if isinstance(fake, torch.nn.Parameter) else tensor
