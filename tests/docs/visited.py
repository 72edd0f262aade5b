"""Visits the site in Chromium and complains; run by `make browser` in an environment that has Playwright.

    python visited.py FOLDER AXE     FOLDER holds the built site; AXE is axe-core's file

Each page is looked at on a desk and on a phone, light and dark: nothing asked from outside, nothing wider than the window, no
violation that axe-core knows, no word in the console; and the search finds something. Imports nothing of this project.
"""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
WINDOWS = {"desk": 1280, "phone": 390}
"""Pixels."""
PAGES = ("", "tutorial/", "how-to/pull-requests/", "reference/commands/", "language/", "troubleshooting/")
WORD, FOUND = "UNABLE_TO_LOCK_ROW", "What Salesforce refuses"
"""What is looked for, and the heading under which it stands; neither is on the first page."""
WIDER = "() => document.documentElement.scrollWidth > innerWidth"
AXE = "async () => (await axe.run()).violations"


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server of files that says nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
        """Say nothing."""


def visit(browser: Browser, site: str, axe: str, *, width: int, scheme: str) -> Iterator[str]:
    """Yield what is wrong with the pages in a window of this width and scheme."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    wrong: list[str] = []
    page.on(
        "request", lambda asked: None if asked.url.startswith((site, "data:", "blob:")) else wrong.append(asked.url)
    )
    page.on("console", lambda said: wrong.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    for path in PAGES:
        page.goto(f"{site}/{path}")
        page.evaluate(axe)
        if page.evaluate(WIDER):
            yield f"/{path} is wider than the window"
        for found in page.evaluate(AXE):
            yield f"/{path} axe {found['impact']} {found['id']}: {found['nodes'][0]['html'][:100]}"
    yield from wrong
    context.close()


def search(browser: Browser, site: str) -> Iterator[str]:
    """Yield what is wrong with the search."""
    page = browser.new_page()
    page.goto(site)
    page.wait_for_load_state("networkidle")
    page.keyboard.press("Control+k")
    page.wait_for_timeout(500)
    page.keyboard.type(WORD, delay=20)
    try:
        page.get_by_text(FOUND).first.wait_for(timeout=10_000)
    except Exception as error:  # noqa: BLE001 - whatever keeps it from being found
        yield f"the search does not find a code: {str(error).splitlines()[0]}"
    page.close()


def main(folder: Path, axe_file: Path) -> int:
    """Return 0 where no page gives a reason to complain."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        sys.exit(f"No browser was found on the path; install one of {', '.join(CHROMIUM)}.")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site, axe, said = f"http://127.0.0.1:{server.server_port}", axe_file.read_text(encoding="utf-8"), 0
    rootless = [] if os.geteuid() else ["--no-sandbox"]  # Chromium's sandbox does not run for root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=rootless)
        for scheme in ("light", "dark"):
            for window, width in WINDOWS.items():
                complaints = list(visit(browser, site, axe, width=width, scheme=scheme))
                print(f"the site, {window}, {scheme}: {'good' if not complaints else f'{len(complaints)} complaints'}")
                print("".join(f"  {each}\n" for each in complaints), end="")
                said += len(complaints)
        complaints = list(search(browser, site))
        print(f"the search: {complaints[0] if complaints else 'good'}")
        browser.close()
    return 1 if said + len(complaints) else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
