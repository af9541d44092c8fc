"""IDInit for PyTorch: a network starts as the identity, block by block, whatever its architecture.

    import idinit

    idinit.init_(model, example_args)           # fills the model's own parameters, in place
    print(idinit.plan(model, example_args))     # what it would do, and why; nothing is written

The network is exported by torch.export without its weights, and the program `idinit`, which this package carries, reads
its structure off the graph. Importing needs nothing but the standard library; the two functions need PyTorch 2.9.
"""

from __future__ import annotations

import html
import json
import mmap
import pathlib
import tempfile
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

from ._export import ExportError, export, unwrapped
from ._program import Error, run

__all__ = ["Error", "ExportError", "Plan", "init_", "plan"]
__version__ = "0.1.0"


class Plan:
    """The plan of a model. `parameters`, `blocks` and `notes` are those of `idinit plan --json`; str() is the table."""

    def __init__(self, values: dict[str, Any], table: str):
        self.method: str = values["method"]
        self.seed: int = values["seed"]
        self.parameters: list[dict[str, Any]] = values["parameters"]
        self.blocks: list[dict[str, Any]] = values["blocks"]
        self.notes: list[str] = values.get("notes", [])
        self._table = table

    def __str__(self) -> str:
        return self._table

    def __repr__(self) -> str:
        return f"<idinit.Plan: {self.method}, {len(self.parameters)} parameters, {len(self.blocks)} residual blocks>"

    def _repr_html_(self) -> str:
        def row(tag: str, cells: Iterable[str]) -> str:
            return (
                "<tr>" + "".join(f"<{tag} style='text-align: left'>{html.escape(c)}</{tag}>" for c in cells) + "</tr>"
            )

        def rule(p: dict[str, Any]) -> str:
            numbers = [f"{name} {p[key]:.4g}" for name, key in (("τ", "gain"), ("ε", "epsilon")) if p[key] is not None]
            return " ".join([p["rule"].upper() if p["rule"].startswith("idi") else p["rule"], *numbers])

        head = row("th", ["parameter", "shape", "role", "rule", "why"])
        cells = ([p["name"], "×".join(map(str, p["shape"])), p["role"], rule(p), p["reason"]] for p in self.parameters)
        rows = "".join(row("td", line) for line in cells)
        title = html.escape(f"{self.method}: {len(self.parameters)} parameters, {len(self.blocks)} residual blocks")
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in self.notes)
        return f"<table><caption>{title}</caption><thead>{head}</thead><tbody>{rows}</tbody></table><ul>{notes}</ul>"


def plan(
    model: Any, example_args: Any = (), example_kwargs: Mapping[str, Any] | None = None, *, method: str = "idinit",
    seed: int = 0, set: Mapping[str, str] | None = None, keep: Iterable[str] = (),
) -> Plan:  # fmt: skip
    """What `init_` with the same arguments would do: each parameter's role, rule and reason. The model stays as it is.

    Raises `ExportError` if torch.export cannot export the model, and `Error` for a method, rule or pattern that makes
    no sense.
    """
    with tempfile.TemporaryDirectory(prefix="idinit-") as folder:
        program = export(model, example_args, example_kwargs, pathlib.Path(folder))
        return _plan(program, _options(method, seed, set, keep))


def init_(
    model: Any, example_args: Any = (), example_kwargs: Mapping[str, Any] | None = None, *, method: str = "idinit",
    seed: int = 0, set: Mapping[str, str] | None = None, keep: Iterable[str] = (),
) -> Plan:  # fmt: skip
    """Initialises the model's parameters in place, on the device and in the type that they have, and returns the plan.

    example_args, example_kwargs: what `model(*example_args, **example_kwargs)` takes; a single tensor may stand alone,
        and a mapping for keyword arguments. Only shapes and types matter.
    method: "idinit", or another that `idinit plan --help` lists.
    seed: the numbers depend on it and on the parameters' names, and not on PyTorch's own generator.
    set: rules for parameters by pattern, {"head.*": "idiz"}.
    keep: patterns of parameters that stay as they are. Norms and embeddings stay in any case.

    Raises `ExportError` if torch.export cannot export the model, and `Error` for a method, rule or pattern that makes
    no sense, and for a model on the meta device; the model is then as it was.
    """
    if any(parameter.is_meta for parameter in model.parameters()):
        raise Error("the model is on the meta device and has no memory to fill: model.to_empty(device=…) gives it some")
    with tempfile.TemporaryDirectory(prefix="idinit-") as folder:
        program = export(model, example_args, example_kwargs, pathlib.Path(folder))
        options = _options(method, seed, set, keep)
        result, weights = _plan(program, options), pathlib.Path(folder, "weights.safetensors")
        run("init", program, "-o", weights, "--without-kept", "--quiet", *options)
        _fill(unwrapped(model), weights)
    reasons = ("not used", "no known use")
    if names := [p["name"] for p in result.parameters if p["rule"] == "kept" and p["reason"].startswith(reasons)]:
        warnings.warn(
            f"no use of these parameters is known, and they stay as they are: {', '.join(names)}", stacklevel=2
        )
    return result


def _options(method: str, seed: int, rules: Mapping[str, str] | None, keep: Iterable[str]) -> list[str]:
    patterns = [keep] if isinstance(keep, str) else keep
    options = [f"--set={pattern}={rule}" for pattern, rule in (rules or {}).items()]
    return [f"--method={method}", f"--seed={seed}", *options, *(f"--keep={pattern}" for pattern in patterns)]


def _plan(program: pathlib.Path, options: list[str]) -> Plan:
    table = run("plan", program, *options).partition("\nTo write it: ")[0].rstrip()
    return Plan(json.loads(run("plan", program, "--json", *options)), table)


def _fill(model: Any, path: pathlib.Path) -> None:
    """Copies a safetensors file's tensors into the parameters of the same names."""
    import torch

    dtypes = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
    parameters = dict(model.named_parameters(remove_duplicate=False))
    with open(path, "rb") as file, torch.no_grad():
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
        header.pop("__metadata__", None)
        if not header:
            return
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        for name, entry in header.items():
            begin, end = entry["data_offsets"]
            if begin < end:
                dtype = dtypes[entry["dtype"]]
                values = torch.frombuffer(
                    data, dtype=dtype, count=(end - begin) // dtype.itemsize, offset=8 + length + begin
                )
                parameters[name].copy_(values.view(entry["shape"]))
