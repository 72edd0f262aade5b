"""The rules for API names and labels. The rules are documented; the texts follow what orgs are reported to answer."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
NAME_LIMIT = 40
LABEL_LIMIT = 40
# The words of SOQL and Apex that cannot name an object or a field; see "Reserved Keywords".
_RESERVED = frozenset(
    "AND AS ASC BY CASE CLASS DELETE DESC ELSE FROM GROUP HAVING IN INSERT INTO LIKE LIMIT NOT NULL NULLS OR ORDER SELECT"
    " SET THEN UPDATE UPSERT USING WHEN WHERE WITH".split()
)


def wrong_name(what: str, name: str, *, limit: int = NAME_LIMIT) -> Iterator[str]:
    """Yield what is wrong with an API name (without its suffix)."""
    if not _NAME.fullmatch(name) or "__" in name or name.endswith("_"):
        yield (
            f"{what}: The {what} can only contain underscores and alphanumeric characters. It must be unique, begin with"
            " a letter, not include spaces, not end with an underscore, and not contain two consecutive underscores."
            f" Name: {name}"
        )
    elif len(name) > limit:
        yield f"{what}: data value too large: {name} (max length={limit})"


def reserved(what: str, name: str) -> Iterator[str]:
    """Yield that an API name is a word that the platform keeps for itself."""
    if name.upper() in _RESERVED:
        yield f"The {what} '{name}' is a reserved keyword. Please use a different name."


def too_long(what: str, text: str, limit: int) -> Iterator[str]:
    """Yield that a text is longer than the platform keeps."""
    if len(text) > limit:
        yield f"{what}: data value too large: {text} (max length={limit})"


def blank(values: Mapping[str, object], *members: str) -> Iterator[str]:
    """Yield the members that must say something and do not."""
    for member in members:
        if not str(values.get(member) or "").strip():
            yield f"Required field is missing: {member}"


def beyond(what: str, members: Iterable[str], executed: Collection[str]) -> Iterator[str]:
    """Yield the members that the platform knows and this double of it does not execute."""
    for member in sorted(set(members) - {*executed, "fullName"}):
        yield f"'{member}' of {what} is not implemented by this simulator"
