"""What of a row may be kept: pseudonyms in place of ids, agreed words in place of texts, and that something was known.

Every row goes through here before any of it touches the disk. An id becomes a hash that only the key can make, so that the
same id is the same pseudonym in every table and every export. Numbers stay where the agreement compares them with numbers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import Final

from sla_sync.agreement.expressions.tree import Text, TextTest
from sla_sync.agreement.expressions.words import as_number
from sla_sync.errors import SlaSyncError
from sla_sync.history.parquet import SYNTHETIC_PREFIX
from sla_sync.history.tables import FACTS, Kind, Table
from sla_sync.history.wanted import Use, Wanted

KNOWN: Final = "known"
"""Stands for a text that nothing is compared with."""
OTHER: Final = "other"
"""Stands for a text that is none of the words with which it is compared."""
UNAGREED: Final = "not agreed"
"""Stands for a stage, a reason, a source … that is no word of the agreement."""
_GAP: Final = "…"
_ANSWERS: Final = frozenset({"yes", "no", "true", "false"})
_LENGTH: Final = 12
"""Bytes of a pseudonym: two of a billion ids would meet once in a hundred billion histories."""
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@:+-]{0,79}")
_UNUSED = Use()
_CONTAINS, _STARTS, _ENDS = TextTest.CONTAINS, TextTest.STARTS_WITH, TextTest.ENDS_WITH
_HOLDS = {_CONTAINS: lambda text, part: part in text, _STARTS: str.startswith, _ENDS: str.endswith}


@dataclass(frozen=True)
class Privacy:
    """How rows are made fit to be kept. `forgotten` are the hashes of leads of whom nothing is kept any more."""

    key: bytes = field(repr=False)
    wanted: Wanted
    pseudonyms: bool = True
    forgotten: Collection[str] = ()

    @cached_property
    def fingerprint(self) -> str:
        """What tells one key from another, and tells nobody the key."""
        return self.hashed("fingerprint of the key")[:16]

    def hashed(self, text: str) -> str:
        """Return the hash of a text that only this key makes."""
        return blake2b(text.encode(), key=self.key, digest_size=_LENGTH).hexdigest()

    def identity(self, identity: str) -> str:
        """Return an id as it is kept."""
        return self.hashed(identity) if self.pseudonyms else identity

    def is_forgotten(self, row: Mapping[str, object]) -> bool:
        """Return whether a row is of a lead of whom nothing is to be kept."""
        return bool(self.forgotten) and "lead" in row and self.hashed(str(row["lead"])) in self.forgotten

    def kept(self, table: Table, row: Mapping[str, object]) -> dict[str, object]:
        """Return what of a row is kept. Raises SlaSyncError where a generator made it."""
        found: dict[str, object] = {}
        for column in table.columns:
            value = row.get(column.name)
            if value is not None and column.kind is Kind.ID:
                value = self._kept_id(table, column.name, str(value))
            elif value is not None and column.kind is Kind.WORD:
                value = self._kept_word(table, column.name, str(value), row)
            found[column.name] = value
        return found

    def _kept_id(self, table: Table, column: str, identity: str) -> str:
        if identity.startswith(SYNTHETIC_PREFIX):
            raise SlaSyncError(
                f"A row of {table.name} has the {column} {identity}, and only ids of generated rows begin with "
                f"{SYNTHETIC_PREFIX}.",
                hint="Keep generated rows and real ones apart.",
            )
        return self.identity(identity)

    def _kept_word(self, table: Table, column: str, text: str, row: Mapping[str, object]) -> str:
        if table is FACTS and column == "value":
            return self._kept_value(self.wanted.fields.get(str(row["field"]), _UNUSED), text)
        allowed = self.wanted.columns.get(column)
        if allowed is not None:
            return text if text in allowed else UNAGREED
        return text if _VERSION.fullmatch(text) else UNAGREED

    def _kept_value(self, use: Use, text: str) -> str:
        if text in use.words or text.lower() in _ANSWERS:
            return text
        number = as_number(text)
        if number is not None and (use.is_number or any(as_number(each) == number for each in use.words)):
            return text
        if use.tests:
            return _tested(use, text)
        if use.is_watched:
            return f"{KNOWN} {self.hashed(text)}"
        return OTHER if use.words else KNOWN


def _tested(use: Use, text: str) -> str:
    """Return a text of which the same is true as of another, made of those parts of it alone that the agreement names."""
    held = _held(use, text)
    begins = max((each.text for each in held if each.test is _STARTS), key=len, default="")
    ends = max((each.text for each in held if each.test is _ENDS), key=len, default="")
    within = [each.text for each in held if each.test is _CONTAINS]
    made = [OTHER, _GAP] if not held else [_GAP.join([begins, *within, ends])]
    return next((each for each in made if each not in use.words and _held(use, each) == held), OTHER)


def _held(use: Use, text: str) -> list[Text]:
    return [each for each in use.tests if _holds(each, text)]


def _holds(test: Text, text: str) -> bool:
    return bool(_HOLDS[test.test](text, test.text))
