"""What the reader's check finds before anything is written."""

from sla_sync.connector import Connection, Setup, Severity
from sla_sync_hubspot.checks import check_people
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.reader import reading
from tests.connectors.hubspot.stories import AGREEMENT, Portal

OWNERS = (
    {"email": "ana@acme.example", "firstName": "Ana", "lastName": "One"},
    {"email": "ana@other.example", "firstName": "Ana", "lastName": "Two"},
    {"email": "ben@acme.example", "firstName": "Ben", "lastName": "Three"},
)


def test_a_person_is_found_by_address_first_name_or_full_name() -> None:
    for name in ("ben", "Ben@acme.example", "BEN", "Ben Three"):
        assert not list(check_people({"sdr": (name,)}, OWNERS)), name


def test_an_ambiguous_person_and_an_unknown_one_are_named() -> None:
    messages = [each.message for each in check_people({"sdr": ("ana", "zoe")}, OWNERS)]
    assert messages == [
        "'ana', who stands for 'sdr', is 2 owners of this portal.",
        "'zoe', who stands for 'sdr', is no owner of this portal.",
    ]


def _findings(served: Portal, connection: Connection | None = None) -> list[str]:
    with reading(connection or served.connection()) as reader:
        found = list(reader.check())
    assert all(each.severity is Severity.WARNING and each.hint for each in found)
    return [f"{each.code} {each.message}" for each in found]


def test_a_portal_in_order_gives_no_findings(served: Portal) -> None:
    assert _findings(served) == []


def test_a_nearly_exhausted_limit_of_properties_is_found(served: Portal) -> None:
    served.switch(tier="free")
    client = served.client()
    for number in range(10):
        body = {
            "name": f"own_{number}", "label": f"Own {number}", "groupName": "contactinformation", "type": "string",
            "fieldType": "text",
        }  # fmt: skip
        client.call("POST", Api.PROPERTIES, "/contacts", body=body)
    assert any(each.startswith("SLA809") and "10 of its 10 custom properties" in each for each in _findings(served))


def test_nearly_all_calls_of_the_day_used_is_found(served: Portal) -> None:
    client = served.client()
    for _ in range(40):
        client.call("GET", Api.OWNERS)
    served.switch(daily_limit=45)
    with reading(served.connection()) as reader:
        assert any("API calls that this portal may make today" in each.message for each in reader.check())


def test_a_token_that_may_not_see_owners_is_told_so(served: Portal) -> None:
    served.switch(missing_scopes=["crm.objects.owners.read"])
    assert any("owners" in each for each in _findings(served))


def test_people_who_are_no_owners_are_found_on_the_portal(served: Portal) -> None:
    usual = served.connection()
    setup = Setup(AGREEMENT, {"sdr": ("zoe",)})
    connection = Connection(usual.target, usual.options, setup, usual.now, usual.lock)
    assert _findings(served, connection) == ["SLA802 'zoe', who stands for 'sdr', is no owner of this portal."]
