"""90x: personal data, consent, retention, and who is left out of every figure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sla_sync.agreement.durations import ABOUT_DAYS, Duration, Unit
from sla_sync.agreement.expressions.measures import Effort
from sla_sync.agreement.sections.amounts import DurationRange
from sla_sync.agreement.sections.reading import Written
from sla_sync.agreement.walk import leaves
from sla_sync.diagnostics import KeyPath, Severity, spell
from sla_sync.lint.remarks import Case, Needs, Remark, Rule

_PERSONAL: Mapping[str, re.Pattern[str]] = {
    "an e-mail address": re.compile(r"(?<![\w.+-])[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
    "a phone number": re.compile(r"\+\d{1,3}[ ./()-]*\d(?:[ ./()-]*\d){6,}|\(\d{3}\) ?\d{3}[ .-]\d{4}\b"),
}
_TELLING = frozenset("@+(")
"""Without one of these no text has an address or a number in it."""
_OF_WORKING_DAYS = 7 / 5
_KINDS_OF_OUTSIDERS: Mapping[str, re.Pattern[str]] = {
    "test records": re.compile(r"test", re.IGNORECASE),
    "people of the company": re.compile(r"employee|internal|staff|colleague", re.IGNORECASE),
    "competitors": re.compile(r"competitor|rival", re.IGNORECASE),
}
NAMING_PEOPLE = frozenset({"R1", "R3", "R4"})
"""The reports that name owners: who is on time, who is overdue, and who gave up after too few touches."""


def personal_data(case: Case) -> Iterator[Remark]:
    """Yield e-mail addresses and phone numbers in the agreement and the bindings; names cannot be told from words."""
    for path, value in case.leaves:
        yield from _persons(None, path, value)
    for document, binding in case.bindings.items():
        for path, value in leaves(binding):
            yield from _persons(document, path, value)


def without_consent(case: Case) -> Iterator[Remark]:
    """Yield tracks, follow-up and nurtured sources where nothing says whom one may contact; SLA512 has the recycled."""
    agreement = case.agreement
    for name, stage in agreement.stages.items():
        if stage.tracks and stage.contact_if is None:
            yield Remark(
                f"People in stage '{name}' are written to, and nothing says who may be.",
                ("stages", name),
                "Add `contact_if`, such as `do_not_contact is no`.",
                at_key=True,
            )
    if any(stage.contact_if for stage in agreement.stages.values()):
        return
    for name, commitment in agreement.commitments.items():
        if commitment.measure is not None and isinstance(commitment.measure.value, Effort):
            yield Remark(
                f"Commitment '{name}' asks for touches, and no stage says who may be contacted.",
                ("commitments", name, "measure"),
                "Add `contact_if` to the stages in which people are contacted.",
            )
    for name, source in agreement.sources.items():
        if source.handling == "nurture":
            yield Remark(
                f"People from source '{name}' are nurtured, and no stage says who may be contacted.",
                ("sources", name),
                "Add `contact_if` to the stage in which they wait.",
                at_key=True,
            )


def after_deletion(case: Case) -> Iterator[Remark]:
    """Yield reasons on which one comes back to people whose records are deleted by then."""
    quality = case.agreement.quality
    kept = quality.retention if quality and isinstance(quality.retention, Duration) else None
    for list_name, reasons in case.agreement.reasons.items() if kept else ():
        for name, reason in reasons.items():
            revisit = reason.revisit.most if isinstance(reason.revisit, DurationRange) else reason.revisit
            if isinstance(revisit, Duration) and kept and _days(revisit) > _days(kept):
                yield Remark(
                    f"'{name}' comes back after {revisit}, and records are deleted after {kept}.",
                    ("reasons", list_name, name, "revisit"),
                    "Come back sooner, or agree on a longer `quality.retention`.",
                )


def outsiders_counted(case: Case) -> Iterator[Remark]:
    """Yield kinds of records that are nobody's leads and that no exclusion leaves out of the figures."""
    quality = case.agreement.quality
    excluded = quality.exclude if quality else ()
    missing = [kind for kind, form in _KINDS_OF_OUTSIDERS.items() if not any(form.search(each) for each in excluded)]
    if missing:
        at: KeyPath = ("quality", "exclude") if excluded else ("quality",) if quality else ()
        yield Remark(
            f"Every figure counts {_listed(missing)}, for no exclusion leaves them out.",
            at,
            "Name them in `quality.exclude`, and say in the bindings how they are known.",
            at_key=True,
            absent=not excluded,
        )


def named_to_anybody(case: Case) -> Iterator[Remark]:
    """Yield reports and reviews that show people by name to whoever likes to look."""
    for name, report in case.agreement.reports.items():
        naming = sorted(NAMING_PEOPLE & set(report.shows))
        if naming and not report.audience:
            yield Remark(
                f"Report '{name}' names people ({', '.join(naming)}), and nothing says who may read it.",
                ("reports", name),
                "Add `audience` with the roles that read it.",
                at_key=True,
            )


def _persons(document: str | None, path: KeyPath, value: object) -> Iterator[Remark]:
    text = value.text if isinstance(value, Written) else value
    if not isinstance(text, str) or not _TELLING & set(text):
        return
    for what, form in _PERSONAL.items():
        found = form.search(text)
        if found:
            yield Remark(
                f"`{spell(path)}` holds {what}.",
                path,
                "Name a role here, and the person behind it in the targets file.",
                document,
                offset=found.start(),
            )


def _days(duration: Duration) -> float:
    days = duration.count * ABOUT_DAYS.get(duration.unit, 0)
    return days * _OF_WORKING_DAYS if duration.business and duration.unit is Unit.DAY else days


def _listed(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]


RULES: tuple[Rule, ...] = (
    Rule(
        "SLA901",
        Severity.ERROR,
        "The agreement and its bindings hold no personal data.",
        personal_data,
        because="The text is signed, copied and kept for years; people come and go, and have a right to be forgotten.",
        bad="roles: {sdr_manager: {party: sales, means: Write to kim@acme.example.}}",
        good="roles: {sdr_manager: {party: sales, means: Leads the reps.}}",
    ),
    Rule(
        "SLA903",
        Severity.WARNING,
        "Nobody is nurtured or followed up without a check whether that is allowed.",
        without_consent,
        because="A person who asked to be left alone and is called in ninety days is a complaint, or a fine.",
        bad="stages: {nurture: {means: Not yet., accountable: vp_marketing, next: [mql], again_after: 30 days,\n"
        "  tracks: {letters: engagement < 30}}}",
        good="stages: {nurture: {means: Not yet., accountable: vp_marketing, next: [mql], again_after: 30 days,\n"
        "  contact_if: do_not_contact is no, tracks: {letters: engagement < 30}}}",
    ),
    Rule(
        "SLA904",
        Severity.WARNING,
        "A lead is revisited while its record still exists.",
        after_deletion,
        because="A date in the calendar for a record that was deleted is a promise to nobody.",
        bad="quality: {retention: 6 months}\nreasons: {recycle: {no_budget: {means: Not funded., revisit: 12 months}}}",
        good="quality: {retention: 24 months}\nreasons: {recycle: {no_budget: {means: Not funded., revisit: 12 months}}}",
    ),
    Rule(
        "SLA905",
        Severity.WARNING,
        "Test records, the company's own people and competitors are left out of every figure.",
        outsiders_counted,
        because="Ten test leads in a slow week move every rate that the parties argue about.",
        bad="quality: {exclude: [student]}",
        good="quality: {exclude: [student, test, employee, competitor]}",
    ),
    Rule(
        "SLA906",
        Severity.WARNING,
        "Reports that name people go to readers whom the agreement names.",
        named_to_anybody,
        because="A list of late reps that everybody reads makes reps hide leads instead of working them.",
        bad="reports: {late: {means: Who is late., shows: [R3]}}",
        good="reports: {late: {means: Who is late., shows: [R3], audience: [sdr_manager]}}",
    ),
    Rule(
        "SLA907",
        Severity.WARNING,
        "No change of the targets sends a credential elsewhere unseen.",
        because="Whoever can name another host in a pull request can have the key to the platform sent there.",
        bad="targets: {production: {url: https://elsewhere.example, token: SF_TOKEN}}    # in a pull request",
        good="# the plan takes the targets as they stand in the trusted revision: plan --trust main",
        needs=Needs.CHANGE,
    ),
)
