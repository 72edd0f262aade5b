"""3xx: the promises."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.diagnostics import Severity
from sla_sync.lint.remarks import Case, Remark, Rule


def not_measurable(case: Case) -> Iterator[Remark]:
    """Yield promises of which nobody could say whether they were kept."""
    for name, commitment in case.agreement.commitments.items():
        if commitment.measure is None and commitment.clock is None:
            yield Remark(
                f"Commitment '{name}' is neither measured nor timed.",
                ("commitments", name),
                "Add `measure`, or `clock` with `within`; `measure: manual` where only people can tell.",
                at_key=True,
            )


RULES: tuple[Rule, ...] = (Rule("SLA302", Severity.ERROR, "Every commitment is measured or timed.", not_measurable),)
