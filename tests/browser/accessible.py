"""What every page for people must be, whoever reads it and however: looked at in a real browser.

One page of each kind is looked at in short, and with ``JOS_EVERY_PAGE`` (``make accessible``) all of them whole.
"""

import os
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

EVERY_PAGE = bool(os.environ.get("JOS_EVERY_PAGE"))
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

OPENED = "document.querySelectorAll('details').forEach(one => { one.open = true })"
SHORTENED = """() => {
    const all = [...document.querySelectorAll('main > section')]
    all.slice(2, -2).forEach(one => one.remove())
    document.querySelectorAll('section').forEach(one => {
        [...one.querySelectorAll('.cijfer')].slice(2).forEach(other => other.remove())
    })
    document.querySelectorAll('tbody').forEach(one => [...one.rows].slice(6).forEach(other => other.remove()))
}"""
"""Of what comes back on a page only some is left: axe takes half a minute for hundreds of tables and rows."""
SETTLED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""A page makes a stop of a table that does not fit when it has been laid out (ResizeObserver): before the second frame
begins that has been done, however busy the machine is. What is asked earlier may be asked of another page."""
STOPS = """() => [...document.querySelectorAll('a[href], input, button, summary, [tabindex="0"]')].filter(
    one => one.checkVisibility() && !(one.closest('details:not([open])') && one.tagName != 'SUMMARY')
).map(one => one.outerHTML.slice(0, 120))"""
STOP = """() => {
    const here = document.activeElement, box = here.getClientRects()[0], look = getComputedStyle(here)
    if (here == document.body) return null
    const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)]
    const found = document.elementFromPoint(box.left + Math.min(box.width / 2, 40), (top + bottom) / 2)
    return [here.outerHTML.slice(0, 120), look.outlineStyle != 'none' && here.contains(found)]
}"""
"""Where the keyboard is, and whether it is seen there: with an outline, on the screen and under nothing else."""


def looked_at(directory: Path, pattern: str) -> list[Path]:
    """The pages of a kind to look at; there is at least one."""
    found = sorted(directory.glob(pattern))
    assert found, pattern
    return found if EVERY_PAGE else found[-1:]


def everybody_can_use(page: Page, path: Path) -> None:
    """It asks for nothing, fits a phone and twice the size of all or of letters alone, and axe says nothing of it."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": 1200, "height": 900})
    page.goto(path.as_uri())
    assert len(asked) == 1, "it asks for nothing beside itself"
    page.evaluate(OPENED)
    for width in (320, 390, 640):  # phones, and a screen of 1280 at twice the size
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name
    page.set_viewport_size({"width": 1280, "height": 900})
    for size in ("200%", ""):  # letters alone at twice the size, and as they were
        page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280, f"{path.name}, letters {size}"
    page.set_viewport_size({"width": 640, "height": 800})
    if not EVERY_PAGE:
        page.evaluate(SHORTENED)
    page.evaluate(SETTLED)
    page.add_script_tag(path=AXE)
    for scheme, rules in (("light", RULES), ("dark", {"runOnly": ["color-contrast"]})):
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate("rules => axe.run(document, rules)", rules | {"resultTypes": ["violations"]})
        told = [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found["violations"]]
        assert told == [], f"{path.name}, {scheme}"


def keyboard_comes_everywhere(page: Page, path: Path) -> None:
    """Tab comes by every link, field and table that scrolls, in the order of the page, and is seen at each."""
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(path.as_uri())
    if not EVERY_PAGE:
        page.evaluate(SHORTENED)
    page.evaluate(SETTLED)
    expected, walked = page.evaluate(STOPS), []
    while True:
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        round_again = len(walked) == len(expected) and stop in walked[:1]  # Chromium has no bar to step out to here
        if stop is None or round_again or len(walked) > len(expected):
            break
        walked.append(stop)
    assert [name for name, _ in walked] == expected
    assert [name for name, seen in walked if not seen] == [], path.name
    if page.locator("details").count():
        page.locator("summary").first.focus()
        page.keyboard.press("Enter")
        assert page.evaluate("document.querySelector('details').open"), "what is folded opens with the keyboard"
