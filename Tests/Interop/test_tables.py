"""What both tools print for programs, read by Python's own json and csv."""

import csv
import io
import json
import pathlib
import subprocess

import pytest
from conftest import BINARY, PACKAGE

FIXTURES = PACKAGE / "Tests/Fixtures"
RESNET = FIXTURES / "ExportedProgram/resnet-train.pt2"
LAB = BINARY.parent / "idinit-lab"

needs_lab = pytest.mark.skipif(not LAB.exists(), reason=f"{LAB} is not built")


def call(binary, *arguments, status=0):
    result = subprocess.run([binary, *map(str, arguments)], capture_output=True, text=True)
    assert result.returncode == status, result.stderr
    assert result.stderr == ""
    return result.stdout


def rows(text):
    """The rows of CSV as dictionaries; every row has as many fields as the header."""
    table = list(csv.reader(io.StringIO(text), strict=True))
    assert len(table) > 1
    assert len(set(table[0])) == len(table[0])
    assert {len(row) for row in table} == {len(table[0])}
    return [dict(zip(table[0], row)) for row in table[1:]]


def plain(value):
    """A member of JSON as CSV has it."""
    if value is None:
        return ""
    return "x".join(map(str, value)) or "scalar" if isinstance(value, list) else str(value)


def test_plan():
    parameters = json.loads(call(BINARY, "plan", RESNET, "--json"))["parameters"]
    table = rows(call(BINARY, "plan", RESNET, "--csv"))
    assert [row["name"] for row in table] == [item["name"] for item in parameters]
    for row, item in zip(table, parameters):
        for key, value in row.items():
            if key in ("gain", "epsilon") and value:
                assert float(value) == item[key]
            else:
                assert value == plain(item.get(key)), (row["name"], key)


@pytest.fixture
def seeds(tmp_path):
    paths = [tmp_path / f'seed "{seed}", kaiming.safetensors' for seed in (0, 1)]
    for seed, path in enumerate(paths):
        subprocess.run([BINARY, "init", RESNET, "-o", path, "--seed", str(seed), "--method", "kaiming", "-q"], check=True)
    return paths


def test_diff(seeds):
    found = json.loads(call(BINARY, "diff", *seeds, "--json", status=1))["differences"]
    table = rows(call(BINARY, "diff", *seeds, "--csv", status=1))
    assert len(table) == len(found) > 1
    for row, item in zip(table, found):
        assert (row["name"], row["kind"]) == (item["name"], item["kind"])
        assert int(row["differing"]) == item["differing"] and row["first"] == item["first"]
        assert float(row["largestDifference"]) == item["largestDifference"] > 0


def test_verify(seeds):
    arguments = ["verify", seeds[0], "--plan", RESNET]
    good = json.loads(call(BINARY, *arguments, "--json", "--all"))
    assert good["asPlanned"] is True and good["method"] == "kaiming" and good["seed"] == 0
    assert {item["finding"] for item in good["tensors"]} == {"as-planned"}
    assert json.loads(call(BINARY, *arguments, "--json"))["tensors"] == []
    bad = json.loads(call(BINARY, *arguments, "--seed", 1, "--json", status=1))
    table = rows(call(BINARY, *arguments, "--seed", 1, "--csv", status=1))
    assert bad["asPlanned"] is False and bad["seed"] == 1
    assert [row["name"] for row in table] == [item["name"] for item in bad["tensors"]]
    for row, item in zip(table, bad["tensors"]):
        assert item["finding"] == row["finding"] == "values"
        assert int(row["count"]) == item["count"] >= item["differing"] > 0
        assert row["found"] != row["planned"]


def test_show():
    shown = json.loads(call(BINARY, "show", "idi", "2x3", "--looseness", "0", "--json"))
    assert shown["values"] == [1, 0, 0, 0, 1, 0]


@needs_lab
def test_list():
    recipes = json.loads(call(LAB, "list", "--json"))
    table = rows(call(LAB, "list", "--csv"))
    keys = ["id", "locus", "section", "title", "claim"]
    assert [list(row.values()) for row in table] == [[item[key] for key in keys] for item in recipes]


PUBLISHED = sorted(path.parent for path in pathlib.Path(PACKAGE / "Results").glob("*/runs.jsonl"))


@needs_lab
@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: folder.name)
def test_compare(folder):
    (experiment,) = json.loads(call(LAB, "compare", folder, "--json"))
    table = rows(call(LAB, "compare", folder, "--csv"))
    assert len(table) == len(experiment["rows"])
    for row, item in zip(table, experiment["rows"]):
        for key, value in item.items():
            if isinstance(value, str):
                assert row[key] == value
            elif isinstance(value, (int, float)):
                assert float(row[key]) == value
    assert experiment["verdict"]["status"] in ("confirmed", "refuted", "not seen", "not judged")


@needs_lab
def test_probe():
    arguments = ["probe", "linear5-tanh", "--methods", "xavier,idinit", "--probes", "start,signal", "--batch", "4"]
    methods = json.loads(call(LAB, *arguments, "--json"))["methods"]
    table = rows(call(LAB, *arguments, "--csv"))
    assert [(row["method"], row["probe"]) for row in table] == [
        (item["method"], probe) for item in methods for probe in item["probes"]
    ]
    for row in table:
        probe = {item["method"]: item["probes"] for item in methods}[row["method"]][row["probe"]]
        assert (row["verdict"], row["sentence"]) == (probe["verdict"], probe["sentence"])
    layers = rows(call(LAB, *arguments, "--csv", "--layers"))
    assert len(layers) == sum(len(probe["rows"]) for item in methods for probe in item["probes"].values())


@needs_lab
def test_run(tmp_path):
    arguments = ["run", "figure17", "--scale", "smoke", "--out", tmp_path / "runs"]
    result = subprocess.run([LAB, *arguments, "--json"], capture_output=True, text=True, check=True)
    assert json.loads(result.stdout)["recipe"] == "figure17"
    again = subprocess.run([LAB, *arguments, "--csv"], capture_output=True, text=True, check=True)
    assert len(rows(again.stdout)) == len(json.loads(result.stdout)["rows"])


@pytest.mark.parametrize("command", [["plan", RESNET], ["diff", RESNET, RESNET], ["verify", RESNET, "--plan", RESNET]])
def test_two_forms_are_an_error(command):
    result = subprocess.run([BINARY, *command, "--json", "--csv"], capture_output=True, text=True)
    assert result.returncode == 64 and result.stdout == "" and "expected one of them" in result.stderr
