import base64
from collections.abc import Collection
from datetime import UTC, datetime

import pytest

from sla_sync.connector import Address, Connection, FaultError, RejectedError, Setup, Severity, SlaSyncError, Snapshot
from sla_sync_salesforce.options import SalesforceOptions
from sla_sync_salesforce.package import Component, mdapi_package, zipped
from sla_sync_salesforce.people import find
from sla_sync_salesforce.reader import SalesforceReader
from sla_sync_salesforce.soql import literal, one_of, select
from tests.connectors.salesforce.canned import TOKEN, Answer, Asked, canned, fault, records, soap
from tests.connectors.salesforce.stories import AGREEMENT

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
FLOW = Address("Flow", "SLA_Stamp_Qualified")
MARK = f"Text.\n\nmanaged by sla-sync {AGREEMENT}"
NOBODY = Answer(200, '{"done": true, "records": []}')
WHO = Answer(200, '{"preferred_username": "ops@acme.example"}')
CALLS_LEFT = Answer(200, '{"DailyApiRequests": {"Max": 15000, "Remaining": 14000}}')
DESCRIBED = soap("describeMetadata", "")


def listed(*found: tuple[str, str]) -> Answer:
    return soap(
        "listMetadata",
        *(
            f"<fullName>{name}</fullName><id>01</id><lastModifiedByName>Kim</lastModifiedByName>"
            f"<lastModifiedDate>2026-11-01T08:00:00.000Z</lastModifiedDate><type>{kind}</type>"
            for kind, name in found
        ),
    )


def retrieved(*components: Component, messages: Collection[str] = ()) -> Answer:
    package = base64.b64encode(zipped(mdapi_package(components))).decode()
    told = "".join(
        f"<messages><fileName>package.xml</fileName><problem>{each}</problem></messages>" for each in messages
    )
    return soap(
        "checkRetrieveStatus",
        f"<done>true</done>{told}<status>Succeeded</status><success>true</success><zipFile>{package}</zipFile>",
    )


def reader(asked: Asked, **people: tuple[str, ...]) -> SalesforceReader:
    options = SalesforceOptions.model_validate({"url": asked.url, "token": TOKEN})
    connection = Connection("staging", options, Setup(AGREEMENT, people), lambda: NOON)
    return SalesforceReader(connection, asked.client())


def read(answers: Collection[Answer], *addresses: Address) -> Snapshot:
    with canned(*answers) as asked:
        return reader(asked).read(addresses)


BEFORE = (NOBODY, listed(), listed(), soap("retrieve", "<id>09S</id>"))


def test_what_the_org_would_not_show_is_neither_there_nor_missing() -> None:
    problem = "You do not have access to flow SLA_Stamp_Qualified"
    snapshot = read((*BEFORE, retrieved(messages=[problem])), FLOW)
    assert snapshot.unreadable[FLOW].because == problem
    assert FLOW not in snapshot.settings


def test_what_does_not_exist_is_missing() -> None:
    problem = "Entity of type 'Flow' named 'SLA_Stamp_Qualified' cannot be found"
    snapshot = read((*BEFORE, retrieved(messages=[problem])), FLOW)
    assert not snapshot.unreadable
    assert FLOW not in snapshot.settings


def test_ours_is_found_also_when_nobody_asks_for_it() -> None:
    found = listed(
        ("CustomField", "Lead.SLA_Old__c"), ("CustomField", "Lead.SLA_Theirs__c"), ("CustomField", "Lead.X__c")
    )
    components = (
        Component("CustomField", "Lead.SLA_Old__c", {"label": "Old", "description": MARK}),
        Component("CustomField", "Lead.SLA_Theirs__c", {"label": "Theirs", "description": "managed by sla-sync other"}),
    )
    with canned(NOBODY, found, listed(), BEFORE[-1], retrieved(*components)) as asked:
        snapshot = reader(asked).read([])
        assert "<members>Lead.X__c</members>" not in asked.requests[3][2]
    assert [address.key for address in snapshot.settings] == ["Lead.SLA_Old__c"]
    live = snapshot.settings[Address("CustomField", "Lead.SLA_Old__c")]
    assert (live.managed, live.changed_by) == (True, "Kim")
    assert live.changed_at == datetime(2026, 11, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("definition", "status", "revision"),
    [
        ({"ActiveVersionId": None, "ActiveVersion": None}, "Obsolete", None),
        ({"ActiveVersionId": "301", "ActiveVersion": {"VersionNumber": 3}}, "Active", "3"),
    ],
)
def test_a_flow_without_an_active_version_is_not_in_force(
    definition: dict[str, object], status: str, revision: str | None
) -> None:
    flow = Component("Flow", FLOW.key, {"description": MARK, "status": "Active"})
    versions = records({"DeveloperName": FLOW.key, **definition}, {"DeveloperName": "Other"})
    snapshot = read((*BEFORE, retrieved(flow), versions), FLOW)
    assert snapshot.settings[FLOW].values["status"] == status
    assert snapshot.settings[FLOW].revision == revision


def test_what_else_is_in_the_org_is_not_retrieved() -> None:
    crowd = listed(*(("CustomField", f"Lead.Their{number}__c") for number in range(5000)))
    with canned(NOBODY, crowd, listed(), BEFORE[-1], retrieved()) as asked:
        reader(asked).read([Address("CustomField", "Lead.SLA_Due_At__c")])
        assert len(asked.requests) == 5
        assert asked.requests[3][2].count("<members>") == 2


def test_who_changed_what_no_listing_tells_is_told_by_the_retrieve() -> None:
    row = Component("CustomMetadata", "SLA_Threshold.Score_person", {"label": "Score"})
    told = retrieved(row).body.replace(
        "<status>",
        "<fileProperties><fullName>SLA_Threshold.Score_person</fullName><id>m00</id><type>CustomMetadata</type>"
        "<lastModifiedByName>Kim</lastModifiedByName><lastModifiedDate>2026-11-01T08:00:00.000Z</lastModifiedDate>"
        "</fileProperties><status>",
    )
    address = Address(row.type, row.name)
    live = read((*BEFORE, Answer(200, told, (("Content-Type", "text/xml"),))), address).settings[address]
    assert (live.changed_by, live.handle) == ("Kim", "m00")


def test_a_file_of_many_is_kept_whole_and_its_parts_are_settings() -> None:
    hours = Component(
        "Settings", "BusinessHours", {"businessHours": [{"name": "Main", "active": True, "default": True}]}
    )
    asked_for = Address("BusinessHours", "SLA Main")
    snapshot = read((*BEFORE, retrieved(hours)), asked_for)
    assert snapshot.containers.keys() == {Address("Settings", "BusinessHours")}
    assert asked_for not in snapshot.settings
    assert snapshot.settings[Address("BusinessHours", "Main")].values["active"] is True


def test_people_whom_the_targets_file_no_longer_names_are_found_for_their_rows() -> None:
    gone = Address("GroupMember", "SLA_Sdr/zoe")
    row = records({"Id": "011", "UserOrGroupId": "005zoe", "Group": {"DeveloperName": "SLA_Sdr"}})
    zoe = records({"Id": "005zoe", "Username": "zoe@acme.example", "Alias": "zoe", "IsActive": True})
    assert read((*BEFORE, retrieved(), row, zoe), gone).settings[gone].handle == "011"


def test_a_package_that_cannot_be_read_is_a_fault() -> None:
    broken = soap("checkRetrieveStatus", "<done>true</done><success>true</success><zipFile>AAAA</zipFile>")
    with pytest.raises(FaultError, match="is not a zip"):
        read((*BEFORE, broken), FLOW)


def test_a_damaged_manifest_is_told() -> None:
    with (
        canned(records({"Id": "081"}), Answer(200, "scribble")) as asked,
        pytest.raises(SlaSyncError, match="manifest on the platform cannot be read"),
    ):
        reader(asked).manifest()


def test_the_manifest_is_asked_for_once() -> None:
    with canned(NOBODY) as asked:
        conversation = reader(asked)
        assert conversation.manifest() is None
        assert conversation.manifest() is None


def test_all_is_well() -> None:
    with canned(WHO, CALLS_LEFT, DESCRIBED) as asked:
        assert list(reader(asked).check()) == []


def test_a_user_without_the_permission_is_named() -> None:
    with canned(WHO, CALLS_LEFT, fault("INSUFFICIENT_ACCESS", "use of the Metadata API")) as asked:
        found = list(reader(asked).check())
    assert [each.severity for each in found] == [Severity.ERROR]
    assert found[0].message.startswith("ops@acme.example may not use the Metadata API")


def test_few_calls_left_are_a_warning() -> None:
    few = Answer(200, '{"DailyApiRequests": {"Max": 15000, "Remaining": 10}}')
    with canned(WHO, few, DESCRIBED) as asked:
        found = list(reader(asked).check())
    assert [(each.severity, each.message) for each in found] == [
        (Severity.WARNING, "Of 15000 API calls a day 10 are left.")
    ]


def test_a_version_that_the_org_does_not_speak_is_an_error() -> None:
    absent = Answer(404, '[{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}]')
    with canned(WHO, absent, DESCRIBED) as asked:
        found = list(reader(asked).check())
    assert "does not offer version 63.0" in found[0].message


def test_people_are_known_by_user_name_or_alias_and_must_be_one_active_user() -> None:
    users = records(
        {"Id": "1", "Username": "Ana@acme.example", "Alias": "ana", "IsActive": True},
        {"Id": "2", "Username": "sam@acme.example", "Alias": "sam", "IsActive": False},
        {"Id": "3", "Username": "kim@acme.example", "Alias": "kim", "IsActive": True},
        {"Id": "4", "Username": "kim@other.example", "Alias": "kim", "IsActive": True},
    )
    with canned(users) as asked:
        people = find(asked.client(), ["ana@ACME.example", "sam", "kim", "nobody"])
    assert people.id_of("ana@ACME.example") == "1"
    assert people.name_of("1") == "ana@ACME.example"
    assert people.name_of("9") is None
    assert {each.message for each in people.trouble()} == {
        "The user «sam» (sam@acme.example) is not active.",
        "«kim» is the alias of 2 users: kim@acme.example, kim@other.example.",
        "No user of the org has the user name or alias «nobody».",
    }


def test_an_audit_line_names_its_setting_by_label_or_api_name() -> None:
    field = Component("CustomField", "Lead.SLA_Need__c", {"label": "Need", "description": MARK})
    lines = records(
        {
            "CreatedDate": "2026-11-02T10:00:00.000+0000",
            "CreatedBy": {"Name": "Kim"},
            "Display": "Changed field Need (Lead)",
        },
        {
            "CreatedDate": "2026-11-01T10:00:00.000+0000",
            "CreatedBy": None,
            "DelegateUser": "support",
            "Display": "Changed SLA_Need__c",
        },
        {"CreatedDate": None, "Display": "undated"},
        {"CreatedDate": "2026-11-01T09:00:00.000+0000", "CreatedBy": {"Username": "k@x"}, "Display": "Logged in"},
    )
    address = Address("CustomField", "Lead.SLA_Need__c")
    with canned(*BEFORE, retrieved(field), lines) as asked:
        conversation = reader(asked)
        conversation.read([address])
        trail = list(conversation.audit_trail(datetime(2026, 11, 1, tzinfo=UTC)))
        assert "CreatedDate+%3E%3D+2026-11-01T00%3A00%3A00Z" in asked.requests[-1][1]
    assert [(each.who, each.address) for each in trail] == [
        ("Kim", address),
        ("somebody (through support)", address),
        ("k@x", None),
    ]


def test_before_anything_was_read_an_audit_line_names_no_setting() -> None:
    line: dict[str, object] = {
        "CreatedDate": "2026-11-02T10:00:00.000+0000",
        "CreatedBy": {"Name": "Kim"},
        "Display": "SLA_Need__c",
    }
    with canned(records(line)) as asked:
        assert [each.address for each in reader(asked).audit_trail(None)] == [None]


@pytest.mark.parametrize("status", [400, 403])
def test_without_the_right_to_see_setup_there_is_no_audit_line(status: int) -> None:
    refusal = Answer(status, '[{"errorCode": "INVALID_TYPE", "message": "sObject type is not supported"}]')
    with canned(refusal) as asked:
        assert list(reader(asked).audit_trail(None)) == []


def test_another_refusal_of_the_audit_trail_is_an_error() -> None:
    refusal = Answer(400, '[{"errorCode": "MALFORMED_QUERY", "message": "unexpected token"}]')
    with canned(refusal) as asked, pytest.raises(RejectedError):
        list(reader(asked).audit_trail(None))


def test_no_text_escapes_from_its_literal() -> None:
    assert literal("O'Hara\\\n") == "'O\\'Hara\\\\\\n'"
    assert one_of("Name", ["b", "a"]) == "Name IN ('a', 'b')"
    assert select("Id", "User", "A = 1", "LIMIT 1") == "SELECT Id FROM User WHERE A = 1 LIMIT 1"
