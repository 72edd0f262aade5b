"""What we assume of a platform is said in the documentation too."""

from __future__ import annotations

from tests.house.inferred import PAGE, assumptions, page


def test_a_comment_is_read_to_its_end() -> None:
    module = (
        "a = 1  # Inferred: one\nb = 2\n\n# Inferred: two\n# lines\nc = 3\n# no\n# Inferred: three\n# Inferred: four\n"
    )
    assert list(assumptions(module)) == ["one", "two lines", "three", "four"]


def test_a_docstring_is_read_to_the_end_of_its_paragraph() -> None:
    module = '"""A table. Inferred: half\nof it.\n\nThe rest is documented."""\n'
    assert list(assumptions(module)) == ["half of it."]


def test_the_page_of_what_is_inferred_repeats_the_comments_beside_the_code() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "Run: make docs"
