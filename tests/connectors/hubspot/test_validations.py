"""Validation rules: which scores get one, that the portal keeps to it, and that what others set is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from sla_sync.agreement.sections.scoring import ScoringModel
from sla_sync.compiler.scores import _of_model
from sla_sync.connector import Action, Address, Manifest, RejectedError, Status, Translation
from sla_sync_hubspot.build import build_json
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.translate.properties import properties, property_group
from sla_sync_hubspot.translate.validations import validations
from sla_sync_hubspot.translate.vocabulary import Vocabulary
from sla_sync_hubspot.types import VALIDATION
from tests.connectors.hubspot.stories import AGREEMENT, Portal, binding, resources

LEAST, MOST = (Address(VALIDATION, f"contacts/sla_score/{rule}") for rule in ("MIN_NUMBER", "MAX_NUMBER"))
BOUNDS = {"person": {"score": (0.0, 170.0), "fit": (None, 70.0)}}


def translation(bounds: Any = BOUNDS, **fields: Any) -> Translation:
    bound = binding(fields=fields or {"score": {"field": "sla_score", "add": "number"}})
    vocabulary = Vocabulary(resources(score_bounds=bounds, thresholds={"person": 100.0}), bound)
    return Translation(
        (property_group(vocabulary), *properties(vocabulary), *validations(vocabulary)), agreement=AGREEMENT
    )


def rules(found: Translation) -> dict[str, Any]:
    return {each.address.key: each.values for each in found.desired if each.address.type == VALIDATION}


def asked(model: dict[str, Any]) -> Any:
    return _of_model(ScoringModel.model_validate(model))


def test_a_model_without_a_floor_or_with_fading_has_no_least_number() -> None:
    signal = {"when": "employees >= 200", "points": 20}
    fading = {"points": -10, "after": "30 days idle", "every": "30 days"}
    assert asked({"fit": {"max": 70, "add": {"big": signal}}}) == {"fit": (0.0, 70.0), "score": (0.0, 70.0)}
    assert asked({"fit": {"add": {"small": {**signal, "points": -5}}}}) == {}
    assert asked({"engagement": {"add": {"big": signal}, "decay": fading}}) == {}
    both = {"fit": {"max": 70, "add": {"big": signal}}, "engagement": {"add": {"big": signal}, "decay": fading}}
    assert asked(both) == {"fit": (0.0, 70.0)}
    assert asked({**both, "floor": 0})["score"] == (0.0, None)


def test_a_score_that_we_add_takes_what_its_model_gives() -> None:
    assert rules(translation()) == {LEAST.key: {"ruleArguments": ["0"]}, MOST.key: {"ruleArguments": ["170"]}}


def test_a_score_of_somebody_else_and_one_without_bounds_get_no_rule() -> None:
    assert rules(translation(score="hs_score")) == {}
    assert rules(translation({})) == {}


def test_each_side_of_a_score_has_its_own_rule_and_line() -> None:
    found = translation(fit={"field": "sla_fit", "add": "number"})
    assert rules(found) == {"contacts/sla_fit/MAX_NUMBER": {"ruleArguments": ["70"]}}
    assert found.desired[-1].origin() == ("scoring", "person", "fit")


def test_the_portal_refuses_what_lies_beyond(served: Portal) -> None:
    assert {each.status for each in served.apply(translation())} == {Status.DONE}
    assert served.changes(translation()) == ()
    client = served.client()
    for number in ("-1", "171"):
        with pytest.raises(RejectedError):
            client.call("POST", Api.OBJECTS, "/contacts", body={"properties": {"email": "a@b.c", "sla_score": number}})
    assert client.call("POST", Api.OBJECTS, "/contacts", body={"properties": {"email": "a@b.c", "sla_score": "170"}})


def test_a_changed_rule_is_drift_and_put_back(served: Portal) -> None:
    served.apply(translation())
    path = "/0-1/sla_score/rule-type/MAX_NUMBER"
    served.client().call("PUT", Api.VALIDATIONS, path, body={"ruleArguments": ["500"]})
    assert [(each.action, each.address) for each in served.changes(translation())] == [(Action.UPDATE, MOST)]
    served.apply(translation())
    assert served.client().call("GET", Api.VALIDATIONS, path)["ruleArguments"] == ["170"]


def test_a_rule_that_stood_there_before_is_adopted_by_name_only(served: Portal) -> None:
    served.apply(translation({}))
    body = {"ruleArguments": ["5"]}
    served.client().call("PUT", Api.VALIDATIONS, "/0-1/sla_score/rule-type/MIN_NUMBER", body=body)
    found = {each.address: each for each in served.changes(translation())}
    assert found[LEAST].ack == f"adopt:{LEAST}"
    assert found[MOST].action is Action.CREATE


def test_rules_of_others_are_nobodys_business(served: Portal) -> None:
    served.apply(translation())
    body = {"ruleArguments": ["2"]}
    served.client().call("PUT", Api.VALIDATIONS, "/0-1/sla_score/rule-type/DECIMAL", body=body)
    assert served.changes(translation()) == ()


def test_a_rule_that_is_no_longer_agreed_is_released_because_no_call_takes_it_away(served: Portal) -> None:
    served.apply(translation())
    left = served.changes(translation({}), delete_removed=True)
    assert {(each.action, each.address) for each in left} == {(Action.RELEASE, LEAST), (Action.RELEASE, MOST)}


def test_a_file_for_another_pipeline_sets_each_rule_after_its_property() -> None:
    files = build_json(translation(), Manifest("d", {}))
    names = [each for each in files if "rule" in files[each].decode() or "sla_score" in each]
    assert [each.partition("-")[2] for each in names if each != "README.md"] == [
        "property-sla_score.json",
        "propertyvalidation-sla_score-min_number.json",
        "propertyvalidation-sla_score-max_number.json",
    ]
    assert b'"method": "PUT"' in files[names[1]]
