"""What is wrong after a command was struck at one of its steps on the disk, or the disk refused.

Every file is as it was before or as it is after an undisturbed run, and the repeated command ends as an undisturbed one.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.interruptions.applies import torn, unclean
from tests.interruptions.nursery import PROJECT, Ended, Nursery, Trap
from tests.interruptions.stage import NAMES, Stage, staged

REFUSALS = ("ENOSPC", "EROFS")
DRAFTS = ".new"
_KEPT_LIVING = (
    "targets.yaml",
    "journal.jsonl",
    ".sqlite",
    ".sqlite-wal",
    ".sqlite-shm",
    ".telling",
    ".lock",
    ".lock-journal",
    "history.key",
    "lock-token",
)
"""Files that two runs do not write alike: they hold ports, instants or chance, or are those of SQLite and of locks."""


@dataclass(frozen=True)
class Deed:
    """One command that writes files: its arguments, and what makes a folder ready for it."""

    name: str
    arguments: tuple[str, ...]
    ready: Callable[[Path], None] = lambda _: None
    platform: str | None = None
    """Whose served simulator it speaks to, with everything applied."""
    applied: bool = True
    """Whether everything was applied there before."""
    past: bool = False
    """Whether it reads a history that stands in `past`."""
    living: bool = False
    """Whether what it writes differs from run to run."""
    makes: str = ""
    """A folder that is there whole or not at all, and then overwritten by no repetition."""
    world: str = ""
    """Which of the prepared platforms it speaks to, where it is not the one to which everything was just applied."""
    kept: bool = False
    """Whether the working copy holds what an export has kept before."""


def _untidy(here: Path) -> None:
    for path in (here / "configs" / "acme").rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(": ", ":   ", 1).replace("\n", "   \n", 3), encoding="utf-8")


def _tree(here: Path) -> None:
    (here / "tree").mkdir()
    (here / "tree" / "theirs.txt").write_text("theirs", encoding="utf-8")


def _two_targets(here: Path) -> None:
    """Let the served portal be two targets, so that an audit of both is done by threads."""
    targets = here / "configs" / "targets.yaml"
    head, _, own = targets.read_text(encoding="utf-8").partition("  hubspot-simulator:\n")
    block = own[: re.search(r"^(?! {4})", own, re.MULTILINE).start()]  # type: ignore[union-attr]
    targets.write_text(f"{head}  again:\n{block}  hubspot-simulator:\n{own}", encoding="utf-8")


def _for_a_first_agreement(here: Path) -> None:
    """Let the served portal be about an agreement that is not there yet."""
    targets = here / "configs" / "targets.yaml"
    head, own, rest = targets.read_text(encoding="utf-8").partition("  hubspot-simulator:\n")
    for what in ("bindings/hubspot.yaml", "agreement.yaml"):
        assert f"acme/{what}" in rest
        rest = rest.replace(f"acme/{what}", f"first/{what}", 1)
    targets.write_text(head + own + rest, encoding="utf-8")


EDITED = "hubspot, edited"
"""A portal in which an administrator has changed what was applied."""
LEAD = "101"
"""The id of the first contact of a portal of the simulator."""
_FOUND = "D-198a29"
"""What an audit calls the limit of a segment that an administrator lowered; docs/adopt.md shows it too."""
_TODAY = ("--today", "2026-10-01")
_ACCEPTED = ("--because", "Sales tries it.", "--until", "2026-12-31", "--by", "vp_sales")
_DISPUTED = ("--lead", "SYN-L00000022", "--commitment", "first-response", "--because", "The phones were down.")
_FIRST = ("--out", "configs/first", "--name", "first", "--targets", "configs/targets.yaml")
_MONTH = ("--since", "2026-10-01", "--until", "2026-11-01")
DEEDS = (
    Deed("init", ("init", "new", "--name", "fresh", "--timezone", "Europe/Berlin", "-p", "hubspot", "--ci", "github", "--yes")),
    Deed("fmt", ("fmt", "configs/acme"), _untidy),
    Deed("build", ("build", "--platform", "hubspot", "--out", "built"), makes="built"),
    Deed("build into a tree", ("build", "--platform", "salesforce", "--merge-with", "tree"), _tree),
    Deed("explain", ("explain", "--format", "html", "--out", "page.html")),
    Deed("sign", ("sign", "--role", "vp_sales", "--evidence", "https://example.com/minutes", "--on", "2026-09-15")),
    Deed("history", ("simulator", "history", "past", "--leads", "30", *_MONTH), makes="past"),
    Deed("report", ("report", "--history", "past", "--out", "pack"), past=True),
    Deed("baseline", ("baseline", "--history", "past", "--since", "2026-10-01", "--keep"), past=True),
    Deed("plan", ("plan", "--out", "plan.json"), platform="hubspot"),
    Deed("drift", ("drift", "--record", "--history", "audits.sqlite", "--report", "page.html"), platform="hubspot", living=True),
    Deed(
        "night", ("drift", "--target", "again", "--record", "--history", "audits.sqlite", "--report", "page.html"),
        _two_targets, platform="hubspot", living=True,
    ),
    Deed("accept", ("accept", _FOUND, *_ACCEPTED, *_TODAY), platform="hubspot", world=EDITED),
    Deed("adopt", ("adopt", "--all", "--write", *_TODAY), platform="hubspot", world=EDITED),
    Deed(
        "adopt into a new folder", ("adopt", *_FIRST, *_TODAY), _for_a_first_agreement,
        platform="hubspot", world=EDITED,
    ),
    Deed("dispute", ("dispute", "--history", "past", *_DISPUTED, "--by", "vp_sales", "--today", "2026-11-03"), past=True),
    Deed("export", ("export", "--since", "2026-10-01"), platform="hubspot", living=True),
    Deed("forget", ("export", "--forget", LEAD), platform="hubspot", kept=True),
    Deed("apply", ("apply", "--yes"), platform="hubspot", applied=False, living=True),
)  # fmt: skip


def tree_of(here: Path) -> Mapping[str, bytes]:
    """Return the files of a working copy that two runs write alike."""
    return {
        path.relative_to(here).as_posix(): path.read_bytes()
        for path in sorted(here.rglob("*"))
        if path.is_file()
        and not path.name.endswith(_KEPT_LIVING)
        and not any(part.endswith(DRAFTS) for part in path.relative_to(here).parts)
    }


def drafts(here: Path) -> list[Path]:
    """Return what was left of files and folders that were being written."""
    return [path for path in here.rglob(f"*{DRAFTS}") if not path.parent.name.endswith(DRAFTS)]


def aged(here: Path) -> None:
    """Make what was left behind two hours old."""
    then = time.time() - 7200
    for path in drafts(here):
        os.utime(path, (then, then))


def neither_old_nor_new(here: Path, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[str]:
    """Yield every file that is as no undisturbed run leaves it."""
    found = tree_of(here)
    for name in sorted({*found, *before, *after}):
        allowed = {before.get(name), after.get(name)}
        if found.get(name) not in allowed:
            yield f"{name} is neither as it was nor as it becomes"


def rude(ended: Ended, refusal: str, calm: int) -> Iterator[str]:
    """Yield what is wrong with how a command told that the disk refused; one that needs no disk ends as ever."""
    if ended.code == calm:
        return
    if "Traceback (most recent call last)" in ended.err:
        yield f"it showed a traceback: {ended.err[-900:]}"
    if ended.code not in {1, 3, 4}:  # what it finds is worth 3 or 4, also where it could not be kept
        yield f"it left with {ended.code}: {ended.err[-300:]}"
    whys = (
        os.strerror(getattr(errno, refusal)).lower(),
        "disk i/o error",
        "disk is full",
        "no usable temporary directory",
    )  # as SQLite and Python call them
    if ended.code == 1 and not any(why in ended.err.lower() for why in whys):
        yield f"it did not say why: {ended.err[-300:]}"
    if ended.code == 1 and "  → " not in ended.err:
        yield f"it did not say what to do: {ended.err[-300:]}"


@dataclass(frozen=True)
class Prepared:
    """What runs begin with: a history, and platforms to which the example was applied, by name."""

    past: Path
    platforms: Mapping[str, Path]
    kept: Path = Path()
    """What a working copy keeps that has exported."""


@dataclass(frozen=True)
class Ground:
    """One working copy that is ready for a deed, and how commands are run in it."""

    here: Path
    run: Callable[[Trap | None], Ended]
    stage: Stage | None


@contextmanager
def ground(folder: Path, deed: Deed, nursery: Nursery, prepared: Prepared) -> Iterator[Ground]:
    """Make a working copy of its own for one deed."""
    said = folder / "said"
    if deed.platform is None:
        here = folder / "here"
        shutil.copytree(PROJECT / "configs", here / "configs")
        environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
        _make_ready(here, deed, prepared)
        yield Ground(here, lambda trap: nursery.start(deed.arguments, here, environ, said, trap).wait(), None)
        return
    applied = prepared.platforms[deed.world or deed.platform] if deed.applied else None
    with staged(folder, deed.platform, nursery, applied) as stage:
        _make_ready(stage.here, deed, prepared)
        arguments = (*deed.arguments, "--target", stage.target)
        yield Ground(stage.here, lambda trap: stage.run(*arguments, trap=trap), stage)


def _make_ready(here: Path, deed: Deed, prepared: Prepared) -> None:
    if deed.past:
        shutil.copytree(prepared.past, here / "past")
    if deed.kept:
        shutil.copytree(prepared.kept, here / ".sla-sync")
    deed.ready(here)


@dataclass(frozen=True)
class Undisturbed:
    """How a deed goes where nothing happens: its files before and after, and how many steps it takes."""

    before: Mapping[str, bytes]
    after: Mapping[str, bytes]
    steps: int
    code: int


def undisturbed(folder: Path, deed: Deed, nursery: Nursery, prepared: Prepared) -> Undisturbed:
    """Do a deed where nothing happens."""
    with ground(folder, deed, nursery, prepared) as here:
        before = tree_of(here.here)
        ended = here.run(None)
        assert ended.code in {0, 3}, ended.err
        assert not drafts(here.here)
        return Undisturbed(before, tree_of(here.here), ended.steps, ended.code)


def wrong_at(
    folder: Path, deed: Deed, nursery: Nursery, prepared: Prepared, calm: Undisturbed, trap: Trap
) -> list[str]:
    """Do a deed with a trap, repeat it without one, and return what is wrong."""
    with ground(folder, deed, nursery, prepared) as here:
        ended = here.run(trap)
        wrong: list[str] = []
        killed = trap.do == "SIGKILL" or trap.dies
        if trap.do in NAMES:
            wrong += unclean(ended, trap.do)
        elif trap.dies:
            wrong += [] if ended.code in {-signal.SIGXFSZ, calm.code} else [f"it left with {ended.code}"]
        else:
            wrong += rude(ended, trap.do or "EFBIG", calm.code)
        if not killed:
            wrong += [f"{each.name} was left behind" for each in drafts(here.here)] if trap.do in NAMES else []
            wrong += ["the lock stayed on the platform"] if here.stage is not None and here.stage.locked() else []
        if not deed.living:
            wrong += neither_old_nor_new(here.here, calm.before, calm.after)
        aged(here.here)
        if deed.makes and (here.here / deed.makes).exists():
            return wrong  # that it is whole was looked at above
        again = here.run(None)
        if again.code != calm.code:
            wrong.append(f"repeated, it left with {again.code}: {again.err[-900:]}")
        if not deed.living and tree_of(here.here) != calm.after:
            wrong.append("repeated, it did not leave what an undisturbed run leaves")
        wrong += [f"{each.name} was left behind after the repetition" for each in drafts(here.here)]
        wrong += _torn_books(here.here)
        if here.stage is not None:
            wrong += torn(here.stage.journal())
        return wrong


def _torn_books(here: Path) -> Iterator[str]:
    """Yield what is wrong with the databases of audits."""
    for path in here.rglob("*.sqlite"):
        with closing(sqlite3.connect(path)) as book:
            (said,) = book.execute("PRAGMA integrity_check").fetchone()
            if said != "ok":
                yield f"{path.name} is damaged: {said}"
