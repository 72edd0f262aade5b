"""The tutorial and the guides are followed from their first command to their last, and print what they show."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.cli.conftest import Run, here, run
from tests.docs.staging import DOCS
from tests.docs.walking import Walk, edited, walk

__all__ = ["here", "run"]


def _empty(folder: Path) -> None:
    shutil.rmtree(folder / "configs")


def _examples(folder: Path) -> None:
    assert (folder / "configs/acme").is_dir()


WALKS: Mapping[str, Callable[[Path], None]] = {
    "tutorial.md": _empty,
    "how-to/first-org.md": _empty,
    "how-to/existing-org.md": _examples,
    "how-to/from-slides.md": _empty,
    "how-to/hubspot-only.md": _empty,
    "how-to/both-platforms.md": _empty,
    "how-to/several-regions.md": _empty,
    "how-to/pull-requests.md": _empty,
    "how-to/night-audit.md": _empty,
}
"""Page → what is in the folder in which a reader begins: nothing, or the examples of the repository."""


@pytest.mark.slow
@pytest.mark.parametrize("name", WALKS)
def test_a_page_can_be_followed(name: str, run: Run, here: Path) -> None:
    WALKS[name](here)
    page = (DOCS / name).read_text(encoding="utf-8")
    walking = Walk(here, run, [])
    walk(walking, page)
    assert walking.told == page.count("\n$ sla-sync "), "every command of the page was run"


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("```\n$ sla-sync --version\nsla-sync for ever\n```\n", "prints no such line here: sla-sync for ever"),
        ("```\n$ sla-sync rules SLA999\n```\n", "leaves with 1"),
        ("<!-- edit: a.yaml -->\n```diff\n-b: 1\n+b: 2\n```\n", "stands 0 times in the file"),
    ],
)
def test_a_page_that_shows_what_is_not_so_is_found(page: str, said: str, run: Run, here: Path) -> None:
    (here / "a.yaml").write_text("a: 1\n", encoding="utf-8")
    with pytest.raises(AssertionError, match=said):
        walk(Walk(here, run, []), page)


@pytest.mark.parametrize("name", WALKS)
def test_a_reader_sees_which_file_an_edit_is_about(name: str) -> None:
    page = (DOCS / name).read_text(encoding="utf-8")
    for found in re.finditer(r"^<!-- (?:edit|file): (\S+) -->$", page, re.MULTILINE):
        said = page[: found.start()].rpartition("\n#")[2].rpartition("\n```\n")[2]
        assert f"`{found[1]}`" in said, f"{name} does not say in words that this is in {found[1]}"


def test_an_edit_replaces_the_lines_that_it_shows_and_nothing_else() -> None:
    assert edited("a: 1\nb: 2\nc: 3\n", "-b: 2\n+b: 4\n+d: 5\n") == "a: 1\nb: 4\nd: 5\nc: 3\n"
    assert edited("a: 1\nb: 2\n", " a: 1\n+c: 3\n") == "a: 1\nc: 3\nb: 2\n"
    assert edited("a: 1\nb: 2\n", "+c: 3\n b: 2\n") == "a: 1\nc: 3\nb: 2\n"
    with pytest.raises(AssertionError, match="stands 2 times"):
        edited("a: 1\na: 1\n", "-a: 1\n+a: 2\n")
