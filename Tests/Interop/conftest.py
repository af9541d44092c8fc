"""Runs the built `idinit` and reads what it writes with Python's own libraries."""

import json
import os
import pathlib
import subprocess

import pytest
import safetensors.torch

# Its assertions are to be shown as those of a test file are.
pytest.register_assert_rewrite("promises")

PACKAGE = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("IDINIT_BINARY") or PACKAGE / ".build/debug/idinit")

DTYPES = {"float32": "F32", "float64": "F64", "float16": "F16", "bfloat16": "BF16"}


def run(*arguments):
    """`idinit` with these arguments, as text; fails with its message."""
    result = subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout


def pytest_addoption(parser):
    parser.addoption("--full", action="store_true", help="also the tests marked full: every model, at full size; minutes")


def pytest_configure(config):
    config.addinivalue_line("markers", "wheel: the Python wheel; make wheel builds it first")
    config.addinivalue_line("markers", "full: runs only with --full, as make interop gives it")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--full"):
        return
    full = [item for item in items if item.get_closest_marker("full")]
    if full:
        config.hook.pytest_deselected(items=full)
        items[:] = [item for item in items if item not in full]


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
