"""Something disputed: written down beside the agreement, as long as the month in which it counts is not frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sla_sync.agreement.disputes import Dispute
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.findings import did_you_mean
from sla_sync.attainment.engines import reach_of
from sla_sync.attainment.past import Past
from sla_sync.attainment.runs import runs
from sla_sync.authoring.disputing import first_disputes, with_dispute
from sla_sync.errors import DocumentError, SlaSyncError
from sla_sync.files import write_atomically
from sla_sync.measures.cases import cases
from sla_sync.measures.disputed import only_leads
from sla_sync.measures.freezing import is_frozen, open_until
from sla_sync.pipeline.validate import Documents
from sla_sync.semantics.calendar import zone_named


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody disputes: a lead under a commitment, or one assignment of it; why, and which role says so."""

    lead: str
    commitment: str
    because: str
    by: str
    leg: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A dispute that was written, the file in which it stands, and the last day on which its month is open."""

    entry: Dispute
    file: Path
    open_until: date


def dispute(documents: Documents, past: Past, wish: Wish, *, today: date | None = None) -> Written:
    """Write that something is disputed. Raises SlaSyncError for what is not known, does not count, or is frozen.

    Today is the day in the zone of the agreement where none is given.
    """
    agreement = documents.usable
    _refuse_unknown_words(agreement, wish)
    on = today or datetime.now(UTC).astimezone(zone_named(agreement.metadata.timezone)).date()
    if wish.lead not in _leads(past, wish.lead):
        raise SlaSyncError(
            f"The history knows no lead '{wish.lead}'.", hint="Name it by the id that reports show, such as `report`."
        )
    days = _days_that_count(only_leads(past, [wish.lead]), wish)
    if not days:
        meant = f"Assignment '{wish.leg}' of lead '{wish.lead}'" if wish.leg else f"Lead '{wish.lead}'"
        raise SlaSyncError(
            f"{meant} does not count under '{wish.commitment}', so there is nothing to dispute.",
            hint="Run `sla-sync why` to see what counts, or name another commitment.",
        )
    last = max(days)
    if is_frozen(last, on):
        raise SlaSyncError(
            f"What is disputed counted on {last}, and the numbers of {last:%B %Y} were frozen after {open_until(last)}.",
            hint="Raise it at the next review; a number that is frozen stays as both parties saw it.",
        )
    entry = _write(documents, _entry(wish, on))
    return Written(entry, documents.place.disputes, open_until(last))


def disputes_of(documents: Documents) -> tuple[Dispute, ...]:
    """Return everything that is in dispute, as it stands beside the agreement."""
    return documents.disputes.disputes if documents.disputes else ()


def _refuse_unknown_words(agreement: Agreement, wish: Wish) -> None:
    if wish.commitment not in agreement.commitments:
        raise SlaSyncError(
            f"'{wish.commitment}' is not a commitment of the agreement.",
            hint=did_you_mean(wish.commitment, agreement.commitments) or "Name one of them with --commitment.",
        )
    if wish.by not in agreement.roles:
        raise SlaSyncError(
            f"'{wish.by}' is not a role of the agreement.",
            hint=did_you_mean(wish.by, agreement.roles) or "Name one of them with --by.",
        )
    if wish.leg is not None and agreement.commitments[wish.commitment].clock is None:
        raise SlaSyncError(
            f"'{wish.commitment}' counts leads and not their assignments, so none of these can be disputed alone.",
            hint="Leave out --leg.",
        )
    if not wish.because.strip():
        raise SlaSyncError("Nothing is disputed without a reason.", hint="Say why it should not count with --because.")


def _leads(past: Past, lead: str) -> set[str]:
    leads = past.tables["leads"]
    return {str(row["lead"]) for row in past.rows(leads.filter(leads["lead"] == lead).select("lead"))}


def _days_that_count(past: Past, wish: Wish) -> tuple[date, ...]:
    """Return the local days on which what is meant counts under its commitment: it falls due, or it happens."""
    if past.agreement.commitments[wish.commitment].clock is None:
        found = cases(past, wish.commitment)
        if isinstance(found, str):
            raise SlaSyncError(f"Nothing is measured of '{wish.commitment}': {found}", hint="Name another commitment.")
        asked = found.select(at="over_at")
    else:
        legs = past.tables["legs"]
        first, last = reach_of(past.engine, legs, past.as_of)
        table = runs(legs, past.agreements, past.as_of, first=first, last=last, files=past.files).table
        table = table.filter((table["commitment"] == wish.commitment) & table["due_at"].notnull())
        table = table if wish.leg is None else table.filter(table["leg"] == wish.leg)
        asked = table.select(at="due_at")
    zone = zone_named(past.agreement.metadata.timezone)
    return tuple(row["at"].replace(tzinfo=UTC).astimezone(zone).date() for row in past.rows(asked))


def _entry(wish: Wish, on: date) -> Dispute:
    said: Mapping[str, object] = {
        "lead": wish.lead,
        "commitment": wish.commitment,
        "leg": wish.leg,
        "because": " ".join(wish.because.split()),
        "by": wish.by,
        "on": on.isoformat(),
    }
    return Dispute.model_validate(said)


def _write(documents: Documents, entry: Dispute) -> Dispute:
    """Write a dispute, and return what stands there: the earlier one where that says the same, as after a repetition."""
    path, name, before = documents.place.disputes, documents.usable.metadata.name, documents.disputes
    if path.is_file() and before is None:
        raise DocumentError(f"{path} cannot be read, so nothing is added to it.", documents.diagnostics)
    if before is not None and before.agreement != name:
        raise SlaSyncError(
            f"{path} is about '{before.agreement}', and the agreement is '{name}'.", hint="Correct `agreement` there."
        )
    earlier = next((each for each in disputes_of(documents) if each.identity == entry.identity), None)
    if earlier is not None and entry.model_copy(update={"on": earlier.on}) == earlier:
        return earlier
    if earlier is not None:
        raise SlaSyncError(
            f"Lead '{entry.lead}' is in dispute under '{entry.commitment}' already.", hint=f"Look into {path}."
        )
    text = path.read_bytes().decode("utf-8") if before is not None else first_disputes(name)
    write_atomically(path, with_dispute(text, entry, file=str(path)).encode("utf-8"))
    return entry
