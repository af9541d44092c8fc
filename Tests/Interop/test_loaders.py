"""The files load elsewhere: in MLX, in JAX, and, where they are shards, as transformers loads shards.

MLX and JAX are in a virtual environment of their own (scripts/interop-venv); without it their tests are skipped.
"""

import hashlib
import json
import os
import pathlib
import subprocess

import pytest
import safetensors.torch
import torch
import zoo
from conftest import PACKAGE, run

DEPS = pathlib.Path(os.environ.get("IDINIT_DEPS") or PACKAGE / ".deps")
PYTHON = DEPS / "loaders/bin/python"

# Each prints, for every tensor of the file, its shape and the SHA-256 of its bytes.
LOADERS = {
    "mlx": """
import mlx.core as mx
# NumPy has no bfloat16: the same bytes under another name.
def raw(t): return bytes(memoryview(mx.view(t.reshape(-1), mx.uint8)))
tensors = {name: (list(t.shape), raw(t)) for name, t in mx.load(path).items()}
""",
    "flax": """
import numpy, safetensors.flax
tensors = {name: (list(t.shape), numpy.asarray(t).tobytes()) for name, t in safetensors.flax.load_file(path).items()}
""",
}
REPORT = """
import hashlib, json
print(json.dumps({name: [shape, hashlib.sha256(data).hexdigest()] for name, (shape, data) in tensors.items()}))
"""


def digests(tensors):
    """What a loader is to print."""
    return {
        name: [list(t.shape), hashlib.sha256(t.contiguous().flatten().view(torch.uint8).numpy().tobytes()).hexdigest()]
        for name, t in tensors.items()
    }


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A network with kernels, matrices and kept parameters, and its archive. Integers (a batch norm's count) too."""
    folder = tmp_path_factory.mktemp("loaders")
    case = zoo.build("se-resnet")
    torch.export.save(zoo.export(case), folder / "model.pt2")
    return case, folder / "model.pt2"


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
@pytest.mark.parametrize("loader", LOADERS)
def test_other_libraries_load_the_same_bytes(loader, dtype, model, tmp_path):
    package = {"mlx": "mlx.core", "flax": "safetensors.flax"}[loader]
    if not PYTHON.exists() or subprocess.run([PYTHON, "-c", f"import {package}"], capture_output=True).returncode != 0:
        pytest.skip(f"{loader} is not installed; scripts/interop-venv fetches it, and make interop runs that")
    file = tmp_path / "init.safetensors"
    run("init", model[1], "-o", file, "--dtype", dtype, "--quiet")
    # JAX has no 64-bit integers unless it is told to.
    environment = {**os.environ, "JAX_ENABLE_X64": "1", "JAX_PLATFORMS": "cpu"}
    result = subprocess.run(
        [PYTHON, "-c", f"path = {str(file)!r}\n{LOADERS[loader]}{REPORT}"],
        capture_output=True,
        text=True,
        env=environment,
    )
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout) == digests(safetensors.torch.load_file(file))


def test_shards_load_as_transformers_loads_them(model, tmp_path):
    utilities = pytest.importorskip("transformers.modeling_utils")
    case, path = model
    whole = tmp_path / "whole.safetensors"
    run("init", path, "-o", whole, "--quiet")
    (tmp_path / "shards").mkdir()
    run("init", path, "-o", tmp_path / "shards/model.safetensors", "--shard-size", "20KB", "--quiet")
    index = json.loads((tmp_path / "shards/model.safetensors.index.json").read_text())
    expected = safetensors.torch.load_file(whole)
    assert set(index["weight_map"]) == set(expected) and len(set(index["weight_map"].values())) > 2
    assert index["metadata"]["total_size"] == sum(t.numel() * t.element_size() for t in expected.values())
    with torch.no_grad():
        for tensor in case.module.state_dict().values():
            tensor.zero_()
    loaded = utilities.load_sharded_checkpoint(case.module, str(tmp_path / "shards"), strict=True)
    assert not loaded.missing_keys and not loaded.unexpected_keys
    assert all(torch.equal(tensor, expected[name]) for name, tensor in case.module.state_dict().items())
