"""The same models at the size that the literature calls by their name; `make interop` runs these, for many minutes."""

import logging
import warnings

import checks
import pytest
import torch

pytest.importorskip("transformers")

import zoo  # noqa: E402
from trials import Trial  # noqa: E402

pytestmark = pytest.mark.full

# Seven billion parameters: planned only, from a graph without weights.
PLANNED_ONLY = {"llama"}
NAMES = sorted(zoo.FULL - PLANNED_ONLY)


@pytest.fixture(scope="module", params=NAMES)
def trial(request, tmp_path_factory):
    logging.getLogger("torch.__trace").propagate = False
    warnings.simplefilter("ignore")
    folder = tmp_path_factory.mktemp(request.param)
    yield Trial(request.param, folder, full=True)
    for file in folder.iterdir():  # some are a gigabyte
        file.unlink()


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


@pytest.mark.parametrize("name", sorted(PLANNED_ONLY))
def test_a_model_without_weights_is_planned(name, tmp_path):
    case = zoo.build(name, full=True, weights="fake", dtype=torch.bfloat16)
    torch.export.save(zoo.export(case), tmp_path / "model.pt2")
    assert not checks.roles_that_differ(case, checks.plan(tmp_path / "model.pt2"))
