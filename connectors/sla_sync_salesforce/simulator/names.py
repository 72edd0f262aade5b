"""The rules for API names and labels. The rules are documented; the texts follow what orgs are reported to answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
NAME_LIMIT = 40
LABEL_LIMIT = 40


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


def too_long(what: str, text: str, limit: int) -> Iterator[str]:
    """Yield that a text is longer than the platform keeps."""
    if len(text) > limit:
        yield f"{what}: data value too large: {text} (max length={limit})"
