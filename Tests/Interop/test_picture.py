"""docs/start.svg, the picture at the head of the README: that it is what `make picture` draws today, and legible."""

import os
import re
import subprocess
import sys

import browser
import pytest
from conftest import PACKAGE
from test_tables import LAB, needs_lab

PICTURE = PACKAGE / "docs" / "start.svg"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


@needs_lab
def test_is_current(tmp_path):
    """As scripts/picture draws it: the same words and marks, every number of them within half a pixel."""
    pytest.importorskip("vl_convert", reason="vl-convert-python is not there: pip install vl-convert-python")
    script = (PACKAGE / "scripts" / "picture").read_text()
    assert '"$lab" probe blocks64 --methods kaiming,idinit --probes signal --json' in script
    environment = os.environ | {"IDINIT_PYTHON": sys.executable}
    probe = subprocess.run(
        [LAB, "probe", "blocks64", "--methods", "kaiming,idinit", "--probes", "signal", "--json"],
        capture_output=True, text=True, check=True)
    (tmp_path / "probe.json").write_text(probe.stdout)
    subprocess.run(
        [LAB, "report", tmp_path / "probe.json", "-o", tmp_path / "page.html", "--svg", tmp_path / "pictures"],
        env=environment, capture_output=True, text=True, check=True)
    drawn = (tmp_path / "pictures" / "probe-blocks64-growth.svg").read_text()
    committed = PICTURE.read_text()
    assert NUMBER.sub("0", drawn) == NUMBER.sub("0", committed), "docs/start.svg is not what is drawn: make picture"
    for here, there in zip(NUMBER.findall(drawn), NUMBER.findall(committed), strict=True):
        assert abs(float(here) - float(there)) <= 0.5, "docs/start.svg is not what is drawn: make picture"


@pytest.mark.skipif(browser.find() is None, reason="no Chromium here: apt-get install chromium, or set IDINIT_CHROMIUM")
def test_nothing_lies_upon_its_letters(tmp_path):
    with browser.Browser(tmp_path) as window:
        window.open(PICTURE.as_uri(), 900)
        boxes = window.evaluate("""
            [...document.querySelectorAll("text, .role-legend-symbol path")].map(element => {
              const box = element.getBoundingClientRect();
              return [element.textContent, box.left, box.top, box.right, box.bottom];
            }).filter(box => box[3] > box[1])""")
        width, height = window.evaluate("""(() => {
            const box = document.documentElement.getBoundingClientRect();
            return [box.right, box.bottom];
        })()""")
    assert len(boxes) > 15
    for index, (text, left, top, right, bottom) in enumerate(boxes):
        assert left >= 0 and top >= 0 and right <= width and bottom <= height, text
        for other in boxes[index + 1:]:
            apart = right <= other[1] or other[3] <= left or bottom <= other[2] + 1 or other[4] <= top + 1
            assert apart, (text, other[0])
