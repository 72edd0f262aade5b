"""Who the parties are, who signs, and who does what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.measures import Effort
from sla_sync.agreement.sections.commitments import Commitment
from sla_sync.explain.names import capital, heading, listed, party, plural, team, title, words
from sla_sync.explain.page import Block, Heading, Note, Table, without_empty
from sla_sync.explain.spoken import counted

_MARKS = {
    "A": "answers for it",
    "R": "does the work (who leads a team on that side, or else who answers)",
    "C": "must agree before it changes",
    "I": "is told",
}


def chapter(agreement: Agreement) -> Iterator[Block]:
    """Yield who the roles are, and the table of who does what."""
    yield Heading(2, "The parties")
    rows = [
        (
            capital(title(name)),
            capital(party(each.party)),
            each.means or _part(name, agreement),
            capital(title(each.reports_to)) if each.reports_to else "",
            "signs" if name in agreement.approval.required else "",
        )
        for name, each in agreement.roles.items()
    ]
    columns = ("Role", "Side", "Part in this agreement", "Reports to", "Signature")
    yield without_empty(Table("Roles. The people who hold them are named elsewhere.", columns, rows))
    yield Heading(2, "Who does what")
    yield _duties(agreement)
    yield Note(f"{capital('; '.join(f'{mark} {meaning}' for mark, meaning in _MARKS.items()))}.")


def _part(name: str, agreement: Agreement) -> str:
    said = agreement.roles[name]
    managed = [team(each_name) for each_name, each in agreement.teams.items() if each.manager == name]
    promises = sum(each.by == name for each in agreement.commitments.values())
    parts = [
        *(["sponsors it"] if said.sponsor else []),
        *(["keeps the document for all sides"] if said.steward else []),
        *([f"answers for {counted(promises)} of the promises"] if promises else []),
        *([f"leads {listed(managed)}"] if managed else []),
    ]
    return f"{capital(listed(parts))}." if parts else ""


def _duties(agreement: Agreement) -> Table:
    names = list(agreement.roles)
    rows: list[tuple[str, Mapping[str, str]]] = []
    if agreement.goal is not None:
        rows.append(("The goal", _marks(agreement, "goal", agreement.goal.owner, (), ())))
    for stage, said in agreement.stages.items():
        told = agreement.feedback.get(said.reasons or "", ())
        workers = _workers(agreement, said.accountable)
        rows.append((capital(plural(stage)), _marks(agreement, "stages", said.accountable, workers, told)))
    for name, commitment in agreement.commitments.items():
        workers = _workers(agreement, commitment.by) if _is_work(commitment) else ()
        rows.append(
            (f"Promise: {words(name)}", _marks(agreement, "commitments", commitment.by, workers, _told(commitment)))
        )
    rows += [
        (f"Leads in {heading(name)}", _marks(agreement, "queues", each.accountable, (), ()))
        for name, each in agreement.queues.items()
    ]
    return Table(
        "Who answers, who works, who is asked and who is told",
        ("", *(capital(title(name)) for name in names)),
        [(label, *(marks.get(name, "") for name in names)) for label, marks in rows],
    )


def _marks(
    agreement: Agreement, section: str, answers: str | None, works: Sequence[str], told: Sequence[str]
) -> Mapping[str, str]:
    """Return the marks of one row by role; who answers also does the work where nobody else does."""
    asked = agreement.approval.owners.get(section, agreement.approval.required)
    found: dict[str, str] = {}
    for mark, names in (("I", told), ("C", asked), ("R", works), ("A", (answers,) if answers else ())):
        found.update({name: mark for name in names if name in agreement.roles})
    if answers and not [name for name in works if name != answers]:
        found[answers] = "A, R"
    return found


def _workers(agreement: Agreement, answers: str | None) -> Sequence[str]:
    """Return the managers of teams on the side of the role that answers."""
    side = agreement.roles[answers].party if answers in agreement.roles else None
    managers = [each.manager for each in agreement.teams.values() if each.manager in agreement.roles]
    return tuple(dict.fromkeys(name for name in managers if name and agreement.roles[name].party == side))


def _is_work(commitment: Commitment) -> bool:
    """Return whether a promise is kept by those who work leads, one by one."""
    timed = commitment.clock is not None and commitment.clock.of is None
    return timed or (commitment.measure is not None and isinstance(commitment.measure.value, Effort))


def _told(commitment: Commitment) -> Sequence[str]:
    return tuple(name for step in commitment.on_breach for name in step.notify)


def signing(agreement: Agreement) -> Sequence[str]:
    """Return the roles that sign: those required, else everyone who promises."""
    required = agreement.approval.required or tuple(
        dict.fromkeys(each.by for each in agreement.commitments.values() if each.by)
    )
    return tuple(capital(title(name)) for name in required)
