"""`sla-sync init`: a few questions on a terminal, or flags, become the first files of an agreement."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from sla_sync.cli.options import answer, say

T = TypeVar("T")
_ZONES = Path("/usr/share/zoneinfo")


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the files go.")] = Path(),
    *,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="What the agreement is called.")] = None,
    timezone: Annotated[
        str | None, typer.Option("--timezone", metavar="ZONE", help="Its zone, such as Europe/Berlin.")
    ] = None,
    platform: Annotated[
        list[str] | None,
        typer.Option("--platform", "-p", metavar="PLATFORM", help="salesforce or hubspot; may be repeated."),
    ] = None,
    ci: Annotated[
        str | None, typer.Option("--ci", metavar="HOST", help="Whose pipeline checks changes: github, gitlab, none.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing; take what is usual.")] = False,
) -> None:
    """Write the first files of an agreement.

    The smallest agreement that passes, a binding for each platform, targets with their simulators, schemas for editors,
    and what git and the host of the code should know. Nothing is overwritten.
    """
    from importlib.metadata import version

    from sla_sync.authoring.project import Ci, Wishes, advice, begin

    starters = _starters()
    if not (yes or sys.stdin.isatty() or (name and timezone and platform and ci)):
        raise typer.BadParameter(
            "nobody is here to answer: give --name, --timezone, --platform and --ci, or --yes for what is usual."
        )
    asks = not yes
    wishes = Wishes(
        name=_chosen(name, "--name", "Name of the agreement", _usual_name(folder), _name, asks=asks),
        timezone=_chosen(timezone, "--timezone", "Time zone", _usual_zone(), _zone, asks=asks),
        start=datetime.now(UTC).date(),
        platforms=_chosen(
            ",".join(platform) if platform else None,
            "--platform",
            f"Platforms ({', '.join(starters)})",
            ",".join(starters),
            lambda text: _platforms(text, starters),
            asks=asks,
        ),
        ci=_chosen(ci, "--ci", f"Pipeline ({', '.join(Ci)})", Ci.GITHUB, lambda text: Ci(_one_of(text, Ci)), asks=asks),
        version=version("sla-sync"),
    )
    written = begin(folder, replace(wishes, timers=_keeper(wishes.platforms)))
    for path in written.new:
        answer(f"wrote {path}")
    for path in written.kept:
        answer(f"kept  {path}, which was there")
    for line in advice(folder, written):
        say(line)
    target = f"{next(iter(wishes.platforms))}-simulator"
    inside = "" if folder.resolve() == Path.cwd() else f"cd {shlex.quote(str(folder))} && "
    say(f"Next: {inside}sla-sync validate && sla-sync plan --target {target}")


def _chosen(given: str | None, flag: str, question: str, usual: str, read: Callable[[str], T], *, asks: bool) -> T:
    """Return what a flag says, else what the person on the terminal answers, else what is usual."""
    if given is None and asks:
        found: T = typer.prompt(question, default=usual, value_proc=read, err=True)
        return found
    try:
        return read(usual if given is None else given)
    except typer.BadParameter as error:
        raise typer.BadParameter(error.message, param_hint=flag) from None


def _starters() -> Mapping[str, str]:
    from sla_sync.registry import connector_names, load_connector

    connectors = (load_connector(each) for each in connector_names())
    return {each.name: each.starter() for each in connectors if each.starter is not None}


def _name(text: str) -> str:
    from sla_sync.agreement.sections.words import NAME_PATTERN

    if not re.fullmatch(NAME_PATTERN.strip("^$"), text):
        raise typer.BadParameter(f"'{text}' is no name; write letters, digits, _ and -, and begin with a letter.")
    return text


def _zone(text: str) -> str:
    from zoneinfo import available_timezones

    if text not in available_timezones():
        raise typer.BadParameter(f"'{text}' is no time zone; write one such as America/New_York.")
    return text


def _platforms(text: str, starters: Mapping[str, str]) -> Mapping[str, str]:
    wanted = text.replace(",", " ").split()
    return {each: starters[_one_of(each, starters)] for each in wanted}


def _keeper(platforms: Iterable[str]) -> str:
    """Return the platform that runs the clocks: the first that keeps business time by itself, else the first of all."""
    from sla_sync.registry import load_connector

    names = tuple(platforms)
    return next((each for each in names if load_connector(each).open_timekeeping is None), names[0])


def _one_of(text: str, known: Iterable[str]) -> str:
    words = [str(each) for each in known]
    if text not in words:
        raise typer.BadParameter(f"'{text}' is none of: {', '.join(words)}.")
    return text


def _usual_name(folder: Path) -> str:
    """Return the folder's name, made a name of the language."""
    made = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-")
    return made if made[:1].isalpha() else f"agreement-{made}".strip("-")


def _usual_zone() -> str:
    """Return the zone of this machine where it names one."""
    here = Path("/etc/localtime").resolve()
    return here.relative_to(_ZONES).as_posix() if here.is_relative_to(_ZONES) else "UTC"
