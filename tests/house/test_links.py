"""Every link between the documents leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")])
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(?P<text>.+?) *$", re.MULTILINE)
CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def anchors(document: Path) -> set[str]:
    """Return the anchors that GitHub makes from the headings of a document."""
    text = CODE.sub("", document.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", found["text"].lower()).replace(" ", "-") for found in HEADING.finditer(text)}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_every_link_of_a_document_leads_to_a_file_and_a_heading_of_it(document: Path) -> None:
    broken = []
    for found in LINK.finditer(CODE.sub("", document.read_text(encoding="utf-8"))):
        target = found["target"]
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (document.parent / name).resolve() if name else document
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert broken == []


def test_every_page_of_the_documentation_is_linked_from_its_index() -> None:
    index = (PROJECT / "docs/index.md").read_text(encoding="utf-8")
    linked = {found["target"].partition("#")[0] for found in LINK.finditer(index)}
    pages = {path.relative_to(PROJECT / "docs").as_posix() for path in (PROJECT / "docs").rglob("*.md")}
    assert sorted(pages - linked - {"index.md"}) == []
