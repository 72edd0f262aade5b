"""A finding of an audit accepted until a day: written down beside the agreement, with a reason and who answers for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sla_sync.agreement.exceptions import ExceptionToDrift, too_long
from sla_sync.authoring.accepting import first_exceptions, with_exception
from sla_sync.errors import DocumentError, SlaSyncError
from sla_sync.files import write_atomically
from sla_sync.pipeline.drift import drift
from sla_sync.pipeline.look import Say, say_nothing
from sla_sync.pipeline.validate import Documents, read
from sla_sync.places import Place
from sla_sync.reconcile.drift import DRIFTS, Drift, Finding
from sla_sync.reconcile.exceptions import identity_of, why_not
from sla_sync.reconcile.settings import Consequence


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to accept: the finding by its name, why, until when (that day too), and who answers for it."""

    id: str
    because: str
    until: date
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """An exception that was written, the finding that it is about, and the file in which it stands."""

    entry: ExceptionToDrift
    finding: Finding
    file: Path


def accept(
    place: Place,
    name: str,
    wish: Wish,
    *,
    environ: Mapping[str, str],
    today: date | None = None,
    say: Say = say_nothing,
) -> Written:
    """Write that people live with a finding for a while; the target is audited first, since only what is there is accepted.

    Raises SlaSyncError where there is no such finding, or it cannot be accepted so long, for no reason or by nobody.
    """
    documents = read(place)
    roles = documents.usable.roles
    if wish.by is not None and wish.by not in roles:
        raise SlaSyncError(
            f"'{wish.by}' is not a role of {place.agreement}; it has: {', '.join(roles)}.",
            hint="Name a role with --by.",
        )
    if not wish.because.strip():
        raise SlaSyncError("Nothing is accepted without a reason.", hint="Say why it may stay with --because.")
    found = drift(place, name, environ=environ, today=today, say=say)
    finding = _finding(found, wish.id)
    entry = _entry(finding, wish, today or (found.at or datetime.now(UTC)).astimezone(ZoneInfo(found.zone)).date())
    if finding.consequence is Consequence.BREACH and wish.by is None:
        raise SlaSyncError(
            f"{finding.id} touches what was promised, so somebody must answer for accepting it.",
            hint=f"Name a role with --by: {', '.join(roles)}.",
        )
    why = why_not(entry, finding, today=entry.on, roles=roles)
    if why:
        raise SlaSyncError(why, hint="Correct what was asked.")
    return Written(_write(documents, entry), finding, place.exceptions)


def _finding(found: Drift, wanted: str) -> Finding:
    """Return the finding that is meant, also one that is accepted already. Raises SlaSyncError where there is no such one."""
    there = (*found.findings, *(each.finding for each in found.accepted))
    named = [each for each in there if each.id == wanted]
    if not named:
        known = ", ".join(sorted(each.id for each in there if each.drift in DRIFTS))
        raise SlaSyncError(
            f"There is no finding '{wanted}' on {found.target} now. There is: {known or 'none'}.",
            hint="Run `drift` again and name a finding that it prints.",
        )
    if len(named) > 1:
        raise SlaSyncError(
            f"{wanted} names {len(named)} findings on {found.target}: {', '.join(each.title for each in named)}.",
            hint="Put one of them right first.",
        )
    (finding,) = named
    if finding.drift not in DRIFTS:
        raise SlaSyncError(
            f"{finding.title} is agreed and not applied yet on {found.target}: there is nothing to accept.",
            hint="Apply it, or change the agreement back.",
        )
    return finding


def _entry(finding: Finding, wish: Wish, on: date) -> ExceptionToDrift:
    problem = too_long(on, wish.until)
    if problem:
        raise SlaSyncError(
            f"{finding.id} cannot be accepted like that: {problem}.",
            hint="Choose a day within a year with --until; what should stay for good is changed in the agreement.",
        )
    target, address, path, what, live = finding.identity
    said = {
        "id": finding.id,
        "target": target,
        "address": address,
        "path": path,
        "what": what,
        "live": live,
        "because": " ".join(wish.because.split()),
        "by": wish.by,
        "on": on.isoformat(),
        "until": wish.until.isoformat(),
    }
    return ExceptionToDrift.model_validate(said)


def _write(documents: Documents, entry: ExceptionToDrift) -> ExceptionToDrift:
    """Write an exception, and return what stands there: the earlier one where that says the same, as after a repetition."""
    path, name = documents.place.exceptions, documents.usable.metadata.name
    before = documents.exceptions
    if path.is_file() and before is None:
        raise DocumentError(f"{path} cannot be read, so nothing is added to it.", documents.diagnostics)
    if before is not None and before.agreement != name:
        raise SlaSyncError(
            f"{path} is about '{before.agreement}', and the agreement is '{name}'.", hint="Correct `agreement` there."
        )
    alike = [each for each in before.exceptions if identity_of(each) == identity_of(entry)] if before else []
    if alike and entry.model_copy(update={"on": alike[-1].on}) == alike[-1]:
        return alike[-1]
    text = path.read_bytes().decode("utf-8") if before is not None else first_exceptions(name)
    write_atomically(path, with_exception(text, entry, file=str(path)).encode("utf-8"))
    return entry
