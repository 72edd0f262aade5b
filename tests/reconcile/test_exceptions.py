"""A difference is accepted until its day, by whom it takes, and only while it is the same difference."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from sla_sync.agreement.exceptions import LONGEST, Exceptions, too_long
from sla_sync.agreement.load import load_exceptions
from sla_sync.authoring.accepting import first_exceptions, with_exception
from sla_sync.errors import SlaSyncError
from sla_sync.reconcile.drift import Drift, DriftClass, Finding
from sla_sync.reconcile.exceptions import accept
from sla_sync.reconcile.settings import Address, Consequence

ON, UNTIL = date(2026, 11, 4), date(2026, 12, 31)
ROLES = ("vp_sales", "revops")
LABEL = Finding(
    DriftClass.CHANGED,
    Consequence.COSMETIC,
    Address("Field", "due"),
    ("label",),
    "a",
    "a",
    "b",
    None,
    None,
    (),
    target="org",
)
GRAVE = replace(LABEL, path=("length",), agreed=1, applied=1, live=2, consequence=Consequence.BREACH)
SEEN = replace(GRAVE, drift=DriftClass.SHADOWED, path=(), what="Flow 'Old'", live=None)


def entry(finding: Finding, **changes: object) -> dict[str, object]:
    target, address, path, what, live = finding.identity
    said = {"id": finding.id, "target": target, "address": address, "path": path, "what": what, "live": live}
    return {**said, "because": "Agreed.", "by": "vp_sales", "on": str(ON), "until": str(UNTIL), **changes}


def accepted(*findings: Finding, today: date = ON, said: str = "acme", **changes: object) -> Drift:
    document = {"apiVersion": "sla-sync/v1", "kind": "Exceptions", "agreement": said}
    exceptions = Exceptions.model_validate(
        {**document, "exceptions": [entry(each, **changes) for each in (LABEL, GRAVE, SEEN)]}
    )
    return accept(Drift("org", findings, 1, ()), exceptions, today=today, agreement="acme", roles=ROLES)


@pytest.mark.parametrize("finding", [LABEL, GRAVE, SEEN, replace(LABEL, drift=DriftClass.CONFLICT, agreed="c")])
@pytest.mark.parametrize("today", [ON, UNTIL])
def test_what_is_accepted_is_no_finding_and_is_told_with_reason_and_end(finding: Finding, today: date) -> None:
    found = accepted(finding, today=today)
    assert (found.findings, found.drifted, found.at_risk) == ((), (), ())
    (only,) = found.accepted
    assert (only.finding, only.because, only.until, only.by) == (finding, "Agreed.", UNTIL, "vp_sales")
    assert not found.in_sync, "what is merely accepted is not as agreed"


@pytest.mark.parametrize(
    ("finding", "today", "changes", "note"),
    [
        (
            LABEL,
            UNTIL + timedelta(days=1),
            {},
            "It was accepted by vp_sales until 2026-12-31, and that day has passed.",
        ),
        (LABEL, ON - timedelta(days=1), {}, "It is accepted only from 2026-11-04 on."),
        (LABEL, ON, {"by": "somebody"}, "It is accepted by 'somebody', and the agreement has no such role."),
        (GRAVE, ON, {"by": None}, "It touches what was promised, and its entry in exceptions.yaml names no role"),
        (replace(LABEL, live="c"), ON, {}, ""),
        (replace(LABEL, target="other"), ON, {}, ""),
        (replace(SEEN, what="Flow 'New'"), ON, {}, ""),
        (replace(LABEL, drift=DriftClass.PENDING), ON, {}, ""),
    ],
)
def test_what_is_not_accepted_any_longer_or_is_another_value_stays_a_finding(
    finding: Finding, today: date, changes: dict[str, object], note: str
) -> None:
    found = accepted(finding, today=today, **changes)  # type: ignore[arg-type]
    (only,) = found.findings
    assert only.note.startswith(note)
    assert bool(only.note) is bool(note)
    assert found.accepted == ()


def test_a_small_difference_is_accepted_without_a_role_and_an_idle_entry_is_told() -> None:
    found = accepted(LABEL, by=None)
    assert [each.by for each in found.accepted] == [None]
    assert [note.partition(" about ")[0] for note in found.notes] == [
        f"exceptions.yaml has {GRAVE.id}",
        f"exceptions.yaml has {SEEN.id}",
    ]


def test_exceptions_of_another_agreement_count_for_nothing_and_say_so() -> None:
    found = accepted(LABEL, said="globex")
    assert found.findings == (LABEL,)
    assert found.notes == ("exceptions.yaml is about 'globex' and not about 'acme', so nothing in it counts.",)


@pytest.mark.parametrize(
    ("until", "fits"), [(ON, True), (ON + LONGEST, True), (ON - timedelta(days=1), False), (ON + LONGEST * 2, False)]
)
def test_nothing_is_accepted_for_longer_than_a_year(until: date, *, fits: bool) -> None:
    assert (too_long(ON, until) == "") is fits


def test_an_entry_is_added_with_every_comment_kept_and_reads_as_it_was_meant(tmp_path: Path) -> None:
    first = Exceptions.model_validate(
        {
            "apiVersion": "sla-sync/v1",
            "kind": "Exceptions",
            "agreement": "acme",
            "exceptions": [entry(LABEL), entry(SEEN)],
        }
    ).exceptions
    text = with_exception(first_exceptions("acme"), first[0], file="exceptions.yaml")
    commented = f"# who: revops\n{text}  # until the relaunch\n"
    whole = with_exception(commented, first[1], file="exceptions.yaml")
    assert whole.startswith(commented.partition("  # until")[0])
    assert "# until the relaunch" in whole
    path = tmp_path / "exceptions.yaml"
    path.write_text(whole, encoding="utf-8")
    loaded = load_exceptions(path, root=tmp_path)
    assert loaded.diagnostics == ()
    assert loaded.value is not None
    assert loaded.value.exceptions == first
    with pytest.raises(SlaSyncError, match="without rewriting"):
        with_exception(f"{{{text}", first[1], file="exceptions.yaml")


def test_an_exception_that_lasts_too_long_is_a_finding_of_the_document(tmp_path: Path) -> None:
    path = tmp_path / "exceptions.yaml"
    good = "\n  - ".join(["exceptions:", str(entry(LABEL, until="2028-01-01", what="x"))])
    path.write_text(f"{first_exceptions('acme')}{good}\n", encoding="utf-8")
    loaded = load_exceptions(path, root=tmp_path)
    assert loaded.value is None
    assert "more than a year after 2026-11-04" in loaded.diagnostics[0].message
