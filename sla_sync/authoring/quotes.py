"""Quotation marks: they stay where a text would read as something else without them, here or in another tool."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import yaml
from yaml.nodes import ScalarNode
from yaml.tokens import ScalarToken

from sla_sync.agreement.scalars import UnusableNumberError, key_text, resolved
from sla_sync.authoring.tokens import Closing, Edit, Opening, edited, placed, seen

_PLAIN = re.compile(r"[^\W_](?:[^\n:#,\[\]{}*&!|>]|:(?=\S)|(?<=\S)#)*")
"""What is surely one text wherever it stands; no more than that is unquoted."""
_TEXT = "tag:yaml.org,2002:str"


def without_idle_quotes(text: str) -> str:
    """Return the text without the quotation marks that nobody needs."""
    return edited(text, _edits(text))


def in_flow(value: str) -> str:
    """Return a text as it is written inside braces: bare where it can be read as nothing else, else in quotation marks."""
    return value if _needs_none(value, inside=True) else json.dumps(value, ensure_ascii=False)


def _edits(text: str) -> Iterator[Edit]:
    depth = 0
    for each in seen(placed(text)):
        depth += isinstance(each.token, Opening)
        depth -= isinstance(each.token, Closing)
        token = each.token
        if not isinstance(token, ScalarToken) or token.style not in {"'", '"'} or each.last_line > each.line:
            continue
        if _needs_none(token.value, inside=depth > 0):
            yield Edit(each.start, each.end, token.value)


def _needs_none(value: str, *, inside: bool) -> bool:
    if not _PLAIN.fullmatch(value) or not value.isprintable() or value != value.strip():
        return False
    return not (inside and ":" in value) and _is_text(value)


def _is_text(value: str) -> bool:
    try:
        here = isinstance(resolved(value), str) and key_text(value) is not None
    except UnusableNumberError:
        return False
    # PyYAML by itself reads YAML 1.1, as many tools do: `on` is true there, and `10:00` a number.
    return here and yaml.resolver.Resolver().resolve(ScalarNode, value, (True, False)) == _TEXT  # type: ignore[no-untyped-call]
