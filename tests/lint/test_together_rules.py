"""Rules about two platforms that live one agreement together."""

from __future__ import annotations

from datetime import date

import pytest

from sla_sync.agreement.attestations import Attestations
from sla_sync.agreement.binding import Mode
from sla_sync.agreement.document import Agreement
from sla_sync.diagnostics import Severity
from sla_sync.lint import lint
from tests.agreement.documents import acme
from tests.lint.cases import acme_bound, found, places, small


def beside(**sections: object) -> list[str]:
    """Return where SLA814 is found in acme's binding to Salesforce and one to HubSpot with these sections."""
    metadata = {"name": "h", "agreement": "acme-inbound", "connector": "hubspot"}
    first = acme_bound().model_copy(update={"timers": sections.pop("first", "here")})
    named = acme_bound().metadata.model_copy(update=metadata)
    second = acme_bound().model_copy(update={"metadata": named, "timers": "here", **sections})
    return [each.message for each in found("SLA814", acme(), first, second)]


def test_two_bindings_may_not_both_run_the_clocks() -> None:
    (one,) = beside()
    assert (
        one == "The clocks run on hubspot here, and on salesforce according to its binding: every breach is told twice."
    )
    assert beside(timers="salesforce") == []
    assert beside(first="hubspot") == []


def test_a_platform_that_only_measures_runs_no_clock() -> None:
    timed = {name: Mode.MEASURE for name, each in acme().commitments.items() if each.clock}
    assert timed
    assert beside(modes=timed) == []


def test_somebody_must_run_them() -> None:
    assert len(beside(first="hubspot", timers="salesforce")) == 2


@pytest.mark.parametrize(
    ("timers", "said"), [("salesforce", "itself"), ("hubspt", "no binding"), ("hubspot", "no binding")]
)
def test_timers_name_another_platform_that_is_bound(timers: str, said: str) -> None:
    bound = acme_bound().model_copy(update={"timers": timers})
    (one,) = found("SLA814", acme(), bound)
    assert said in one.message
    assert places("SLA814", acme(), bound) == ["timers"]


def test_two_orgs_of_one_platform_each_run_their_own_clocks() -> None:
    assert found("SLA814", acme(), acme_bound(), acme_bound()) == []


def test_an_agreement_without_clocks_needs_nobody_to_run_them() -> None:
    agreement = small(commitments={"quality": {"by": "vp_marketing", "measure": "mql to sal within 14 days"}})
    bound = acme_bound().model_copy(update={"timers": "nobody"})
    assert found("SLA814", agreement, bound) == []


def vouched(today: date, **said: object) -> list[tuple[str, Severity]]:
    entry = {
        "point": "direction", "statement": "Seen.", "by": "revops", "on": "2026-10-01", "until": "2026-12-31",
        "evidence": "REVOPS-1", **said,
    }  # fmt: skip
    document = Attestations.model_validate(
        {"apiVersion": "sla-sync/v1", "kind": "Attestations", "attestations": [entry]}
    )
    agreement: Agreement = acme()
    linted = lint(agreement, {}, today, vouched=("attestations.yaml", document))
    return [(each.diagnostic.message, each.diagnostic.severity) for each in linted if each.diagnostic.code == "SLA815"]


def test_an_attestation_counts_until_its_last_day() -> None:
    assert vouched(date(2026, 12, 31)) == []
    assert vouched(date(2026, 11, 1), until="2026-11-01") == []
    ((message, severity),) = vouched(date(2026, 11, 2), until="2026-11-01")
    assert "until 2026-11-01" in message
    assert severity is Severity.WARNING


def test_when_the_agreement_is_over_nobody_need_look_again() -> None:
    assert vouched(date(2027, 1, 1)) == []


@pytest.mark.parametrize("said", [{"by": "nobody"}, {"on": "2026-12-30", "until": "2026-12-01"}])
def test_a_role_stands_for_an_attestation_that_does_not_end_before_it_begins(said: dict[str, object]) -> None:
    ((_, severity),) = vouched(date(2026, 10, 5), **said)
    assert severity is Severity.ERROR
