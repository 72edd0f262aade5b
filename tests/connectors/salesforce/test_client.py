import json

import pytest
import requests

from sla_sync.connector import (
    ExhaustedError,
    FaultError,
    ForbiddenError,
    PlatformError,
    RejectedError,
    UnauthorizedError,
    UnreachableError,
)
from sla_sync_salesforce.session import PlatformSession, ReadOnlyError, is_read, operation
from sla_sync_salesforce.soap import envelope
from tests.connectors.salesforce.canned import TOKEN, Answer, canned, fault, soap

ORG = "https://acme.my.salesforce.com"
RECORDS = json.dumps({"totalSize": 1, "done": True, "records": [{"Id": "001"}]})
BUSY = Answer(503, "<html>busy</html>", (("Content-Type", "text/html"),))


def error_list(code: str, message: str) -> str:
    return json.dumps([{"errorCode": code, "message": message}])


def reading(url: str = ORG) -> PlatformSession:
    return PlatformSession(url, TOKEN, ca=None, may_write=False, pause=lambda _: None)


def soap_call(name: str) -> bytes:
    return envelope(name, {"asOfVersion": "63.0"}, TOKEN)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/services/data/v63.0/sobjects/StaticResource", b"{}"),
        ("PATCH", "/services/data/v63.0/sobjects/StaticResource/081", b"{}"),
        ("PUT", "/services/data/v63.0/sobjects/Lead/1", b"{}"),
        ("DELETE", "/services/data/v63.0/sobjects/StaticResource/081", None),
        ("HEAD", "/services/data", None),
        ("POST", "/services/data/v63.0/metadata/deployRequest", b"x"),
        ("POST", "/services/data/v63.0/tooling/executeAnonymous", b"x"),
        ("POST", "/services/data/v63.0/composite", b"{}"),
        ("POST", "/services/data/v63.0/composite/sobjects", b"{}"),
        ("PATCH", "/services/data/v63.0/composite/sobjects", b"{}"),
        ("POST", "/services/data/v63.0/jobs/ingest", b"{}"),
        ("PUT", "/services/data/v63.0/jobs/ingest/750/batches", b"Id"),
        ("PATCH", "/services/data/v63.0/jobs/query/750", b"{}"),
        ("PATCH", "/services/data/v63.0/tooling/sobjects/FlowDefinition/300", b"{}"),
        ("DELETE", "/services/data/v63.0/tooling/sobjects/Flow/301", None),
        *(
            ("POST", "/services/Soap/m/63.0", soap_call(name))
            for name in (
                "deploy",
                "deployRecentValidation",
                "cancelDeploy",
                "createMetadata",
                "updateMetadata",
                "upsertMetadata",
                "deleteMetadata",
                "renameMetadata",
            )
        ),
        ("POST", "/services/Soap/u/63.0", soap_call("retrieve")),
        ("POST", "/services/Soap/m/63.0", b"not xml"),
        ("POST", "/services/Soap/m/63.0", b"<Envelope><Body><retrieve/><deploy/></Body></Envelope>"),
        ("POST", "/services/Soap/m/63.0", b"<Envelope><Header/></Envelope>"),
        ("POST", "/services/Soap/m/63.0", None),
    ],
)
def test_a_reader_refuses_every_call_that_changes_state(method: str, path: str, body: bytes | None) -> None:
    with pytest.raises(ReadOnlyError, match=f"{method} {path} would change the org"):
        reading().request(method, f"{ORG}{path}", data=body)


def test_a_prepared_request_does_not_slip_past_the_refusal() -> None:
    prepared = requests.Request("DELETE", f"{ORG}/services/data/v63.0/sobjects/Lead/1").prepare()
    with pytest.raises(ReadOnlyError):
        reading().send(prepared)


def test_a_writing_operation_hidden_in_a_header_is_not_taken_for_a_read() -> None:
    body = b"<Envelope><Header><retrieve/></Header><Body><deploy/></Body></Envelope>"
    assert operation(body) == "deploy"


def test_reads_of_the_metadata_api_travel_as_post() -> None:
    with canned(soap("describeMetadata", "<testRequired>true</testRequired>")) as asked:
        assert asked.client().describe_metadata()["testRequired"] is True
    assert asked.requests[0][0] == "POST"


def test_a_query_of_the_bulk_api_is_made_by_post_and_is_a_read() -> None:
    made = requests.Request("POST", f"{ORG}/services/data/v63.0/jobs/query", json={"operation": "query"}).prepare()
    assert is_read(made)


def test_the_library_reaches_a_plain_server_on_this_machine() -> None:
    with canned(Answer(200, RECORDS)) as asked:
        assert [each["Id"] for each in asked.client().query("SELECT Id FROM Lead")] == ["001"]
    assert asked.requests[0][1] == "/services/data/v63.0/query/?q=SELECT+Id+FROM+Lead"
    assert asked.headers[0]["Authorization"] == f"Bearer {TOKEN}"


def test_a_read_is_repeated_twice_while_the_platform_is_busy() -> None:
    with canned(BUSY, Answer(0), Answer(200, RECORDS)) as asked:
        asked.client().query("SELECT Id FROM Lead")
        assert asked.pauses == [0.25, 1.0]


def test_a_read_is_given_up_after_the_third_attempt() -> None:
    with canned(BUSY, BUSY, BUSY, Answer(200, RECORDS)) as asked:
        with pytest.raises(FaultError, match="status 503"):
            asked.client().query("SELECT Id FROM Lead")
        assert len(asked.requests) == 3


def asking(status: int, pause: str, *headers: tuple[str, str]) -> Answer:
    return Answer(status, "<html>busy</html>", (("Content-Type", "text/html"), ("Retry-After", pause), *headers))


NOON = ("Date", "Thu, 01 Oct 2026 12:00:00 GMT")


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (asking(503, "7"), 7.0),
        (asking(429, "60"), 60.0),
        (asking(503, "Thu, 01 Oct 2026 12:00:30 GMT", NOON), 30.0),
        (asking(503, "soon"), 0.25),
        (asking(503, "0"), 0.25),
        (Answer(429), 0.25),
    ],
)
def test_a_read_waits_for_as_long_as_the_answer_asks(answer: Answer, seconds: float) -> None:
    with canned(answer, Answer(200, RECORDS)) as asked:
        assert asked.client().query("SELECT Id FROM Lead")
        assert asked.pauses == [seconds]


def test_a_write_that_is_one_of_too_many_requests_was_not_begun_and_is_sent_again() -> None:
    with canned(asking(429, "3"), Answer(201, '{"id": "081", "success": true}')) as asked:
        assert asked.client(may_write=True).create("StaticResource", {"Name": "A"}) == "081"
        assert asked.pauses == [3.0]
    with canned(*[Answer(429)] * 3) as asked, pytest.raises(ExhaustedError, match=r"refused .* with status 429"):
        asked.client(may_write=True).create("StaticResource", {"Name": "A"})


@pytest.mark.parametrize(("status", "kind"), [(429, ExhaustedError), (503, FaultError)])
def test_who_is_asked_to_come_again_after_more_than_a_minute_is_told_so_and_does_not_wait(
    status: int, kind: type[PlatformError]
) -> None:
    later = asking(status, "7200")
    with canned(*[later] * 4) as asked:
        client = asked.client(may_write=True)
        for call in (
            lambda: client.query("SELECT Id FROM Lead"),
            client.describe_metadata,
            lambda: client.start_query("SELECT Id FROM Lead"),
            lambda: client.create("StaticResource", {"Name": "A"}),
        ):
            with pytest.raises(kind, match=r"it asks to come again in 2 hours\.$") as raised:
                call()
            assert raised.value.hint == "Run the command again when that time has passed."
        assert (asked.pauses, len(asked.requests)) == ([], 4)


def test_a_locked_row_is_waited_for() -> None:
    locked = Answer(400, error_list("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access"))
    with canned(locked, Answer(200, RECORDS)) as asked:
        asked.client().query("SELECT Id FROM Lead")
        assert asked.pauses == [0.25]


def test_a_write_is_never_repeated() -> None:
    with canned(BUSY, Answer(201, '{"id": "081", "success": true}')) as asked:
        with pytest.raises(FaultError):
            asked.client(may_write=True).create("StaticResource", {"Name": "A"})
        assert len(asked.requests) == 1


def test_a_fault_of_the_metadata_api_is_no_passing_trouble() -> None:
    with canned(fault("INVALID_TYPE", "no such type"), soap("describeMetadata", "")) as asked:
        with pytest.raises(RejectedError, match="INVALID_TYPE: no such type"):
            asked.client().describe_metadata()
        assert len(asked.requests) == 1


REFUSALS = [
    (Answer(401, error_list("INVALID_SESSION_ID", "Session expired")), UnauthorizedError, "Renew the token"),
    (Answer(403, error_list("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")), ExhaustedError, "Wait"),
    (Answer(403, error_list("REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests")), FaultError, "Run the command again"),
    (Answer(403, error_list("API_DISABLED_FOR_ORG", "API is off")), ForbiddenError, "Give the user"),
    (Answer(403, "{}"), ForbiddenError, "Give the user"),
    (Answer(400, error_list("MALFORMED_QUERY", "unexpected token")), RejectedError, ""),
    (Answer(404, error_list("NOT_FOUND", "no such thing")), RejectedError, ""),
    (Answer(302, "", (("Location", "https://elsewhere.example/"),)), RejectedError, ""),
]


@pytest.mark.parametrize(("answer", "kind", "hint"), REFUSALS)
def test_each_refusal_is_one_error_with_the_platforms_own_words(
    answer: Answer, kind: type[PlatformError], hint: str
) -> None:
    with canned(answer, answer, answer) as asked, pytest.raises(kind) as raised:
        asked.client().query("SELECT Id FROM Lead")
    assert type(raised.value) is kind
    assert "Salesforce (staging)" in raised.value.message
    assert "the query «SELECT Id FROM Lead»" in raised.value.message
    assert raised.value.status == answer.status
    assert raised.value.hint.startswith(hint) or hint in raised.value.hint


def test_an_expired_session_of_the_metadata_api_is_told_as_such() -> None:
    with canned(fault("INVALID_SESSION_ID", "Invalid Session ID")) as asked, pytest.raises(UnauthorizedError):
        asked.client().describe_metadata()


def test_a_missing_permission_of_the_metadata_api_is_told_as_such() -> None:
    with canned(fault("INSUFFICIENT_ACCESS", "use of the Metadata API")) as asked, pytest.raises(ForbiddenError):
        asked.client().describe_metadata()


def test_no_error_shows_the_token() -> None:
    told = Answer(400, error_list("BAD", f"session {TOKEN} is odd"))
    with canned(told) as asked, pytest.raises(RejectedError) as raised:
        asked.client().query("SELECT Id FROM Lead")
    assert TOKEN not in f"{raised.value} {raised.value.call} {raised.value.hint}"
    assert "[redacted]" in raised.value.message


def test_a_host_that_does_not_answer_is_unreachable() -> None:
    with canned() as asked:
        pass
    with pytest.raises(
        UnreachableError, match=r"Salesforce \(staging\) at 127.* did not answer GET /services/oauth2/userinfo"
    ):
        asked.client().user()


def test_a_page_that_is_no_json_is_a_fault() -> None:
    with canned(Answer(200, "<html>Log in</html>")) as asked, pytest.raises(FaultError, match="cannot be read"):
        asked.client().query("SELECT Id FROM Lead")


def test_an_answer_that_is_no_envelope_is_a_fault() -> None:
    with canned(Answer(200, "<html/>")) as asked, pytest.raises(FaultError, match="no describeMetadataResponse"):
        asked.client().describe_metadata()


def test_every_page_of_a_query_is_read() -> None:
    first = {"done": False, "nextRecordsUrl": "/services/data/v63.0/query/01g-2", "records": [{"Id": "1"}]}
    with canned(Answer(200, json.dumps(first)), Answer(200, RECORDS)) as asked:
        assert [each["Id"] for each in asked.client().query("SELECT Id FROM Lead")] == ["1", "001"]


def test_every_page_of_a_tooling_query_is_read() -> None:
    first = {"done": False, "nextRecordsUrl": "/services/data/v63.0/tooling/query/01g-2", "records": [{"Id": "1"}]}
    with canned(Answer(200, json.dumps(first)), Answer(200, RECORDS)) as asked:
        assert [each["Id"] for each in asked.client().tooling("SELECT Id FROM Flow")] == ["1", "001"]
    assert asked.requests[1][1] == "/services/data/v63.0/tooling/query/01g-2"


def test_listings_travel_three_to_a_call() -> None:
    answers = [soap("listMetadata", f"<fullName>{name}</fullName><type>Flow</type>") for name in ("A", "B")]
    with canned(*answers) as asked:
        found = asked.client().list_metadata([("Flow", None), ("CustomField", None), ("A", "x"), ("B", None)])
    assert [each["fullName"] for each in found] == ["A", "B"]
    assert [body.count("<queries>") for _, _, body in asked.requests] == [3, 1]


def test_polling_waits_a_little_longer_each_time() -> None:
    states = [soap("checkDeployStatus", f"<done>{done}</done>") for done in ("false", "false", "true")]
    with canned(*states) as asked:
        assert asked.client().deploy_result("0Af")["done"] is True
    assert asked.pauses == [0.05, pytest.approx(0.08)]


def test_what_does_not_end_is_given_up() -> None:
    running = soap("checkDeployStatus", "<done>false</done><status>InProgress</status>")
    with canned(*[running] * 9) as asked, pytest.raises(FaultError, match=r"within 0\.2 seconds"):
        asked.client(patience=0.2).deploy_result("0Af")


def test_a_retrieve_that_failed_says_why() -> None:
    failed = soap(
        "checkRetrieveStatus", "<done>true</done><errorMessage>too big</errorMessage><success>false</success>"
    )
    with (
        canned(soap("retrieve", "<done>false</done><id>09S</id>"), failed) as asked,
        pytest.raises(RejectedError, match="too big"),
    ):
        asked.client().retrieve([("Flow", "A")])


def test_a_deployment_is_asked_for_with_the_platforms_own_booleans() -> None:
    with canned(soap("deploy", "<id>0Af</id>")) as asked:
        assert asked.client(may_write=True).start_deploy(b"zip", check_only=True) == "0Af"
    assert "<checkOnly>true</checkOnly>" in asked.requests[0][2]
    assert "<rollbackOnError>true</rollbackOnError>" in asked.requests[0][2]
