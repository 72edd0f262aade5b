"""Workflow commands: one per finding, nothing in a text ends a command or begins another."""

from __future__ import annotations

import re
from dataclasses import replace

from sla_sync.diagnostics import Diagnostic, Location, Severity
from sla_sync.render.github import findings_as_github
from tests.render.found import ERROR, FOUND

COMMAND = re.compile(r"::(?P<name>error|warning|notice) (?P<properties>[^:]*)::(?P<message>.*)")


def commands(*found: Diagnostic) -> list[tuple[str, dict[str, str], str]]:
    """Return what GitHub's runner reads, as its own parser does it."""
    read = []
    for line in findings_as_github(found).splitlines()[:-1]:
        parts = COMMAND.fullmatch(line)
        assert parts is not None, line
        pairs = dict(each.split("=", 1) for each in parts["properties"].split(","))
        read.append(
            (parts["name"], {key: unescaped(value) for key, value in pairs.items()}, unescaped(parts["message"]))
        )
    return read


def unescaped(text: str) -> str:
    for code, letter in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code, letter)
    return text


def test_a_command_names_place_title_and_message() -> None:
    ((name, properties, message),) = commands(ERROR)
    assert name == "error"
    assert properties == {
        "file": "configs/acme/agreement.yaml",
        "line": "12",
        "col": "5",
        "title": "SLA102 stages.mql.accountable",
    }
    assert message == f"{ERROR.message}\n{ERROR.hint}"


def test_errors_come_first_and_a_tally_last() -> None:
    assert [name for name, _, _ in commands(*FOUND)] == ["error", "error", "warning", "notice"]
    assert findings_as_github(FOUND).splitlines()[-1] == "2 errors, 1 warning, 1 note."


def test_no_findings_make_no_command() -> None:
    assert findings_as_github(()) == "no findings."


def test_nothing_in_a_text_steers_the_runner() -> None:
    hostile = Diagnostic(
        "SLA100",
        Severity.ERROR,
        "50% of a,b: c\n::stop-commands::x\r",
        ("a,b", "c:d"),
        Location("a,b:c%.yaml", 1, 1),
    )
    ((name, properties, message),) = commands(hostile)
    assert name == "error"
    assert properties["file"] == "a,b:c%.yaml"
    assert properties["title"] == "SLA100 a,b.c:d"
    assert message.startswith("50% of a,b: c\n::stop-commands::x")
    assert len(findings_as_github([hostile]).splitlines()) == 2


def test_a_finding_without_a_place_is_shown_all_the_same() -> None:
    ((_, properties, _),) = commands(replace(ERROR, location=None))
    assert properties == {"title": "SLA102 stages.mql.accountable"}
