from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from sla_sync.explain import explain_markdown, explain_text
from sla_sync.explain.contents import page
from sla_sync.explain.html import as_html
from sla_sync.explain.page import Picture
from tests.explain.stories import EXAMPLES, GOLDENS, example, holds

DRAWN_WITH_TOOLS = ("From the revenue", "The leads that takes")


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_prose_of_every_example_is_as_it_was_read_and_approved(name: str) -> None:
    holds(f"{name.replace('/', '-')}.txt", explain_text(example(name)))


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_page_of_every_example_is_as_it_was_read_and_approved(name: str) -> None:
    holds(f"{name.replace('/', '-')}.md", explain_markdown(example(name)))


def test_the_html_of_acme_is_as_it_was_looked_at_and_approved() -> None:
    whole = page(example("acme"))
    # What the drawing tools make depends on their release and on the fonts of the machine; it has tests of its own.
    blocks = [
        replace(each, draw=lambda: "<svg></svg>")
        if isinstance(each, Picture) and each.title.startswith(DRAWN_WITH_TOOLS)
        else each
        for each in whole.blocks
    ]
    holds("acme.html", as_html(replace(whole, blocks=blocks)))


def test_no_golden_is_left_of_an_example_that_is_gone() -> None:
    names = {name.replace("/", "-") for name in EXAMPLES}
    assert {path.stem for path in GOLDENS.iterdir()} == names


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_read_aloud_has_whole_sentences_and_no_name_from_the_file(name: str) -> None:
    title, *paragraphs = explain_text(example(name)).split("\n\n")
    assert title
    for paragraph in paragraphs:
        text = " ".join(paragraph.split())
        assert text[0].isupper() or not text[0].isalpha()
        assert text.endswith((".", "?", "!"))
        assert ".." not in text
        assert "_" not in text
        assert "None" not in text
        for word, following in pairwise(text.split()):
            assert word != following, f"{word} {following}"
