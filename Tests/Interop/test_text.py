"""The numbers that DatasetsTests holds Swift's tokenizer to are still those of the installed `tokenizers`."""

import importlib.util
import json

import pytest
from conftest import PACKAGE
from tokenizers import BertWordPieceTokenizer

FIXTURES = PACKAGE / "Tests/Fixtures/Text"
DATA = PACKAGE.parent / "shared/data"


@pytest.fixture(scope="module")
def golden():
    spec = importlib.util.spec_from_file_location("golden_text", PACKAGE / "scripts/golden/text.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_hard_texts(golden):
    cases = json.loads((FIXTURES / "wordpiece.json").read_text())
    assert [case["text"] for case in cases] == golden.HARD
    tokenizer = BertWordPieceTokenizer(str(FIXTURES / "vocabulary.txt"), lowercase=True)
    assert [case["ids"] for case in cases] == golden.ids(tokenizer, golden.HARD)


@pytest.mark.skipif(not (DATA / "text").exists(), reason="the text data are not beside the package")
def test_real_text(golden):
    assert golden.real(DATA) == json.loads((FIXTURES / "real.json").read_text())
