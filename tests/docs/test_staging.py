"""The site has every page, links that lead somewhere on it, and the navigation of the index."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.docs.reference import made
from tests.docs.staging import DOCS, LINK, PROJECT, entries, moved, place_of, stage

INDEX = (DOCS / "index.md").read_text(encoding="utf-8")


def test_every_page_stands_once_in_the_navigation() -> None:
    listed = [page for _, _, page in entries(INDEX)]
    pages = {place_of(path) for path in DOCS.rglob("*.md") if "examples" not in path.relative_to(DOCS).parts}
    assert sorted(listed) == sorted(set(listed))
    assert sorted(pages - set(listed) - {"index.md"}) == []


def test_what_is_staged_has_every_link_on_the_site_and_a_navigation_that_can_be_read(tmp_path: Path) -> None:
    stage(tmp_path)
    pages = tmp_path / "pages"
    for path in pages.rglob("*.md"):
        for found in LINK.finditer(path.read_text(encoding="utf-8")):
            target = found["target"].partition("#")[0]
            if target and ":" not in target and "files/" in target:
                assert (path.parent / target).is_file(), f"{path}: {target}"
    config: Any = tomllib.loads((tmp_path / "zensical.toml").read_text(encoding="utf-8"))
    home, *sections = config["project"]["nav"]
    assert home == {"Home": "index.md"}
    assert [next(iter(each)) for each in sections] == [
        "Learn", "Guides", "Reference", "Explanation", "Trouble", "The project",
    ]  # fmt: skip
    assert config["project"]["theme"]["font"] is False


@pytest.mark.parametrize(
    ("said", "on_site"),
    [
        ("[a](targets.md#salesforce)", "[a](targets.md#salesforce)"),
        ("[a](../README.md)", "[a](project/readme.md)"),
        ("[a](../configs/acme/agreement.yaml)", "[a](files/configs/acme/agreement.yaml.md)"),
        ("[a](schema)", "[a](files/docs/schema.md)"),
        ("[a](https://example.org/x)", "[a](https://example.org/x)"),
        ("[a](#there)", "[a](#there)"),
        ("```\n[a](../README.md)\n```\n", "```\n[a](../README.md)\n```\n"),
    ],
)
def test_a_link_leads_to_the_same_on_the_site(said: str, on_site: str) -> None:
    assert moved(said, DOCS / "why.md") == on_site


def test_a_document_at_the_top_of_the_repository_finds_its_pages_on_the_site() -> None:
    assert moved("[a](docs/language.md#roles)", PROJECT / "README.md") == "[a](../language.md#roles)"


@pytest.mark.parametrize("path", made(), ids=lambda path: path.name)
def test_a_page_that_is_made_from_the_code_is_as_the_code_is(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == made()[path], "Run: make docs"
