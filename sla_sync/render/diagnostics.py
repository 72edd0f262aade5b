"""Findings as text, Markdown and JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise

from sla_sync.conventions import FORMAT_VERSION
from sla_sync.diagnostics import Diagnostic, Location, errors_in, spell
from sla_sync.render.words import tally, visible

_SECRETIVE = frozenset({"SLA902"})
"""Findings about secrets: to show the line would be to tell the secret."""

Excerpt = Callable[[Location], str]
"""The line of a file with a caret below the place, or an empty text where the file is not at hand."""


def findings_as_text(diagnostics: Iterable[Diagnostic], excerpt: Excerpt = lambda _: "") -> str:
    """Return every finding with its place, an excerpt and its hint, and a tally at the end."""
    found = list(diagnostics)
    blocks = [_block(each, excerpt) for each in found]
    return "\n".join([*blocks, f"{tally(found)}."])


def verdict_as_text(diagnostics: Iterable[Diagnostic], document: object, excerpt: Excerpt = lambda _: "") -> str:
    """Return every finding, and that the document is valid where none of them is an error."""
    found = tuple(diagnostics)
    valid = () if errors_in(found) else (f"{document} is valid.",)
    return "\n".join([*([findings_as_text(found, excerpt)] if found else []), *valid])


def _block(found: Diagnostic, excerpt: Excerpt) -> str:
    place = f"{found.location}: " if found.location else ""
    where = f" [{spell(found.path)}]" if found.path else ""
    lines = [visible(f"{place}{found.severity} {found.code}: {found.message}{where}")]
    shown = excerpt(found.location) if found.location and found.code not in _SECRETIVE else ""
    lines += [f"    {line}" for line in shown.splitlines()]
    if found.hint:
        lines.append(visible(f"    → {found.hint}"))
    return "\n".join(lines)


def findings_as_json(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the findings as JSON with a `format_version`."""
    found = list(diagnostics)
    return json.dumps(
        {"format_version": FORMAT_VERSION, "findings": [finding_as_plain(each) for each in found]},
        indent=2,
        ensure_ascii=False,
    )


def finding_as_plain(found: Diagnostic) -> Mapping[str, object]:
    """Return one finding as JSON can say it."""
    place = found.location
    return {
        "code": found.code,
        "severity": str(found.severity),
        "message": found.message,
        "hint": found.hint,
        "path": spell(found.path),
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
    }


def findings_as_markdown(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the findings as a list for a pull request."""
    found = list(diagnostics)
    lines = [f"**{tally(found).capitalize()}.**"]
    if found:
        lines.append("")
    for each in found:
        place = each.location or spell(each.path)
        hint = f" {escape(each.hint)}" if each.hint else ""
        lines.append(f"- `{each.code}` {each.severity} at `{place}`: {escape(each.message)}{hint}")
    return "\n".join(lines)


_MARKDOWN = str.maketrans({letter: f"\\{letter}" for letter in "\\`*_{}[]<>#|&"})


_CALLS = re.compile(r"@(?=\w)|(?:#|!|\bGH)(?=-?\d)|\b(?:https?|ftp|mailto|xmpp)(?=:)|\bwww(?=\.)", re.IGNORECASE)
_NOTHING = "<!-- -->"
"""What Markdown shows nothing of. The hosts of code look for mentions and addresses in a text without a break in it."""


def escape(text: str) -> str:
    """Return text that Markdown shows as it stands, on one line, and in which nobody is called and nothing is linked."""
    plain = visible(text).replace("\n", " ")
    cut = [0, *(found.end() for found in _CALLS.finditer(plain)), len(plain)]
    return _NOTHING.join(plain[start:end].translate(_MARKDOWN) for start, end in pairwise(cut))
