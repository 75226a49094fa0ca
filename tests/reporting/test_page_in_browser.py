"""The page of results, as Chromium shows it."""

import shutil
from itertools import pairwise

import pytest
from reporting.page_run import EMOTIONS, make_run

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
TIMEOUT = 120_000  # ms, of a busy machine

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="needs chromium")


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=TIMEOUT)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return make_run(tmp_path_factory.mktemp("run"))


@pytest.fixture
def opened(browser, path):
    """Opens the page in a context of its own; what it says to the console and asks for is kept."""
    contexts = []

    def open_page(**options):
        contexts.append(
            browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | options)
        )
        page = contexts[-1].new_page()
        page.set_default_timeout(TIMEOUT)
        page.said, page.asked = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url.partition(":")[0]))
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_it_needs_nothing_but_itself_and_complains_of_nothing(opened):
    page = opened()
    assert page.said == []
    assert set(page.asked) <= {"file", "data"}
    assert page.asked.count("file") == 1


def test_every_picture_is_there_and_in_words(opened):
    pictures = opened().eval_on_selector_all("img", "all => all.map(i => [i.naturalWidth, i.alt])")
    assert len(pictures) == 3 * 3 + 1 + 2  # of predictions, of the search, of the training
    assert all(width > 0 and len(alt) > 20 for width, alt in pictures)


def test_it_can_be_read_in_order(opened):
    page = opened()
    levels = page.eval_on_selector_all(
        "h1, h2, h3, h4, h5, h6", "all => all.map(h => +h.tagName[1])"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))
    assert page.get_attribute("html", "lang") == "en"
    assert page.locator("th:not([scope])").count() == 0
    assert page.locator("table").count() == page.locator("caption").count()
    for target in page.eval_on_selector_all("nav a, .skip", "all => all.map(a => a.hash)"):
        assert page.locator(target).count() == 1
    ids = page.eval_on_selector_all("[id]", "all => all.map(e => e.id)")
    assert len(ids) == len(set(ids))


def test_the_keyboard_gets_past_the_navigation_first(opened):
    page = opened()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def column(page, name, place):
    cells = page.locator(f"table:has(#table-{name}) tbody tr > :nth-child({place})")
    return [text.strip() for text in cells.all_inner_texts()]


def test_tables_sort_by_figures_with_blanks_last(opened):
    page = opened()
    header = page.locator("table:has(#table-costs) th", has_text="TFLOP")
    place = 1 + page.eval_on_selector_all(
        "table:has(#table-costs) th", "all => all.findIndex(h => h.textContent == 'TFLOP')"
    )
    header.get_by_role("button").click()
    assert header.get_attribute("aria-sort") == "ascending"
    assert column(page, "costs", place) == ["2", "12", ""]
    header.get_by_role("button").click()
    assert header.get_attribute("aria-sort") == "descending"
    assert column(page, "costs", place) == ["12", "2", ""]


def test_tables_sort_by_the_keyboard_too(opened):
    page = opened()
    ua = page.locator("table:has(#table-results) th", has_text="UA [95% CI]").first
    before = column(page, "results", 4)
    ua.get_by_role("button").focus()
    page.keyboard.press("Enter")
    by_ua = column(page, "results", 4)
    assert by_ua == sorted(before, key=lambda text: float(text.split()[0])) != before
    page.keyboard.press("Space")
    assert column(page, "results", 4) == by_ua[::-1]
    system = page.locator("table:has(#table-results) th", has_text="System").first
    system.get_by_role("button").press("Enter")
    assert column(page, "results", 1) == ["CNN_RNN_att", "CNN_RNN_att", "linear"]
    assert page.locator("table:has(#table-results) [aria-sort]").count() == 1


def test_a_phone_scrolls_within_boxes_alone(opened):
    page = opened(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.eval_on_selector_all("details", "all => all.forEach(each => (each.open = true))")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    box = page.locator(".box").first
    assert box.evaluate("box => box.scrollWidth > box.clientWidth")
    assert box.get_attribute("tabindex") == "0"  # so that keys move it


def test_it_is_whole_without_scripts(opened):
    page = opened(java_script_enabled=False)
    assert page.locator("th button").count() == 0
    assert len(column(page, "results", 1)) == 3
    assert page.locator("h3", has_text="Row by row").is_visible()


def test_on_paper_all_pictures_are_open(opened):
    page = opened()
    page.eval_on_selector_all("details", "all => all.forEach(each => (each.open = false))")
    picture = page.locator("details img").first
    assert not picture.is_visible()
    page.emulate_media(media="print")
    assert picture.bounding_box()["height"] > 20
    assert not page.locator("nav").is_visible()


LUMINANCE = """colour => {
  const part = (value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const [r, g, b] = colour.match(/\\d+/g).map((value) => part(value / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out(opened, scheme):
    """By 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    page = opened(color_scheme=scheme)

    def luminance(selector, property):
        style = f"e => getComputedStyle(e).{property}"
        return page.evaluate(LUMINANCE, page.locator(selector).first.evaluate(style))

    paper = luminance("body", "backgroundColor")
    assert (paper < 0.1) == (scheme == "dark")
    for selector in ("body", "nav a", ".about", "figcaption", "summary"):
        light, dark = sorted((luminance(selector, "color"), paper), reverse=True)
        assert (light + 0.05) / (dark + 0.05) > 4.5, selector


def test_emotions_head_columns(opened):
    headers = opened().locator("table:has(#table-by-group) thead th").all_inner_texts()
    assert headers[2 : 2 + len(EMOTIONS)] == EMOTIONS
