"""Looks at the site as it was built: nothing is fetched from outside, and every page of the index is there.

python -m tests.docs.built FOLDER     exits with 1 where there is something to complain of
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from lxml import html
from markdown_it import MarkdownIt

from tests.docs.staging import DOCS, entries

_FETCHED = (
    "//@src | //link[@rel='stylesheet' or @rel='preload' or @rel='preconnect' or @rel='icon']/@href | //form/@action"
)


def complaints(folder: Path) -> Iterator[str]:
    """Yield what is wrong with the site in a folder."""
    pages = sorted(folder.rglob("*.html"))
    for path in pages:
        for address in map(str, html.parse(path).xpath(_FETCHED)):
            if address.partition("//")[0] in {"http:", "https:", ""} and "//" in address:
                yield f"{path.relative_to(folder)} fetches {address}"
    for _, title, page in entries((DOCS / "index.md").read_text(encoding="utf-8")):
        if not (folder / page.removesuffix(".md") / "index.html").is_file():
            yield f"«{title}» of the index is not on the site"
    yield from _otherwise(folder)
    for path in sorted(folder.rglob("*.css")):
        if "url(http" in path.read_text(encoding="utf-8") or "@import" in path.read_text(encoding="utf-8"):
            yield f"{path.relative_to(folder)} fetches something from outside"
    if not (folder / "search.json").is_file():
        yield "there is no search"
    print(f"{len(pages)} pages in {folder}; look at them with: python -m http.server --directory {folder}")


def _otherwise(folder: Path) -> Iterator[str]:
    """Yield where the site shows other lists, tables and headings than GitHub does: two readers of one Markdown."""
    reader = MarkdownIt("commonmark").enable("table")
    for _, _, page in entries((DOCS / "index.md").read_text(encoding="utf-8")):
        text = (folder.parent / "pages" / page).read_text(encoding="utf-8").partition("---\nsearch")[0]
        there = html.parse(folder / page.removesuffix(".md") / "index.html")
        here = html.fromstring(reader.render(text) or "<p/>")
        for name in ("h2", "h3", "li", "tr", "pre"):
            counts = len(here.findall(f".//{name}")), len(there.findall(f".//article//{name}"))
            if text and counts[0] != counts[1]:
                yield f"{page} has {counts[0]} <{name}> on GitHub and {counts[1]} on the site"


def main(folder: Path) -> int:
    """Return 0 where there is nothing to complain of."""
    found = list(complaints(folder))
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
