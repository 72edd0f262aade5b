"""Visits reports in Chromium and complains; run by `see.py` in an environment that has Playwright.

    python visit.py FOLDER AXE     FOLDER holds the reports; AXE is axe-core's file

Pictures and printed pages go beside the reports. Imports nothing of this project.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Dialog, Error, Page, sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
DESK, PHONE, SHEET = 1280, 360, 680
"""Pixels of a window, of a small phone, and of what A4 leaves between its margins."""
TALLEST = 15_000
"""Pixels of the height of a picture; from 16384 on none can be taken."""
LEAST_CONTRAST = 4.5
SCHEMES = ("light", "dark")
MEASURES = (Path(__file__).parent / "measures.js").read_text(encoding="utf-8")
ADDRESS = "() => document.activeElement === document.body ? '' : document.activeElement.outerHTML.slice(0, 120)"
FOCUSED = """() => {
  const each = document.activeElement, box = each.getBoundingClientRect(), style = getComputedStyle(each);
  if (each === document.body) return null;
  const all = [...document.querySelectorAll("*")];
  return {place: all.indexOf(each), shown: box.width > 0 && box.left >= 0, ringed: style.outlineStyle !== "none",
          said: each.outerHTML.slice(0, 90)};
}"""
STOPS = """() => [...document.querySelectorAll("a[href], summary, [tabindex='0']")].filter(each => {
  const around = each.tagName === "SUMMARY" ? each.parentElement.parentElement : each;
  return !around.closest("details:not([open])");
}).length"""
IN_VIEW = """hash => {
  const box = document.getElementById(hash)?.getBoundingClientRect();
  return box !== undefined && box.top < innerHeight && box.bottom >= 0;
}"""


def pictured(page: Page, path: Path) -> None:
    """Take a picture of a whole page, or of as much of it as a picture of this browser can hold."""
    size = page.viewport_size or {"width": DESK, "height": TALLEST}
    height = min(int(page.evaluate("() => document.documentElement.scrollHeight")), TALLEST)
    for is_last in (False, True):
        try:
            page.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": size["width"], "height": height})
            return
        except Error:
            # A machine that is busy sometimes gives Chromium no surface in time; twice in a row it does not.
            if is_last:
                raise


def measured(page: Page, name: str, *given: object) -> Iterator[str]:
    """Yield what one measure complains of."""
    found = page.evaluate(f"given => {MEASURES}[given[0]](...given.slice(1))", [name, *given])
    yield from (f"{name}: {each}" for each in found)


def opened(browser: Browser, report: Path, width: int, scheme: str) -> tuple[Page, list[str]]:
    """Open a report without a network, and return what goes wrong in it as it happens."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
    page = context.new_page()
    wrong: list[str] = []

    def answered(dialog: Dialog) -> None:
        wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    page.on("console", lambda said: wrong.append(f"console: {said.text}"))
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on("dialog", answered)
    page.on("popup", lambda other: wrong.append(f"another window: {other.url}"))
    own = report.resolve().as_uri()
    page.on("request", lambda asked: None if asked.url.partition("#")[0] == own else wrong.append(f"asks {asked.url}"))
    page.goto(own)
    return page, wrong


def axe(page: Page, source: str) -> Iterator[str]:
    """Yield what axe-core calls a violation."""
    page.evaluate(source)
    found = page.evaluate("async () => (await axe.run()).violations")
    for each in found:
        yield f"axe {each['impact']} {each['id']}: {each['nodes'][0]['html'][:100]} ({len(each['nodes'])})"


def by_keyboard(page: Page, address: str) -> Iterator[str]:
    """Yield what somebody without a mouse would miss: the skip link, the order, the ring, the folded parts."""
    page.keyboard.press("Tab")
    if 'class="skip"' not in page.evaluate(ADDRESS):
        yield "keyboard: the first stop is not the link that skips to the report"
    if not page.evaluate(FOCUSED)["shown"]:
        yield "keyboard: the skip link is not seen when it has the focus"
    page.keyboard.press("Enter")
    if page.evaluate("() => document.activeElement.id") != "report":
        yield "keyboard: the skip link does not lead into the report"
    page.goto(address)
    last, stops, wanted = -1, 0, page.evaluate(STOPS)
    while stops <= wanted:
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at is None:
            break
        stops += 1
        if at["place"] <= last:
            yield f"keyboard: out of order at {at['said']}"
        if not at["ringed"]:
            yield f"keyboard: no ring around {at['said']}"
        last = at["place"]
    if stops != wanted:
        yield f"keyboard: {stops} stops for {wanted} things to stop at"
    for summary in page.locator("summary").all()[:5]:
        if not summary.is_visible():
            continue
        before = summary.evaluate("each => each.parentElement.open")
        summary.focus()
        page.keyboard.press("Enter")
        if summary.evaluate("each => each.parentElement.open") is before:
            yield "keyboard: a folded part does not open by Enter"


def by_mouse(page: Page) -> Iterator[str]:
    """Yield which link of the page does not lead to its place."""
    for each in page.locator("nav a, td a, th a, .back a").all():
        address = each.get_attribute("href") or ""
        if address.startswith("#"):
            each.click()
            if not page.evaluate(IN_VIEW, address[1:]):
                yield f"mouse: {address} is not in view after a click"


def visit(browser: Browser, report: Path, source: str) -> Iterator[str]:
    """Yield every complaint about one report."""
    for scheme in SCHEMES:
        page, wrong = opened(browser, report, DESK, scheme)
        pictured(page, report.with_suffix(f".{scheme}.png"))
        for measure in ("headings", "structure", "inert", "width"):
            yield from measured(page, measure)
        page.evaluate("() => document.querySelectorAll('details').forEach(each => { each.open = true; })")
        yield from measured(page, "contrast", LEAST_CONTRAST)
        yield from axe(page, source)
        yield from wrong
        page.context.close()
    page, wrong = opened(browser, report, DESK, "light")
    yield from by_keyboard(page, report.resolve().as_uri())
    page.goto(report.resolve().as_uri())
    yield from by_mouse(page)
    yield from wrong
    page.context.close()
    page, wrong = opened(browser, report, PHONE, "light")
    pictured(page, report.with_suffix(".phone.png"))
    yield from (f"phone {each}" for each in measured(page, "width"))
    yield from axe(page, source)
    page.context.close()
    page, wrong = opened(browser, report, SHEET, "dark")
    page.emulate_media(media="print")
    pictured(page, report.with_suffix(".print.png"))
    yield from measured(page, "paper")
    yield from measured(page, "contrast", LEAST_CONTRAST)
    for paper in ("A4", "Letter"):
        printed = page.pdf(path=report.with_suffix(f".{paper.lower()}.pdf"), format=paper, print_background=True)
        if not printed.startswith(b"%PDF-"):
            yield f"{paper} is not printed"
    yield from wrong
    page.context.close()


def shows_hostile_names(browser: Browser, report: Path) -> Iterator[str]:
    """Yield where a hostile name is not shown as the text that it is."""
    page, _ = opened(browser, report, DESK, "light")
    page.evaluate("() => document.querySelectorAll('details').forEach(each => { each.open = true; })")
    text = page.inner_text("body")
    for name in ("<script>alert(1)</script>", '"><img src=x onerror=alert(2)>', "{{ 7*7 }}", "&lt;b&gt;", "</style>"):
        if name not in text:
            yield f"{name} is not shown as it is"
    page.context.close()


def main(folder: Path, axe_file: Path) -> int:
    """Return 0 where no report gives a reason to complain."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        sys.exit(f"No browser was found on the path; install one of {', '.join(CHROMIUM)}.")
    source = axe_file.read_text(encoding="utf-8")
    rootless = [] if os.geteuid() else ["--no-sandbox"]  # Chromium's sandbox does not run for root
    complaints = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=rootless)
        print(f"{found}: Chromium {browser.version}")
        for report in sorted(folder.glob("*.html")):
            said = [*visit(browser, report, source)]
            if report.stem.startswith("hostile"):
                said += shows_hostile_names(browser, report)
            print(f"{report.name}: {'good' if not said else f'{len(said)} complaints'}")
            print("".join(f"  {each}\n" for each in said), end="")
            complaints += len(said)
        browser.close()
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
