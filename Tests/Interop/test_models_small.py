"""Real architectures at a small size: planned with no annotation, initialised, run and trained in PyTorch.

What the architectures say of themselves is in zoo/, and every comparison in trials.py, checks.py and layouts.py.
"""

import logging
import warnings

import pytest
import torch

pytest.importorskip("transformers")

import zoo  # noqa: E402
from promises import Promises  # noqa: E402
from trials import Trial  # noqa: E402

# One of a kind; `make interop` takes the whole zoo.
NAMES = [
    "resnet18", "se-resnet", "convnext", "mobilenetv2", "timm-vit", "bert", "transformer-encoder", "gpt2", "llama",
    "gpt-neox", "t5", "whisper", "lstm", "gru", "densenet", "unet",
]  # fmt: skip


def pytest_generate_tests(metafunc):
    if "trial" not in metafunc.fixturenames:
        return
    rest = [name for name in zoo.names() if name not in NAMES]
    names = NAMES + [pytest.param(name, marks=pytest.mark.full) for name in rest]
    metafunc.parametrize("trial", names, indirect=True, scope="module")


@pytest.fixture(scope="module")
def trial(request, tmp_path_factory):
    # The models are so small that a second thread costs more than it brings.
    torch.set_num_threads(1)
    logging.getLogger("torch.__trace").propagate = False
    warnings.simplefilter("ignore")
    return Trial(request.param, tmp_path_factory.mktemp(request.param))


class TestSmall(Promises):
    def test_other_exports_have_the_same_plan(self, trial):
        assert not trial.other_exports()
