"""What must hold for every input, however it was made: an answer in the end, and a place for every complaint."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

from sla_sync.agreement.characters import checked
from sla_sync.agreement.expressions import (
    ExpressionError,
    parse_event,
    parse_expression,
    parse_measure,
    print_event,
    print_expression,
    print_measure,
)
from sla_sync.agreement.load import load_agreement
from sla_sync.agreement.source import Source
from sla_sync.authoring.layout import laid_out, readable
from sla_sync.authoring.meaning import interchangeable
from sla_sync.diagnostics import Diagnostic
from sla_sync.errors import DocumentError
from sla_sync.lint import lint

ROOT = Path(__file__).parents[2]
SEEDS = sorted([*(ROOT / "configs").rglob("*.yaml"), *(ROOT / "tests" / "invalid").rglob("*.yaml")])
TODAY = date(2026, 11, 1)
_PARSERS: tuple[tuple[Callable[[str], object], Callable[..., str]], ...] = (
    (parse_expression, print_expression),
    (parse_measure, print_measure),
    (parse_event, print_event),
)
_VALUE = re.compile(r"(?:when|where|enter_when|measure|starts|stops|pauses|excused_if): ([^,{}\n#]+)")


def documents(content: bytes, folder: Path) -> None:
    """Read and judge an agreement of any bytes. Raises AssertionError where a finding lacks place, sentence or hint."""
    path = folder / "agreement.yaml"
    path.write_bytes(content)
    loaded = load_agreement(path, root=folder)
    found = list(loaded.diagnostics)
    if loaded.value is None:
        assert found, "a document that cannot be used says why"
    else:
        judged = lint(loaded.value, {}, TODAY, source=loaded.source)
        found += [each.located(loaded.source, {}) for each in judged]
    for each in found:
        _placed(each, loaded.source)


def _placed(found: Diagnostic, source: Source) -> None:
    assert re.fullmatch(r"SLA\d{3}", found.code)
    assert found.message.rstrip().endswith((".", "?", "!")), found
    assert found.location is not None, found
    lines = source.text_of(found.location.file)
    assert 1 <= found.location.line <= max(1, len(lines)), found
    line = lines[found.location.line - 1] if lines else ""
    assert 1 <= found.location.column <= len(line) + 1, found
    source.excerpt(found.location)


def expressions(text: str) -> None:
    """Read any text as each kind of expression. Raises AssertionError where one is neither read nor refused with a place."""
    for parse, show in _PARSERS:
        meaning = _read(parse, text)
        if isinstance(meaning, ExpressionError):
            assert 0 <= meaning.offset <= len(text), meaning
            assert meaning.message.endswith("."), meaning
        else:
            assert parse(show(meaning)) == meaning, "what is printed reads as the same"


def _read(parse: Callable[[str], object], text: str) -> object:
    try:
        return parse(text)
    except ExpressionError as error:
        return error


def layouts(content: bytes) -> None:
    """Lay out any bytes. Raises AssertionError where something that is said or noted changes, or a second time changes it."""
    text = _readable(content)
    if isinstance(text, DocumentError):
        assert text.diagnostics
        assert all(each.location is not None for each in text.diagnostics)
        return
    new = laid_out(text)
    assert interchangeable(text, new)
    assert checked(new, "").finding is None
    assert laid_out(new) == new


def _readable(content: bytes) -> str | DocumentError:
    try:
        return readable(content, "agreement.yaml")
    except DocumentError as error:
        return error


def expressions_of_the_seeds() -> Iterator[str]:
    """Yield every expression of the documents from which fuzzing begins."""
    for path in SEEDS:
        yield from (each.strip() for each in _VALUE.findall(path.read_text(encoding="utf-8", errors="replace")))


def words() -> tuple[str, ...]:
    """Return the words and signs of the documents from which fuzzing begins, for inputs that mean something."""
    text = "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in SEEDS)
    return (
        *sorted(set(re.findall(r"[A-Za-z_]{2,}", text))),
        ": ",
        "- ",
        "{",
        "}",
        "[",
        "]",
        "&a ",
        "*a",
        "|",
        ">-",
        "#",
    )


def seeds(target: str) -> Mapping[str, bytes]:
    """Return the inputs from which fuzzing of a target begins, by name."""
    if target == "expressions":
        texts = dict.fromkeys(expressions_of_the_seeds())
        return {f"{number:03}": each.encode() for number, each in enumerate(texts)}
    return {f"{number:03}-{path.stem}": path.read_bytes() for number, path in enumerate(SEEDS)}
