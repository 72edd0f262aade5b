"""SLA104: text without quotes that other YAML tools read as something else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sla_sync.agreement.source import Source
from sla_sync.diagnostics import Severity
from sla_sync.lint.remarks import Case, Remark, Rule

# The words and numbers of YAML 1.1 that YAML 1.2 reads as text; dates are none of them, for every tool shows them alike.
_ELSEWHERE: Mapping[str, re.Pattern[str]] = {
    "a truth value": re.compile(r"y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF"),
    "a number in base sixty": re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"),
    "a number": re.compile(r"[-+]?(?:0b[01_]+|(?:0x[0-9a-fA-F_]+|[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*))"),
}

_OR_ELSE = {"a truth value": "; where a truth value is meant, write true or false"}

_LONGEST = 40
"""Nobody writes a longer number, and no truth value is longer than three letters."""


def read_differently(case: Case) -> Iterator[Remark]:
    """Yield keys and values without quotes that a tool which follows YAML 1.1 does not read as text."""
    documents: list[tuple[str | None, Source | None]] = [(None, case.source), *case.sources.items()]
    for document, source in documents:
        for path, text, at_key in source.plain_texts() if source else ():
            what = _taken_for(text, at_key=at_key)
            if what is not None:
                yield Remark(
                    f"`{text}` is a text here, and many other tools read it as {what}.",
                    path,
                    f"Put it in quotes: '{text}'{_OR_ELSE.get(what, '')}.",
                    document,
                    at_key=at_key,
                )


def _taken_for(text: str, *, at_key: bool) -> str | None:
    if len(text) > _LONGEST or (at_key and text.isdigit()):
        return None  # the digits of grades are keys, which the language reads as they are written
    return next((what for what, form in _ELSEWHERE.items() if form.fullmatch(text)), None)


RULES: tuple[Rule, ...] = (
    Rule(
        "SLA104",
        Severity.WARNING,
        "Text that other tools read as a number or a truth value stands in quotes.",
        read_differently,
        because="An editor or a script that rewrites the file would turn the country `NO` into `false`.",
        bad="groups: {nordics: [SE, NO, DK]}",
        good="groups: {nordics: [SE, 'NO', DK]}",
    ),
)
