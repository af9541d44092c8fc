"""Files: real safetensors reads ours, and what our reader's test reads is what safetensors writes today."""

import importlib.machinery
import importlib.util
import json
import struct

import pytest
import safetensors
import safetensors.torch
import torch
from conftest import DTYPES, PACKAGE, run


def header(path):
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    return json.loads(data[8 : 8 + length]), data[8 + length :], length


@pytest.mark.parametrize("dtype", DTYPES)
def test_our_file_is_laid_out_as_theirs(tmp_path, dtype):
    ours, theirs = tmp_path / "ours.safetensors", tmp_path / "theirs.safetensors"
    run("show", "normal", "5x7", "--seed", 9, "--dtype", dtype, "-o", ours)
    metadata = safetensors.safe_open(ours, framework="pt").metadata()
    assert metadata["format"] == "pt" and metadata["tool"] == "idinit" and metadata["seed"] == "9"
    safetensors.torch.save_file(safetensors.torch.load_file(ours), theirs, metadata=metadata)
    our_header, our_data, length = header(ours)
    their_header, their_data, _ = header(theirs)
    assert our_header == their_header and our_data == their_data
    assert length % 8 == 0


def test_strict_load(tmp_path):
    path = tmp_path / "w.safetensors"
    run("show", "idi", "6x4", "-o", path)
    layer = torch.nn.Linear(4, 6, bias=False)
    assert layer.load_state_dict(safetensors.torch.load_file(path), strict=True)
    assert torch.allclose(layer(torch.ones(4)), torch.ones(6), atol=1e-5)


def test_the_committed_fixture_is_what_safetensors_writes(tmp_path):
    """Tests/ModelFilesTests reads the fixture; this holds it against the installed library."""
    path = str(PACKAGE / "scripts/golden/safetensors")
    loader = importlib.machinery.SourceFileLoader("golden", path)
    golden = importlib.util.module_from_spec(importlib.util.spec_from_loader("golden", loader))
    loader.exec_module(golden)
    golden.write(tmp_path)
    fixture = PACKAGE / "Tests/Fixtures/Safetensors/python.safetensors"
    assert header(fixture)[:2] == header(tmp_path / "python.safetensors")[:2]
