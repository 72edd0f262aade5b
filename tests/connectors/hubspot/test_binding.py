"""What a HubSpot binding may say."""

import pytest
from pydantic import ValidationError

from tests.connectors.hubspot.stories import acme_binding, binding

REFUSED: tuple[tuple[dict[str, object], str], ...] = (
    ({"stages": {"mql": {}}}, "bound to values of one of"),
    ({"stages": {"mql": {"hs_lead_status": ["A"], "lifecyclestage": ["b"]}}}, "bound to values of one of"),
    ({"stages": {"mql": {"dealstage": ["b"], "add": True}}}, "labels of lifecycle stages, and this stage names none"),
    ({"stages": {"mql": {"leadstatus": ["A"]}}}, "Extra inputs"),
    ({"prefix": "SLA"}, "should match pattern"),
    ({"objects": ["deals"]}, "contacts"),
    ({"exclude": {"test": "is is is"}}, "predicate of 'test' cannot be read"),
    ({"holds": {"x": "words"}}, "text"),
    ({"touch": {"any": [{"activity": "fax"}]}}, "call"),
)


@pytest.mark.parametrize(("sections", "message"), REFUSED)
def test_a_binding_that_means_nothing_is_refused(sections: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        binding(**sections)


def test_one_value_may_stand_without_brackets() -> None:
    assert binding(stages={"mql": {"hs_lead_status": "MQL"}}).stages["mql"].contact_values == ("MQL",)


def test_a_stage_of_the_deal_shows_on_no_property_of_the_contact() -> None:
    stage = acme_binding().stages["won"]
    assert stage.contact_property is None
    assert stage.contact_values == ()


def test_the_example_binds_every_stage_source_and_needed_field(
    acme_document: dict[str, dict[str, dict[str, object]]],
) -> None:
    bound = acme_binding()
    assert set(bound.stages) == set(acme_document["stages"])
    assert set(bound.sources.values) == set(acme_document["sources"])
    needed = {name for stage in acme_document["stages"].values() for name in stage.get("needs", ())}  # type: ignore[attr-defined]
    assert needed <= set(bound.fields)
    assert set(acme_document["quality"]["exclude"]) == set(bound.exclude)
