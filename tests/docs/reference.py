"""Pages of the reference that are made from the code: the commands, the types of setting, and the tables of errors.

python -m tests.docs.reference     writes them; `make docs` runs it
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import typer

from sla_sync.cli.app import commands
from sla_sync.connector import SettingType
from sla_sync.registry import load_connector
from tests.docs import faults
from tests.docs.refusals import error_rows, hubspot_rows, problem_rows, rule_rows, salesforce_rows
from tests.docs.staging import DOCS

PLATFORMS: Mapping[str, str] = {"salesforce": "Salesforce", "hubspot": "HubSpot"}
_MADE = re.compile(r"(<!-- made: (\w+) -->\n\n).*?(\n<!-- end of made -->)", re.DOTALL)
_COMMANDS = """# Commands

Every command with its arguments and options, as `sla-sync COMMAND --help` tells them. What a code at the end means stands in
[Exit codes](../exit-codes.md), what `--format` gives in [Formats](../formats.md). This page is written by `make docs`.
"""
WRITES: Mapping[str, str] = {
    "init": "files; overwrites nothing",
    "validate": "",
    "explain": "with `--out` a file",
    "review": "with `--write` files",
    "replay": "",
    "comment": "the comment",
    "build": "files",
    "plan": "with `--out` a file",
    "apply": "the platform",
    "remove": "the platform",
    "sign": "signatures.yaml",
    "codeowners": "CODEOWNERS",
    "drift": "its history",
    "notify": "its history",
    "accept": "exceptions.yaml",
    "adopt": "with `--write` or `--out` files, with `--branch` a commit",
    "coverage": "",
    "why": "",
    "clock": "dates of clocks on the platform",
    "consistency": "",
    "export": "its history",
    "baseline": "with `--keep` baseline.json",
    "forecast": "",
    "report": "with `--out` files",
    "sql": "with `--out` a file",
    "dispute": "disputes.yaml",
    "doctor": "",
    "fmt": "the files",
    "upgrade": "the files",
    "rules": "",
    "simulator clock": "the data folder of a simulator",
    "simulator history": "a folder",
    "simulator serve": "its data folder",
    "schema": "",
    "demo": "`.sla-sync/demo`",
}
"""Command → what it writes; empty where it writes nothing."""
_SETTINGS = """# Settings of each platform

Which types of setting a connector pushes, as its table says. Each is compared with the live one by these rules, and
[What is ours](../plan-apply-drift.md#what-is-ours) says what they mean. This page is written by `make docs`.

- *Ours by*: where one shows that we made it. *manifest*: it can bear no mark, and only the record of the last apply tells.
- *A difference is*: how grave [the audit](../audit.md) calls it: `breach` where something promised changes, `weakening` where a
  breach is hidden, `cosmetic` where words change that decide nothing.
- *Without the agreement*: what becomes of one that the agreement no longer asks for. `release`: it stays and is ours no longer.
  `delete`, `delete-data`: only where the target says `removal: delete`, and what holds data only with an acknowledgement that
  names it. *stopped*: it acts by itself, so it is switched off first.
- *By `remove`*: what becomes of one that we made when [the tool is left](../leaving.md). `delete-data`: only where an
  acknowledgement names it. *by hand*: a numbered step for a person besides.
- *Does*: what one does for the lines of the agreement that it comes from, as [coverage](../coverage.md) counts it.
"""


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    """Return rows as a Markdown table; a bar in a cell is escaped."""
    lines = [head, tuple("---" for _ in head), *rows]
    assert {len(row) for row in lines} == {len(head)}, "every row has as many cells as the head"
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |\n" for row in lines)


def commands_page() -> str:
    """Return the page of the commands, in the order in which `--help` names them."""
    found = dict(_commands())
    rows = (
        (f"[{path}](#{path.replace(' ', '-')})", _first(each), WRITES[path] or "nothing")
        for path, each in found.items()
    )
    overview = table(("command", "does", "writes"), rows)
    return "\n".join([_COMMANDS, overview, *(_command(path, each) for path, each in found.items())])


def _commands() -> Iterator[tuple[str, Any]]:
    root: Any = commands()
    for name, command in root.commands.items():
        under = getattr(command, "commands", None)
        yield from ((f"{name} {key}", each) for key, each in under.items()) if under else ((name, command),)


def _first(command: Any) -> str:
    return _plain(" ".join(command.help.split("\n\n")[0].split()))


def _command(path: str, command: Any) -> str:
    context = typer.Context(command, info_name=f"sla-sync {path}")
    usage = command.get_usage(context).removeprefix("Usage: ").replace("[[", "[").replace("]]", "]")
    help_ = "\n\n".join(" ".join(part.split()) for part in command.help.split("\n\n"))
    rows = [each.get_help_record(context) for each in command.params]
    cells = ((f"`{_kind(name)}`", _plain(" ".join(told.split()))) for name, told in rows)
    told = table(("argument or option", "is"), cells)
    return f"## {path}\n\n`{' '.join(usage.split())}`\n\n{_plain(help_)}\n" + (f"\n{told}" if command.params else "")


def _kind(name: str) -> str:
    """Return an argument or option as people write it, without the names of Python's types."""
    if not name.startswith("-"):
        return name.partition(" <")[0]
    return re.sub(
        r" <(?:str|list\[str\])>$", " TEXT", re.sub(r" <int(?: range)?>$", " NUMBER", name.removesuffix(" <path>"))
    )


def _plain(text: str) -> str:
    """Return a sentence for Markdown: what stands in brackets is no link, and nothing is HTML."""
    return text.replace("<", "\\<").replace("[", "\\[").replace("*", "\\*")


def settings_page() -> str:
    """Return the page of the types of setting, platform by platform."""
    head = ("type", "is", "ours by", "a difference is", "without the agreement", "by `remove`", "does")
    parts = [_SETTINGS]
    for name, title in PLATFORMS.items():
        types = sorted(load_connector(name).types.values(), key=lambda each: each.name)
        parts.append(f"## {title}\n\n{table(head, map(_setting, types))}")
    return "\n".join(parts)


def _setting(each: SettingType) -> tuple[str, ...]:
    inside = f", part of `{each.container}`" if each.container else ""
    stopped = ", stopped" if each.at_rest else ""
    removal = each.leaving.removal if each.leaving else each.on_removal
    by_hand = ", by hand" if each.leaving and each.leaving.by_hand else ""
    does = ", ".join(sorted(each.aspects)) or "what its line says"
    names = (f"`{each.name}`", each.noun + inside, str(each.mark), str(each.consequence))
    return (*names, each.on_removal + stopped, removal + by_hand, does)


def with_tables(text: str) -> str:
    """Return a page with its tables made anew."""
    return _MADE.sub(lambda found: f"{found[1]}{_TABLES[found[2]]()}{found[3]}", text)


_TABLES: Mapping[str, Callable[[], str]] = {
    "errors": lambda: table(("error", "means", "exit code"), error_rows()),
    "rules": lambda: table(("codes", "are about"), rule_rows()),
    "salesforce": lambda: table(("Salesforce says", "that is", "next"), salesforce_rows()),
    "problems": lambda: table(("Salesforce says of a setting", "means", "next"), problem_rows()),
    "hubspot": lambda: table(("HubSpot answers", "that is", "next"), hubspot_rows()),
    "faults": lambda: table(faults.HEAD, faults.transport_rows()),
    "faults_of_salesforce": lambda: table(faults.HEAD, faults.salesforce_rows()),
    "faults_of_hubspot": lambda: table(faults.HEAD, faults.hubspot_rows()),
}


_WITH_TABLES = ("troubleshooting.md", "simulators.md")


def made() -> Mapping[Path, str]:
    """Return each page that is made from the code, as it should be."""
    return {
        DOCS / "reference/commands.md": commands_page(),
        DOCS / "reference/settings.md": settings_page(),
        **{DOCS / name: with_tables((DOCS / name).read_text(encoding="utf-8")) for name in _WITH_TABLES},
    }


if __name__ == "__main__":
    for path, text in made().items():
        path.write_text(text, encoding="utf-8")
