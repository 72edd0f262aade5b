"""How values, paths and counts are spelled for people, the same in every format."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from sla_sync.diagnostics import Diagnostic, Severity
from sla_sync.reconcile.manifest import plain
from sla_sync.reconcile.settings import Ref, Value

LONGEST = 100
"""Characters of a value that are shown, where nothing else is asked for."""
# The runner takes `::` for a command after any blanks at the beginning of a line, and the older `##[` anywhere (actions/runner,
# ActionCommand).
_COMMAND = re.compile(r"(^[^\S\n]*:|#)((?<=:):|#\[)", re.MULTILINE)


def spell_value(value: Value, most: int = LONGEST) -> str:
    """Return a value in one line: texts in guillemets, nothing as `nothing`, long ones cut."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Ref):
        return f"the id of {value.address}"
    if isinstance(value, str):
        text = value.replace("\r", "").replace("\n", " ⏎ ")
        return f"«{text if len(text) <= most else text[: most - 1] + '…'}»"
    if isinstance(value, Mapping) or not isinstance(value, (int, float)):
        text = json.dumps(plain(value), ensure_ascii=False)
        return text if len(text) <= most else text[: most - 1] + "…"
    return str(value)


def count(number: int, noun: str, plural: str | None = None) -> str:
    """Return `1 setting` or `3 settings`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def tally(diagnostics: Iterable[Diagnostic]) -> str:
    """Return how many findings of each severity there are: `2 errors, 1 warning`, or `no findings`."""
    found = list(diagnostics)
    parts = [
        count(number, word)
        for severity, word in ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFORMATION, "note"))
        if (number := sum(each.severity is severity for each in found))
    ]
    return ", ".join(parts) or "no findings"


def printable(text: str) -> str:
    """Return foreign text without control characters, for a place that has its own way of holding lines."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "�" for letter in text)


def visible(text: str) -> str:
    """Return foreign text without control characters, so that nothing a platform says can steer a terminal.

    Nor does it steer the workflow in whose log it stands: no line of it begins as a command of GitHub does.
    """
    shown = printable(text)
    return _COMMAND.sub(r"\1 \2", shown) if "::" in shown or "##[" in shown else shown
