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
        metavar="[CONFIG]",
        help="A folder with an agreement.yaml, or the file. Default: configs/acme here, else the nearest configs/.",
        show_default=False,
    ),
]
Base = Annotated[str, typer.Argument(metavar="BASE", help="What is agreed: a git revision, a folder or a file.")]
Head = Annotated[
    str | None,
    typer.Argument(metavar="[HEAD]", help="What is proposed. Default: the working tree.", show_default=False),
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
Target = Annotated[str, typer.Option("--target", "-t", metavar="T", help="A target of targets.yaml.")]
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
    """Return the day that an option names. Raises typer.BadParameter where it is no date."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is not a date; write it as 2026-10-01.", param_hint=option) from None


def answer(text: str) -> None:
    """Write the answer to stdout."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def say(text: str) -> None:
    """Tell on stderr what is going on."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
