"""Sets of texts: what a text is or is not, and what it begins with, ends with or contains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sla_sync.agreement.expressions.tree import TextTest
from sla_sync.agreement.reasoning.lead import Other

_FILLERS = "xyzqjkvwabcdefghilmnoprstu0123456789-_"


@dataclass(frozen=True, slots=True)
class Texts:
    """`only` these texts where some are named, `without` those, and each test with whether it holds."""

    only: tuple[str, ...] | None = None
    without: tuple[str, ...] = ()
    tests: tuple[tuple[TextTest, str, bool], ...] = ()


def example_of(texts: Texts) -> str | Other | None:
    """Return a text of the set, or what it must not be; None where the set is empty.

    Where no text is named, one is put together: the longest beginning, whatever it must contain and the longest ending,
    with a character between them that stands in no text of any test. If any text passes, this one does: what it must
    not contain can stand only inside one of its parts, which every text that passes has too.
    """
    if texts.only is not None:
        return next((each for each in texts.only if _passes(texts, each)), None)
    built = _built(texts)
    if not _passes(texts, built):
        return None
    return built if any(holds for _, _, holds in texts.tests) else Other(built, texts.without)


def _passes(texts: Texts, text: str) -> bool:
    return text not in texts.without and all(_meets(text, test, part) is holds for test, part, holds in texts.tests)


def _meets(text: str, test: TextTest, part: str) -> bool:
    match test:
        case TextTest.CONTAINS:
            return part in text
        case TextTest.STARTS_WITH:
            return text.startswith(part)
        case TextTest.ENDS_WITH:
            return text.endswith(part)


def _built(texts: Texts) -> str:
    filler = next(_unused(texts))
    parts = {
        test: sorted((part for each, part, holds in texts.tests if each is test and holds), key=len)
        for test in TextTest
    }
    beginning, ending = (parts[test][-1:] or [""] for test in (TextTest.STARTS_WITH, TextTest.ENDS_WITH))
    return filler.join((*beginning, *parts[TextTest.CONTAINS], *ending))


def _unused(texts: Texts) -> Iterator[str]:
    """Yield characters that stand in no test and are no text that is left out."""
    used = {character for _, part, _ in texts.tests for character in part}.union(*texts.without)
    yield from (each for each in _FILLERS if each not in used)
    yield from (chr(each) for each in range(0x100, 0x110000) if chr(each) not in used and chr(each).isalpha())
