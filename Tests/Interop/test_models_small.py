"""Real architectures at a small size: planned with no annotation, initialised, run and trained in PyTorch.

What the architectures say of themselves is in zoo/, and every comparison in trials.py, checks.py and layouts.py.
"""

import logging
import warnings

import pytest
import torch

pytest.importorskip("transformers")

import zoo  # noqa: E402
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


def test_the_plan_says_what_the_architecture_does(trial):
    assert not trial.roles()


def test_the_values_are_the_papers(trial):
    assert not trial.values()


def test_what_is_kept_is_kept_bit_for_bit(trial):
    assert not trial.kept()


def test_every_block_is_its_shortcut(trial):
    assert not trial.identity()


def test_the_first_loss_is_that_of_guessing(trial):
    assert not trial.first_loss()


def test_gradients_arrive_and_training_lowers_the_loss(trial):
    assert not trial.training()


def test_other_exports_have_the_same_plan(trial):
    assert not trial.other_exports()
