"""Revisions for tests: the example, or any agreement, with pieces of its text replaced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.digest import meaning_digest
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.source import read_text_source
from sla_sync.registry import load_connector
from sla_sync.review.amendments import Amendment, Difference, Revision
from sla_sync.review.difference import difference
from tests.agreement.documents import CONFIGS

ACME = CONFIGS / "acme"

Replacements = Iterable[tuple[str, str] | list[str]]


def revision(
    *agreement: tuple[str, str] | list[str],
    bindings: Mapping[str, Replacements] | None = None,
    holidays: Mapping[str, str] | None = None,
    folder: Path = ACME,
    name: str = "HEAD",
) -> Revision:
    """Return the agreement of a folder with texts replaced, each of which must stand in it once or more.

    `bindings` are replacements by connector; only the bindings named there are read again, the others are kept.
    """
    texts = _texts(folder)
    read = _agreement(changed(texts["agreement.yaml"], agreement))
    asked = bindings or {}
    bound = {}
    for file, text in texts.items():
        connector = Path(file).stem
        if file.startswith("bindings/"):
            bound[connector] = _binding(changed(text, asked.get(connector, ())), connector)
    days = dict(holidays or {})
    return Revision(name, read, bound, days, meaning_digest(read, bound.values(), days))


def acme(*agreement: tuple[str, str] | list[str], **besides: Replacements) -> Revision:
    """Return the example with texts of its agreement replaced, and of its bindings by the name of the connector."""
    return revision(*agreement, bindings=besides)


def change(*agreement: tuple[str, str] | list[str], **besides: Replacements) -> Difference:
    """Return what the example and the example with texts replaced differ in."""
    return difference(acme(), acme(*agreement, **besides))


def only(found: Difference) -> Amendment:
    """Return the one amendment of a difference."""
    assert len(found.amendments) == 1, [each.sentence for each in found.amendments]
    return found.amendments[0]


def changed(text: str, replacements: Replacements) -> str:
    """Return a text with pieces replaced; each must be there, so that no test changes nothing."""
    for old, new in replacements:
        assert old in text, f"{old!r} does not stand in the text"
        text = text.replace(old, new)
    return text


@cache
def _texts(folder: Path) -> Mapping[str, str]:
    files = (folder / "agreement.yaml", *sorted((folder / "bindings").glob("*.yaml")))
    return {str(each.relative_to(folder)): each.read_text(encoding="utf-8") for each in files}


@cache
def _agreement(text: str) -> Agreement:
    return Agreement.model_validate(_data(text))


@cache
def _binding(text: str, connector: str) -> BindingDocument:
    return load_connector(connector).binding.model_validate(_data(text))


def _data(text: str) -> Mapping[str, object]:
    source = read_text_source(text)
    assert source.data is not None, source.diagnostics
    return source.data
