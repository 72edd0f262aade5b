"""81x: two platforms that live one agreement together, and what people vouch for about them."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.agreement.binding import BindingDocument, Mode
from sla_sync.agreement.findings import did_you_mean
from sla_sync.diagnostics import Severity
from sla_sync.lint.remarks import Case, Remark, Rule

_HERE = "here"
_TIMERS = ("timers",)


def clocks_on_one_platform(case: Case) -> Iterator[Remark]:
    """Yield bindings by which the clocks of an agreement run on two platforms, on none, or on one that nobody binds."""
    if not any(each.clock for each in case.agreement.commitments.values()):
        return
    platforms = {each.metadata.connector: each for each in case.bindings.values()}
    first: str | None = None
    for document, binding in case.bindings.items():
        own = binding.metadata.connector
        if binding.timers == _HERE:
            if not _pushed(case, binding):
                continue
            if first not in {None, own}:
                yield Remark(
                    f"The clocks run on {own} here, and on {first} according to its binding: every breach is told twice.",
                    _TIMERS,
                    f"Say `timers: {first}` here, or `timers: {own}` in the other binding.",
                    document,
                    at_key=True,
                )
            first = first or own
        elif binding.timers == own:
            yield Remark(
                f"`timers: {own}` names the platform of this binding itself.",
                _TIMERS,
                "Write `timers: here`.",
                document,
            )
        elif binding.timers not in platforms:
            yield Remark(
                f"The clocks run on '{binding.timers}', and no binding of this agreement is for that platform.",
                _TIMERS,
                did_you_mean(binding.timers, platforms)
                or "Name the connector of another binding, or write `timers: here`.",
                document,
            )
        elif platforms[binding.timers].timers != _HERE:
            yield Remark(
                f"The clocks run on {binding.timers} here, and its binding says that they run on "
                f"{platforms[binding.timers].timers}.",
                _TIMERS,
                "Write `timers: here` in the binding of the platform that runs them.",
                document,
            )


def _pushed(case: Case, binding: BindingDocument) -> bool:
    """Return whether some clock is more than measured on a platform."""
    modes = (binding.modes.get(name, Mode.ACT) for name, each in case.agreement.commitments.items() if each.clock)
    return any(each is not Mode.MEASURE for each in modes)


def worn_attestations(case: Case) -> Iterator[Remark]:
    """Yield attestations whose last day has passed, that end before they begin, or for which no role stands."""
    if case.attestations is None or case.vouched is None:
        return
    for index, each in enumerate(case.attestations.attestations):
        path = ("attestations", index)
        if each.by not in case.agreement.roles:
            yield Remark(
                f"'{each.by}' vouches for `{each.subject}`, and is not a role.",
                (*path, "by"),
                did_you_mean(each.by, case.agreement.roles) or "Name one of the roles of the agreement.",
                case.vouched,
                severity=Severity.ERROR,
            )
        if each.until < each.on:
            yield Remark(
                f"The attestation of `{each.subject}` ends on {each.until}, before the day on which it was made.",
                (*path, "until"),
                "Write the last day on which it may be relied on.",
                case.vouched,
                severity=Severity.ERROR,
            )
        elif each.until < case.today and not case.over:
            yield Remark(
                f"What {each.by} vouched for about `{each.subject}` was to be relied on until {each.until}.",
                (*path, "until"),
                "Look at it again, and write down when and by whom; or remove the entry.",
                case.vouched,
            )


RULES: tuple[Rule, ...] = (
    Rule(
        "SLA814",
        Severity.ERROR,
        "The clocks of an agreement run on one platform.",
        clocks_on_one_platform,
        because="Two clocks for one promise warn twice, escalate twice, and disagree about who was late.",
        bad="# in a binding\ntimers: hubspot   # no binding of this agreement is for hubspot",
        good="# in a binding\ntimers: here",
    ),
    Rule(
        "SLA815",
        Severity.WARNING,
        "Whoever vouches for something that no API shows has looked at it lately.",
        worn_attestations,
        because="Settings that nobody can read are changed by people whom nobody sees.",
        bad="# in attestations.yaml\nattestations:\n"
        "- {point: direction, by: revops, on: 2026-01-05, until: 2026-03-31}   # and it is October",
        good="# in attestations.yaml\nattestations:\n- {point: direction, by: revops, on: 2026-10-01, until: 2026-12-31}",
    ),
)
