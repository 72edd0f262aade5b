"""What people read says what is wrong, in order, and nothing foreign in it steers a terminal or a table."""

from __future__ import annotations

import json
from dataclasses import replace

from sla_sync.diagnostics import Diagnostic, Location, Severity
from sla_sync.reconcile.apply import Result
from sla_sync.reconcile.drift import Drift, DriftClass, Finding, Unverifiable
from sla_sync.reconcile.plan import Plan, make_plan
from sla_sync.reconcile.settings import (
    Address,
    Consequence,
    Desired,
    Gap,
    Live,
    Outcome,
    Ref,
    Snapshot,
    Status,
    Translation,
    Unreadable,
)
from sla_sync.render import diagnostics, drift, plan
from sla_sync.render.words import spell_value
from sla_sync.testing.memory import TYPES

DUE = Address("Field", "due")
FOUND = Diagnostic(
    "SLA102",
    Severity.ERROR,
    "Lead 'mql' is owned by 'sdr', which is not a role.",
    ("stages", "mql", "accountable"),
    Location("configs/acme/agreement.yaml", 12, 5),
    "Define the role, or name one of: vp_sales.",
)


def a_plan() -> Plan:
    desired = (
        Desired(DUE, {"label": "Due", "type": "date"}, origins={(): ("commitments", "first-response")}),
        Desired(Address("Segment", "SLA | hot"), {"filter": Ref(DUE)}),
        Desired(Address("Segment", "hidden"), {"filter": "x"}),
    )
    snapshot = Snapshot(
        {DUE: Live(DUE, {"label": "Dew\x1b[31m", "type": "date"}, managed=True)},
        unreadable={Address("Segment", "hidden"): Unreadable(Address("Segment", "hidden"), "no permission")},
    )
    gaps = (Gap("layout", "Page layout", "Put the field on the page layout."),)
    return make_plan(
        Translation(desired, gaps), snapshot, TYPES, target="org", agreement="acme-inbound", agreement_digest="d"
    )


def test_a_finding_names_place_sentence_path_and_hint() -> None:
    text = diagnostics.findings_as_text([FOUND], lambda _: "accountable: sdr\n             ^")
    assert text == (
        "configs/acme/agreement.yaml:12:5: error SLA102: Lead 'mql' is owned by 'sdr', which is not a role."
        " [stages.mql.accountable]\n"
        "    accountable: sdr\n"
        "                 ^\n"
        "    → Define the role, or name one of: vp_sales.\n"
        "1 error."
    )


def test_findings_as_json_have_line_and_column() -> None:
    (found,) = json.loads(diagnostics.findings_as_json([FOUND]))["findings"]
    assert (found["code"], found["line"], found["column"], found["path"]) == ("SLA102", 12, 5, "stages.mql.accountable")


def test_a_plan_reads_from_changes_over_manual_steps_to_what_could_not_be_read() -> None:
    text = plan.plan_as_text(a_plan())
    assert "~ Field/due (update: different)" in text
    assert "label: «Dew�[31m» → «Due»   # commitments.first-response" in text
    assert "  + Segment/SLA | hot\n" in text
    assert "filter = the id of Field/due" not in text
    assert "filter = the id of Field/due" in plan.plan_as_text(a_plan(), full=True)
    assert "2 changes: 1 to create, 1 to update; 0 already as agreed." in text
    assert "1. Put the field on the page layout. (unchecked) [layout]" in text
    assert "? Segment/hidden: no permission" in text
    assert "\x1b" not in text


def test_hundreds_of_rows_of_one_type_are_counted_and_shown_only_in_full() -> None:
    rows = tuple(Desired(Address("Entry", f"{number:03}"), {"n": number}) for number in range(200))
    made = make_plan(Translation(rows), Snapshot({}), TYPES, target="org", agreement="a", agreement_digest="d")
    text = plan.plan_as_text(made)
    assert "  … and 197 more of Entry; --full shows them" in text
    assert (text.count("+ Entry/"), plan.plan_as_text(made, full=True).count("+ Entry/")) == (3, 200)
    assert "| create | 197 more of Entry | | | |" in plan.plan_as_markdown(made)
    assert len(json.loads(plan.plan_as_json(made))["changes"]) == 200


def test_the_json_of_a_plan_keeps_its_contract() -> None:
    said = json.loads(plan.plan_as_json(a_plan()))
    assert {"format_version", "tool", "agreement_digest", "target", "changes", "gaps", "fingerprint"} <= said.keys()
    change = next(each for each in said["changes"] if each["action"] == "update")
    assert change.keys() == {
        *("action", "address", "fields", "reason", "consequence", "ack"),
        *("switches_off", "acknowledgements"),
    }
    assert change["fields"] == [
        {"path": "label", "before": "Dew\x1b[31m", "after": "Due", "origin": "commitments.first-response"}
    ]
    (gap,) = said["gaps"]
    assert (gap["id"], gap["status"]) == ("layout", "unchecked")


def test_the_markdown_of_a_plan_escapes_what_would_break_its_table() -> None:
    text = plan.plan_as_markdown(a_plan())
    rows = [line for line in text.splitlines() if line.startswith("| create")]
    assert rows == ["| create | Segment/SLA \\| hot | filter |  | the id of Field/due |"]


def test_every_form_of_a_plan_says_which_acknowledgements_it_needs_and_what_it_switches_off() -> None:
    change = a_plan().changes[0]
    made = replace(a_plan(), changes=(replace(change, ack="adopt:A/b", switches_off=(Address("Rule", "Theirs"),)),))
    text = plan.plan_as_text(made)
    assert "needs --ack adopt:A/b --ack switch-off:Rule/Theirs" in text
    assert "      switches off Rule/Theirs" in text
    assert "**Applied only with**\n\n- `--ack adopt:A/b`\n- `--ack switch-off:Rule/Theirs`" in plan.plan_as_markdown(
        made
    )
    (said,) = json.loads(plan.plan_as_json(made))["changes"]
    assert said["switches_off"] == ["Rule/Theirs"]
    assert said["acknowledgements"] == ["adopt:A/b", "switch-off:Rule/Theirs"]
    assert "**Applied only with**" not in plan.plan_as_markdown(a_plan())


def test_what_apply_did_is_counted_and_what_it_did_not_is_named() -> None:
    made = a_plan()
    done = tuple(Outcome(each, Status.DONE) for each in made.changes)
    assert plan.result_as_text(made, Result(done)) == "org: 1 created, 1 updated."
    broken = (done[0], replace(done[1], status=Status.FAILED, detail="it was refused"))
    text = plan.result_as_text(made, Result(broken))
    assert text.startswith("org: 1 of 2 changes done.\n  failed: ")
    assert "it was refused" in text
    assert json.loads(json.dumps(plan.result_as_plain(made, Result(broken))))["complete"] is False


def finding(**changes: object) -> Finding:
    plain = Finding(
        DriftClass.CHANGED,
        Consequence.BREACH,
        DUE,
        ("label",),
        "Due",
        "Due",
        "Dew",
        None,
        None,
        ("commitments", "first-response"),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_drift_says_agreed_live_and_that_nobody_is_known() -> None:
    text = drift.drift_as_text(
        Drift("org", (finding(),), 3, (Unverifiable("manual step layout", "Page layout", manual=True),))
    )
    assert text.startswith("🔴 org\norg: 1 difference from what was agreed. 3 settings match, 1 could not be checked.")
    assert (
        f"HIGH changed: Field/due label  [{finding().id}]\n  Agreed: «Due»\n  Live:   «Dew»\n  No trace of who" in text
    )
    assert "Agreed in: commitments.first-response" in text
    assert "? manual step layout: Page layout" in text


def test_in_sync_is_said_only_where_nothing_was_left_unchecked() -> None:
    assert "in sync" in drift.headline(Drift("org", (), 3, ()))
    unchecked = drift.headline(Drift("org", (), 3, (Unverifiable("manual step layout", "Page layout", manual=True),)))
    assert "in sync" not in unchecked
    assert unchecked == "org: 3 settings match, 1 could not be checked."


def test_the_json_of_drift_keeps_its_contract() -> None:
    said = json.loads(drift.drift_as_json(Drift("org", (finding(),), 3, ())))
    assert {"format_version", "target", "findings", "matched", "unverifiable"} <= said.keys()
    (only,) = said["findings"]
    assert only.keys() >= {
        "class", "consequence", "address", "path", "agreed", "applied", "live", "who", "when", "commitment",
    }  # fmt: skip
    assert only["class"] == "changed"


def test_the_markdown_of_drift_is_one_row_a_finding() -> None:
    text = drift.drift_as_markdown(
        Drift("org", (finding(live="a|b"), finding(drift=DriftClass.MISSING, path=())), 1, ())
    )
    rows = [line for line in text.splitlines() if line.startswith(("| HIGH", "| LOW"))]
    assert len(rows) == 2
    assert "«a\\|b»" in rows[0]


def test_values_are_spelled_in_one_line() -> None:
    assert [spell_value(each) for each in (None, True, 3, "a\nb", ["x"], "y" * 200)] == [
        "nothing",
        "yes",
        "3",
        "«a ⏎ b»",
        '["x"]',
        f"«{'y' * 99}…»",
    ]
