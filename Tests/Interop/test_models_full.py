"""The same models at the size that the literature calls by their name; `make interop` runs these, for many minutes."""

import logging
import warnings

import checks
import pytest
import torch

pytest.importorskip("transformers")

import zoo  # noqa: E402
from promises import Promises  # noqa: E402
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


class TestFull(Promises):
    pass


@pytest.mark.parametrize("name", sorted(PLANNED_ONLY))
def test_a_model_without_weights_is_planned(name, tmp_path):
    case = zoo.build(name, full=True, weights="fake", dtype=torch.bfloat16)
    torch.export.save(zoo.export(case), tmp_path / "model.pt2")
    assert not checks.roles_that_differ(case, checks.plan(tmp_path / "model.pt2"))
