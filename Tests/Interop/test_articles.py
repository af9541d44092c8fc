"""The Python of the documentation's articles runs as it stands there, with the commands between it.

The blocks of an article (```python and ```sh) are run in their order, in one folder. Those that import MLX or JAX run in
the virtual environment of scripts/interop-venv, and are skipped without it.
"""

import os
import pathlib
import re
import shlex
import subprocess
import sys

import pytest
from conftest import BINARY, PACKAGE

OTHERS = {"mlx": "mlx.core", "flax": "safetensors.flax"}
LOADERS = pathlib.Path(os.environ.get("IDINIT_DEPS") or PACKAGE / ".deps") / "loaders/bin/python"
BLOCK = re.compile(r"^```(python|sh)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(article):
    return BLOCK.findall(article.read_text(encoding="utf-8"))


ARTICLES = [
    article
    for article in sorted((PACKAGE / "Sources").glob("*/*.docc/*.md"))
    if any(language == "python" for language, _ in blocks(article))
]


def other(code):
    """The framework whose virtual environment the block needs; None for PyTorch's, which is this one."""
    return next((name for name in OTHERS if re.search(rf"^import {name}\b", code, re.MULTILINE)), None)


def execute(python, code, folder):
    environment = {
        **os.environ,
        "IDINIT_BINARY": str(BINARY),
        "PATH": f"{BINARY.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(PACKAGE / "python"),
        "JAX_PLATFORMS": "cpu",
        "OMP_NUM_THREADS": "1",
    }
    result = subprocess.run([python, "-W", "ignore", "-c", code], cwd=folder, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout


def script(article):
    """The blocks for PyTorch as one program, in which commands are commands still."""
    lines = []
    for language, code in blocks(article):
        if language == "sh":
            lines.append("import subprocess")
            lines += [f"subprocess.run({shlex.split(line)!r}, check=True)" for line in code.splitlines()]
        elif other(code) is None:
            lines.append(code)
    return "\n".join(lines)


def test_there_are_articles():
    assert {article.stem for article in ARTICLES} >= {"PyTorchModels", "OtherFrameworks"}


@pytest.fixture(scope="module", params=ARTICLES, ids=lambda article: article.stem)
def ran(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param.stem)
    return request.param, folder, execute(sys.executable, script(request.param), folder)


def test_pytorch_runs_as_it_stands(ran):
    article, folder, output = ran
    assert (folder / "init.safetensors").exists()
    if article.stem == "PyTorchModels":
        # The plan that the article prints: a block's last weight near zero, with its reason.
        assert re.search(r"^  fc2\.weight +64×256 +stem-last +IDIZ +ε 1e-6 +ends the stem", output, re.MULTILINE), output


@pytest.mark.parametrize("name", OTHERS)
def test_other_frameworks_run_as_they_stand(name, ran):
    article, folder, _ = ran
    codes = [code for language, code in blocks(article) if language == "python" and other(code) == name]
    if not codes:
        assert article.stem != "OtherFrameworks", f"the article has no block for {name}"
        return
    if not LOADERS.exists() or subprocess.run([LOADERS, "-c", f"import {OTHERS[name]}"], capture_output=True).returncode:
        pytest.skip(f"{name} is not installed; scripts/interop-venv fetches it, and make interop runs that")
    for code in codes:
        execute(LOADERS, code, folder)
