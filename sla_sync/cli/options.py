"""Arguments and options that several commands share, and how they become values."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sla_sync.places import Place, find_place

FAILED, DIFFERENT, REFUSED = 1, 3, 4
"""Exit codes; see docs/exit-codes.md."""


class Format(StrEnum):
    """What the answer on stdout looks like."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


class Kind(StrEnum):
    """The kinds of document."""

    AGREEMENT = "LeadSLA"
    BINDING = "Binding"
    TARGETS = "Targets"
    SYNC = "Sync"
    ATTESTATIONS = "Attestations"
    CHANNELS = "Channels"
    EXCEPTIONS = "Exceptions"
    SIGNATURES = "Signatures"
    DISPUTES = "Disputes"


Config = Annotated[
    Path | None,
    typer.Argument(
        metavar="CONFIG",
        help="A folder with an agreement.yaml, or the file. Default: configs/acme here, else the nearest configs/.",
        show_default=False,
    ),
]
Base = Annotated[str, typer.Argument(metavar="BASE", help="What is agreed: a git revision, a folder or a file.")]
Head = Annotated[
    str | None,
    typer.Argument(metavar="HEAD", help="What is proposed. Default: the working tree.", show_default=False),
]
Revised = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="CONFIG",
        help="The agreement's folder or file, at which revisions are read. Default: as elsewhere.",
        show_default=False,
    ),
]


def _unnamed() -> str:
    """Raise BadParameter that names the targets which there are."""
    from sla_sync.agreement.load import load_targets

    found = find_place(None, here=Path.cwd()).targets
    targets = load_targets(found, root=found.parent).value if found else None
    named = " or ".join(f"--target {each}" for each in sorted(targets.targets)) if targets else ""
    raise typer.BadParameter(f"name one: {named or 'targets.yaml has none'}.", param_hint="--target")


Target = Annotated[
    str,
    typer.Option(
        "--target",
        "-t",
        metavar="T",
        help="A target of targets.yaml; it must be named.",
        default_factory=_unnamed,
        show_default=False,
    ),
]
History = Annotated[
    Path | None,
    typer.Option("--history", metavar="DIR", help="A folder with a history.", show_default=False),
]
Exported = Annotated[
    str | None,
    typer.Option(
        "--target", "-t", metavar="T", help="The history that was exported of this target.", show_default=False
    ),
]
Since = Annotated[
    str, typer.Option("--since", metavar="DATE | TIME", help="The first day: 2026-07-01, or 90d before the last.")
]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="DATE", help="The last day. Default: the last of the history.", show_default=False),
]
Platform = Annotated[
    str, typer.Option("--platform", "-p", metavar="PLATFORM", help="The connector: salesforce or hubspot.")
]
Form = Annotated[Format, typer.Option("--format", "-f", help="What stdout gets.")]
Today = Annotated[
    str | None,
    typer.Option(
        "--today",
        metavar="DATE",
        help="Judge dates as of this day (YYYY-MM-DD). Default: today; on a simulator, its clock.",
        show_default=False,
    ),
]


Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        metavar="ID | ADDRESS",
        help="Only this setting and what it requires: its address, or the finding about it. May be repeated.",
    ),
]
Trust = Annotated[
    str | None,
    typer.Option(
        "--trust",
        metavar="REVISION",
        help="Read targets.yaml and its people as they stand in this revision or folder.",
        show_default=False,
    ),
]

State = Annotated[
    Path | None,
    typer.Option(
        "--state",
        metavar="DIR",
        exists=True,
        file_okay=False,
        help="Where simulators keep their state. Default: .sla-sync; the demo's is .sla-sync/demo.",
        show_default=False,
    ),
]


def place_of(config: Path | None, state: Path | None = None) -> Place:
    """Return where the documents of this command stand, with its state in another folder where one is named."""
    place = find_place(config, here=Path.cwd())
    return place if state is None else replace(place, state=state.resolve())


def day(text: str | None, *, option: str = "--today") -> date | None:
    """Return the day that an option names; None where it names none. Raises typer.BadParameter where it is no date."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is not a date; write it as 2026-10-01.", param_hint=option) from None


_STEERING = {
    number: f"\\u{number:04x}"
    for number in (*range(0x7F, 0xA0), 0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A))
}
"""Characters that steer a terminal or turn the direction of writing → how JSON spells them, where they mean the same."""


def answer(text: str) -> None:
    """Write the answer to stdout, in which nothing steers a terminal or commands the workflow in whose log it stands.

    Text and Markdown hold nothing of the kind; JSON says what a platform says, and says it here by numbers.
    """
    quiet = text.translate(_STEERING).replace("##[", "##\\u005b")
    sys.stdout.write(quiet if quiet.endswith("\n") else quiet + "\n")


def say(text: str) -> None:
    """Tell on stderr what is going on."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
