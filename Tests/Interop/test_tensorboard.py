"""Event files of `idinit-lab run --tensorboard`, read by TensorBoard's own reader and compared with the metrics."""

import json
import math
import pathlib
import signal
import subprocess
import time

import numpy
import pytest
from conftest import PACKAGE
from test_tables import LAB, needs_lab

accumulator = pytest.importorskip(
    "tensorboard.backend.event_processing.event_accumulator",
    reason="tensorboard is not there: pip install tensorboard",
    exc_type=ImportError,
)

pytestmark = needs_lab

# One training of about 2,000 small steps on made-up data, in 21 lines of metrics.
TRAINING = [
    "table8", "--scale", "smoke", "--variant", "relu", "--method", "idinit", "--epochs", "20",
    "--set", "training.batchSize=6", "--checkpoint-every", "0.05",
]


def command(out, *arguments):
    threads = [] if "figure17" in arguments else ["--threads", "1"]
    return [LAB, "run", *arguments, *threads, "--tensorboard", "--out", out]


def run(out, *arguments):
    result = subprocess.run(command(out, *arguments), cwd=PACKAGE, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout


def metrics(folder):
    return [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]


def read(folder):
    """What TensorBoard shows of one run: all of it, not a sample."""
    everything = {accumulator.SCALARS: 0, accumulator.HISTOGRAMS: 0}
    events = accumulator.EventAccumulator(str(folder), size_guidance=everything)
    events.Reload()
    return events


def number(value):
    """A cell's number in the format's 32 bits; None where it is none. NaN and infinities are texts in JSON."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if isinstance(value, str) and value not in ("NaN", "Infinity", "-Infinity"):
        return None
    with numpy.errstate(over="ignore"):
        return float(numpy.float32(float(value)))


def compare(folder):
    """Every number of the metrics is in the events, each once, and nothing else is."""
    rows, events = metrics(folder), read(folder)
    expected = {}
    for row in rows:
        cells = iter(row.items())
        _, step = next(cells)
        for name, value in cells:
            if number(value) is not None:
                expected.setdefault(name.replace(".", "/", 1), []).append((step, number(value)))
    assert set(events.Tags()["scalars"]) == set(expected)
    for tag, points in expected.items():
        found = [(event.step, event.value) for event in events.Scalars(tag)]
        assert [step for step, _ in found] == [step for step, _ in points], tag
        numpy.testing.assert_array_equal([value for _, value in found], [value for _, value in points], tag)
    return rows, events


def runs(folder):
    return sorted(path.parent for path in pathlib.Path(folder).glob("*/metrics.jsonl"))


@pytest.mark.parametrize("recipe", ["figure17", "figure5", "figure13"])
def test_scalars(tmp_path, recipe):
    printed = run(tmp_path, recipe, "--scale", "smoke")
    assert f"tensorboard --logdir {tmp_path}" in printed
    folders = runs(tmp_path)
    assert folders
    for folder in folders:
        rows, _ = compare(folder)
        assert rows
        # As TensorBoard finds it: one file, whose name it knows, in a folder of the run's own.
        assert len(list(folder.glob("*tfevents*"))) == 1


@pytest.mark.parametrize("recipe, cell", [("figure14", "histogram"), ("figure15", "logSingularValues")])
def test_histograms(tmp_path, recipe, cell):
    run(tmp_path, recipe, "--scale", "smoke")
    for folder in runs(tmp_path):
        rows, events = compare(folder)
        assert events.Tags()["histograms"] == [cell]
        settings = json.loads((folder / "recipe.json").read_text())["settings"]
        if recipe == "figure14":
            low, high = -settings["histogram"]["range"], settings["histogram"]["range"]
        else:
            low, high = (settings["jacobian"]["histogram"][end] for end in ("lowest", "highest"))
        found = events.Histograms(cell)
        assert len(found) == len(rows)
        for row, event in zip(rows, found):
            histogram = event.histogram_value
            assert event.step == row["epoch"]
            assert list(histogram.bucket) == row[cell]
            assert histogram.num == sum(row[cell]) > 0
            edges = numpy.linspace(low, high, len(row[cell]) + 1)
            assert histogram.min == low and histogram.max == high
            numpy.testing.assert_allclose(histogram.bucket_limit, edges[1:], atol=1e-12 * (high - low))


def test_nan_and_infinity(tmp_path):
    run(tmp_path, "figure17", "--scale", "smoke")
    folder = runs(tmp_path)[0]
    rows = metrics(folder)
    for row, value in zip(rows, ["NaN", "Infinity", "-Infinity"]):
        row["loss"] = value
    (folder / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    # The metrics are the truth: the same command makes the events of a finished run anew.
    run(tmp_path, "figure17", "--scale", "smoke")
    _, events = compare(folder)
    values = [event.value for event in events.Scalars("loss")]
    assert math.isnan(values[0]) and values[1:3] == [math.inf, -math.inf]


def test_killed_and_resumed(tmp_path):
    """Each epoch once, whatever the events had when the run was killed; and its time goes on with no leap back."""
    folder = tmp_path / "relu-idinit-seed0"
    program = subprocess.Popen(command(tmp_path, *TRAINING), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 120
        while not (folder / "metrics.jsonl").exists() or len(metrics_so_far(folder)) < 6:
            assert program.poll() is None, "ended before it was killed"
            assert time.monotonic() < end, "no metrics after two minutes"
            time.sleep(0.005)
    finally:
        program.send_signal(signal.SIGKILL)
        program.wait()
    assert not (folder / "summary.json").exists()
    # It was followed while it ran.
    early = [event.step for event in read(folder).Scalars("testLoss")]
    assert early == list(range(len(early))) and len(early) >= 4

    run(tmp_path, *TRAINING)
    rows, events = compare(folder)
    assert [row["epoch"] for row in rows] == list(range(21))
    assert [event.step for event in events.Scalars("testLoss")] == list(range(21))
    times = [event.wall_time for event in events.Scalars("testLoss")]
    assert times == sorted(times)

    file = next(folder.glob("*tfevents*"))
    before = file.read_bytes()
    run(tmp_path, *TRAINING)
    assert file.read_bytes() == before


@pytest.mark.parametrize("seed", range(6))
def test_cut_at_any_byte_and_resumed(tmp_path, seed):
    """What a kill leaves of an append is completed: TensorBoard's reader finds each point once."""
    run(tmp_path, "figure17", "--scale", "smoke")
    place = numpy.random.default_rng(seed)
    for folder in runs(tmp_path):
        file = next(folder.glob("*tfevents*"))
        whole = file.read_bytes()
        file.write_bytes(whole[: place.integers(len(whole))])
    run(tmp_path, "figure17", "--scale", "smoke")
    for folder in runs(tmp_path):
        compare(folder)
        assert len(list(folder.glob("*tfevents*"))) == 1


def metrics_so_far(folder):
    """The whole lines of a file that is being written."""
    return (folder / "metrics.jsonl").read_text().splitlines()
