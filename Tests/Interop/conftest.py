"""Runs the built `idinit` and reads what it writes with Python's own libraries."""

import json
import os
import pathlib
import subprocess

import pytest
import safetensors.torch

PACKAGE = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("IDINIT_BINARY") or PACKAGE / ".build/debug/idinit")

DTYPES = {"float32": "F32", "float64": "F64", "float16": "F16", "bfloat16": "BF16"}


def run(*arguments):
    """`idinit` with these arguments, as text; fails with its message."""
    result = subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture(scope="session", autouse=True)
def binary():
    assert BINARY.exists(), f"{BINARY} is not there: swift build --product idinit, or set IDINIT_BINARY"
    return BINARY


@pytest.fixture
def show(tmp_path):
    """show(rule, shape, *options) -> the tensor that `idinit show … -o` wrote, loaded by safetensors.torch."""

    def show(rule, shape, *options):
        path = tmp_path / "weight.safetensors"
        run("show", rule, "x".join(map(str, shape)), *options, "-o", path)
        tensors = safetensors.torch.load_file(path)
        assert list(tensors) == ["weight"]
        return tensors["weight"]

    return show


def show_json(rule, shape, *options):
    return json.loads(run("show", rule, "x".join(map(str, shape)), *options, "--json"))
