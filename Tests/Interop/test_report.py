"""A report as its readers have it: opened in Chromium, with no network, on a telephone and on a desk, light and dark.

The pages are those of Tests/ReportTests, which `swift test` writes here; IDINIT_REPORT_PAGES names a folder that has them.
"""

import functools
import os
import pathlib
import subprocess
import sys

import browser
import pytest
from conftest import PACKAGE

pytestmark = pytest.mark.skipif(
    browser.find() is None, reason="no Chromium here: apt-get install chromium, or set IDINIT_CHROMIUM"
)

# Puts a figure before the window that is not live yet, as a reader who scrolls does; true when all are live.
SCROLL = """
(() => {
  const still = document.querySelector(".plot:not(.is-live)");
  if (still) { still.scrollIntoView({ behavior: "instant" }); }
  return still === null;
})()
"""

# The text of least contrast (WCAG 2.1) with what lies behind it, and the smallest text, of what is to be seen.
LEGIBILITY = """
(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = color => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ratio = (a, b) => {
    const [x, y] = [light(a), light(b)];
    return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
  };
  const background = element => {
    for (let at = element; at; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) { return color; }
    }
    return [255, 255, 255, 255];
  };
  let worst = { contrast: 21 }, smallest = { size: 100 }, count = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (!text || !element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) { continue; }
    if (["SCRIPT", "STYLE"].includes(element.tagName) || !element.getClientRects().length) { continue; }
    const style = getComputedStyle(element);
    const inPicture = element instanceof SVGElement;
    // The numbers in a heat map stand on its colours, which are no CSS backgrounds (test_numbers_on_colours).
    if (inPicture && element.closest("[class*='cell_numbers']")) { continue; }
    const contrast = ratio(rgba(inPicture ? style.fill : style.color), background(element));
    count += 1;
    if (contrast < worst.contrast) { worst = { contrast, text, element: element.outerHTML.slice(0, 200) }; }
    // A picture that is drawn for another width is smaller or larger than its letters say.
    const scale = inPicture ? element.ownerSVGElement.getScreenCTM().a : 1;
    const size = parseFloat(style.fontSize) * scale;
    if (size < smallest.size) { smallest = { size, text }; }
  }
  return { worst, smallest, count };
})()
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    named = os.environ.get("IDINIT_REPORT_PAGES")
    if named:
        return pathlib.Path(named).resolve()
    pytest.importorskip("vl_convert", reason="vl-convert-python is not there: pip install vl-convert-python")
    folder = tmp_path_factory.mktemp("report")
    command = ["swift", "test", "--skip-build", "--disable-xctest", "--filter", "ReportTests.ExampleTests"]
    environment = os.environ | {"IDINIT_REPORT_PAGES": str(folder), "IDINIT_PYTHON": sys.executable}
    result = subprocess.run(command, cwd=PACKAGE, env=environment, capture_output=True, text=True)
    said = result.stdout + result.stderr
    if "No such file or directory" in said and "PackageTests.xctest" in said:
        pytest.skip("the tests in Swift are not built: swift build --build-tests")
    assert (folder / "hostile.html").exists(), said
    return folder


@pytest.fixture(scope="module")
def window(tmp_path_factory):
    with browser.Browser(tmp_path_factory.mktemp("profile")) as window:
        yield window


@pytest.fixture
def show(window, pages):
    """show(width, …) opens a page, and waits until every figure is live if scripts run."""

    def show(width, dark=False, scripts=True, page="example"):
        window.open((pages / f"{page}.html").as_uri(), width, dark=dark, scripts=scripts)
        if scripts:
            window.wait(SCROLL)
        return window

    return show


SIZES = functools.partial(pytest.mark.parametrize, "width", [400, 1400])
SCHEMES = functools.partial(pytest.mark.parametrize, "dark", [False, True], ids=["light", "dark"])


@SIZES()
@SCHEMES()
def test_is_whole_and_legible(show, width, dark, tmp_path):
    window = show(width, dark)
    assert window.problems() == []
    assert window.evaluate("document.querySelectorAll('figure').length") >= 5
    # Every figure has one picture, with something in it, that is as wide as its place and says what it shows.
    figures = window.evaluate("""
        [...document.querySelectorAll("figure")].map(figure => {
          const shown = [...figure.querySelectorAll(".plot svg")].filter(svg => svg.checkVisibility());
          const place = figure.querySelector(".plot").getBoundingClientRect();
          const box = shown[0].getBoundingClientRect();
          return {
            id: figure.id, shown: shown.length, marks: shown[0].querySelectorAll(".role-mark path, .role-mark rect").length,
            inside: box.right <= place.right + 1 && box.left >= place.left - 1, height: box.height,
            alt: figure.querySelector("[role=img]").getAttribute("aria-label"),
          };
        })""")
    for figure in figures:
        assert figure["shown"] == 1 and figure["marks"] > 0 and figure["inside"], figure
        assert figure["height"] > 80 and len(figure["alt"]) > 10, figure
    # The page itself never scrolls sideways; wide tables do, each in its frame.
    assert window.evaluate("document.documentElement.scrollWidth") <= width
    window.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    assert window.evaluate("document.documentElement.scrollWidth") <= width
    legibility = window.evaluate(LEGIBILITY)
    assert legibility["count"] > 300
    assert legibility["worst"]["contrast"] >= 4.5, legibility["worst"]
    assert legibility["smallest"]["size"] >= 10, legibility["smallest"]
    window.screenshot(tmp_path / "page.png")
    assert (tmp_path / "page.png").stat().st_size > 50_000


@SIZES()
def test_is_whole_without_scripts(show, width):
    window = show(width, scripts=False)
    assert window.problems() == []
    assert window.evaluate("""
        [...document.querySelectorAll(".plot")].every(plot =>
          [...plot.querySelectorAll("svg")].filter(svg => svg.checkVisibility()).length === 1)""")
    assert window.evaluate("document.documentElement.scrollWidth") <= width
    legibility = window.evaluate(LEGIBILITY)
    assert legibility["worst"]["contrast"] >= 4.5, legibility["worst"]
    assert legibility["smallest"]["size"] >= 10, legibility["smallest"]


def test_the_legend_hides_and_brings_back(show):
    window = show(1400)
    lines = "document.querySelectorAll('#figure-accuracy .live .mark-line.role-mark path').length"
    button = "document.querySelector('#figure-accuracy .legend button')"
    assert window.evaluate(lines) == 4
    # With the keyboard.
    window.evaluate(f"{button}.focus()")
    for kind in ["keyDown", "keyUp"]:
        window.call("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", text="\r", windowsVirtualKeyCode=13)
    assert window.evaluate(f"{button}.getAttribute('aria-pressed')") == "false"
    window.wait(f"{lines} === 3")
    window.evaluate(f"{button}.click()")
    window.wait(f"{lines} === 4")
    # Hiding all is showing all.
    window.evaluate("document.querySelectorAll('#figure-accuracy .legend button').forEach(button => button.click())")
    window.wait(f"{lines} === 4")
    assert window.problems() == []


def test_values_appear_under_the_pointer(show):
    window = show(1400)
    place = window.evaluate("""(() => {
        const plot = document.querySelector("#figure-accuracy .live svg");
        plot.scrollIntoView({ behavior: "instant", block: "center" });
        const box = plot.getBoundingClientRect();
        return [box.left + box.width * 0.6, box.top + box.height * 0.4];
    })()""")
    for step in range(3):
        window.call("Input.dispatchMouseEvent", type="mouseMoved", x=place[0] + step, y=place[1])
    window.wait("document.querySelector('#vg-tooltip-element.visible') !== null")
    text = window.evaluate("document.querySelector('#vg-tooltip-element').innerText")
    assert "epoch" in text and "%" in text and "seeds" in text and "undefined" not in text
    style = window.evaluate("getComputedStyle(document.querySelector('#vg-tooltip-element')).position")
    assert style == "fixed"
    assert window.problems() == []


# A map with a scale of its own values, and one whose scale it shares with others.
@pytest.mark.parametrize("figure, numbers", [("grid", 23), ("grid-idinit", 12)])
def test_numbers_on_colours_are_legible(show, figure, numbers):
    window = show(1400)
    # Of every number in the heat map: its colour, and that of the cell at the same place.
    pairs = window.evaluate("""(() => {
        const plot = document.querySelector("#figure-NAME .live");
        const cells = [...plot.querySelectorAll(".mark-rect.role-mark path, .mark-rect.role-mark rect")].map(
          cell => [cell.getBoundingClientRect(), getComputedStyle(cell).fill]);
        return [...plot.querySelectorAll("[class*='cell_numbers'] text")].map(text => {
          const box = text.getBoundingClientRect();
          const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
          const cell = cells.find(([at]) => at.left <= x && x <= at.right && at.top <= y && y <= at.bottom);
          return [getComputedStyle(text).fill, cell[1]];
        });
    })()""".replace("NAME", figure))

    def light(color):
        parts = [int(part) / 255 for part in color.strip("rgb()").split(",")]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(weight * part for weight, part in zip([0.2126, 0.7152, 0.0722], linear))

    assert len(pairs) == numbers
    for text, cell in pairs:
        dark, bright = sorted([light(text), light(cell)])
        assert (bright + 0.05) / (dark + 0.05) >= 4.5, (text, cell)


@SIZES()
def test_figures_of_recipes_and_probes_are_drawn_whole(show, width):
    window = show(width)
    # Of every row and column of a heat map its name is written, or as many as have room; none lies upon another.
    for figure in ["grid-kaiming", "histogram-idinit", "unmoved-blocks"]:
        names = window.evaluate("""
            [...document.querySelectorAll("#figure-NAME .live .role-axis-label text")]
              .filter(text => text.textContent && text.checkVisibility({ checkOpacity: true }))
              .map(text => { const box = text.getBoundingClientRect(); return [box.left, box.top, box.right, box.bottom]; })
        """.replace("NAME", figure))
        assert len(names) >= 4, figure
        for index, (left, top, right, bottom) in enumerate(names):
            for other in names[index + 1:]:
                assert right <= other[0] + 1 or other[2] <= left + 1 or bottom <= other[1] + 2 or other[3] <= top + 2, figure
    # Bars: every start's name in full, and the paper's number as a mark of its own.
    bars = "document.querySelector('#figure-testAccuracy-bars .live')"
    assert "a-start-with-a-very-long-name-indeed" in window.evaluate(f"{bars}.textContent")
    assert window.evaluate("""
        [...document.querySelectorAll("#figure-testAccuracy-bars .legend li")].map(item => item.textContent.trim())
    """) == ["sgd", "adam", "the paper"]
    # The probe's verdicts are words in a table.
    words = window.evaluate("""
        [...document.querySelector("[aria-labelledby='probe-blocks2'] table.results").querySelectorAll("tbody tr")].map(
          row => row.children[2].textContent)""")
    assert set(words) == {"good", "fair", "bad", "not judged"}
    # A line for each method, forward and backward.
    assert window.evaluate("""
        document.querySelectorAll("#figure-growth .live .mark-line.role-mark path").length""") == 4
    # What parameters started from is there for those who ask.
    plan = "document.querySelector('details.aside table.results').closest('details')"
    assert window.evaluate(f"{plan}.open") is False and "Initialisation plan" in window.evaluate(f"{plan}.innerText")


def test_can_be_walked_with_the_keyboard(show):
    window = show(1400)
    window.evaluate("scrollTo(0, 0)")
    seen = []
    for _ in range(12):
        for kind in ["keyDown", "keyUp"]:
            window.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
        seen.append(window.evaluate("""(() => {
            const style = getComputedStyle(document.activeElement);
            return [document.activeElement.innerText, style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2];
        })()"""))
    assert "Skip to the results" in seen[0][0]
    assert all(outlined for _, outlined in seen), seen


def test_headings_and_names_are_in_order(show):
    window = show(1400)
    assert window.evaluate("document.querySelectorAll('h1').length") == 1
    assert window.evaluate("new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size") == window.evaluate(
        "document.querySelectorAll('[id]').length")
    assert window.evaluate("""
        [...document.querySelectorAll("a[href^='#']")].every(a => document.getElementById(a.hash.slice(1)))""")
    assert window.evaluate("[...document.querySelectorAll('thead th')].every(th => th.scope === 'col')")


def test_hostile_names_do_nothing(show):
    # A dialog would stop the page, and with it this test.
    window = show(400, page="hostile")
    assert window.problems() == []
    assert window.evaluate("document.querySelectorAll('figure .plot.is-live').length") >= 30
    assert window.evaluate("document.querySelectorAll('script:not(.spec)').length") == 2
    assert window.evaluate("document.querySelectorAll('img, iframe, main b').length") == 0
    assert window.evaluate("""
        [...document.querySelectorAll("*")].flatMap(e => [...e.attributes]).filter(a => /^on/i.test(a.name)).length""") == 0
    assert window.evaluate("document.title") == "<script>alert(1)</script>"
    assert window.evaluate("document.documentElement.scrollWidth") <= 400
    # Under the pointer, too.
    for figure in range(0, 30, 3):
        place = window.evaluate(f"""(() => {{
            const plot = document.querySelectorAll("figure")[{figure}].querySelector(".live svg");
            plot.scrollIntoView({{ behavior: "instant", block: "center" }});
            const box = plot.getBoundingClientRect();
            return [box.left + box.width / 2, box.top + box.height / 2];
        }})()""")
        for step in range(3):
            window.call("Input.dispatchMouseEvent", type="mouseMoved", x=place[0] + step, y=place[1])
        window.wait("document.querySelector('#vg-tooltip-element.visible') !== null")
        assert window.evaluate("document.querySelectorAll('#vg-tooltip-element :is(img, script, b)').length") == 0
    assert window.problems() == []
