"""Every way to come by a session, what is said where an org lets nobody in, and where no secret may go."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import ValidationError

from sla_sync.connector import FaultError, PlatformError, SlaSyncError, UnauthorizedError
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.hosts import ALLOW_VARIABLE, is_salesforce
from sla_sync_salesforce.options import SalesforceOptions
from sla_sync_salesforce.signing_in import login_host, sign_in
from tests.connectors.salesforce.canned import Answer, Asked, canned, fault, soap

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()
JWT = {"method": "jwt", "consumer_key": "3MVGkey", "private_key": PEM, "username": "ops@acme.example"}
CREDENTIALS = {"method": "client_credentials", "consumer_key": "3MVGkey", "consumer_secret": "s3cret-of-app"}
PASSWORD = {"method": "password", "username": "ops@acme.example", "password": "pa<ss", "security_token": "T0k"}
CLI = {"method": "cli", "alias": "acme"}
EXPIRED = Answer(401, json.dumps([{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}]))
RECORDS = Answer(200, json.dumps({"done": True, "records": [{"Id": "001"}]}))


def options(url: str, auth: Mapping[str, object]) -> SalesforceOptions:
    return SalesforceOptions.model_validate({"url": url, "auth": auth})


def granted(url: str, token: str = "00Dnew!token") -> Answer:
    return Answer(200, json.dumps({"access_token": token, "instance_url": url, "token_type": "Bearer"}))


def entered(asked: Asked, auth: Mapping[str, object]) -> str:
    return sign_in(options(asked.url, auth), target="staging", environ={}, now=lambda: NOON)


def serving(auth: Mapping[str, object], *answers: Answer, token: str = "00Dnew!token") -> Iterator[Asked]:
    """Serve a sign-in and what follows it; the address is known only once the server runs."""
    with canned() as asked:
        asked.waiting.extend((granted(asked.url, token), *answers))
        yield asked


def test_an_assertion_is_signed_for_the_user_and_lasts_three_minutes() -> None:
    for asked in serving(JWT):
        assert entered(asked, JWT) == "00Dnew!token"
        method, path, body = asked.requests[0]
        form = parse_qs(body)
        claims = jwt.decode(
            form["assertion"][0],
            KEY.public_key(),
            algorithms=["RS256"],
            audience=asked.url,
            options={"verify_exp": False},
        )
        assert (method, path) == ("POST", "/services/oauth2/token")
        assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
        assert (claims["iss"], claims["sub"]) == ("3MVGkey", "ops@acme.example")
        assert claims["exp"] - NOON.timestamp() == 180


def test_a_key_in_one_line_is_read_as_well() -> None:
    folded = {**JWT, "private_key": PEM.replace("\n", "\\n")}
    for asked in serving(folded):
        assert entered(asked, folded) == "00Dnew!token"


def test_client_credentials_are_sent_to_the_token_endpoint() -> None:
    for asked in serving(CREDENTIALS):
        assert entered(asked, CREDENTIALS) == "00Dnew!token"
        assert parse_qs(asked.requests[0][2]) == {
            "grant_type": ["client_credentials"],
            "client_id": ["3MVGkey"],
            "client_secret": ["s3cret-of-app"],
        }


def logged_in(url: str) -> Answer:
    return Answer(
        200,
        '<E xmlns="urn:partner.soap.sforce.com"><loginResponse><result>'
        f"<serverUrl>{url}/services/Soap/u/63.0/00D</serverUrl><sessionId>00Dsoap!token</sessionId>"
        "</result></loginResponse></E>",
    )


def test_a_password_travels_with_its_security_token_behind_it() -> None:
    with canned() as asked:
        asked.waiting.append(logged_in(asked.url))
        assert entered(asked, PASSWORD) == "00Dsoap!token"
        assert asked.requests[0][1] == "/services/Soap/u/63.0"
        assert "<password>pa&lt;ssT0k</password>" in asked.requests[0][2]


def refusal(code: str, text: str) -> Answer:
    return Answer(400, json.dumps({"error": code, "error_description": text}))


REFUSED = [
    (JWT, refusal("invalid_grant", "user hasn't approved this consumer"), "Pre-authorise the user"),
    (JWT, refusal("invalid_grant", "audience is invalid"), "Set login_url"),
    (JWT, refusal("invalid_grant", "invalid assertion"), "Check that the private key"),
    (JWT, refusal("invalid_grant", "expired authorization code"), "Set the clock"),
    (JWT, refusal("invalid_client_id", "client identifier invalid"), "Check the consumer key"),
    (CREDENTIALS, refusal("invalid_grant", "no client credentials user enabled"), "Name a user under «Run As»"),
    (CREDENTIALS, refusal("invalid_client", "invalid client credentials"), "Check the consumer key"),
    (PASSWORD, fault("INVALID_LOGIN", "Invalid username, password, security token"), "Check the user name"),
    (PASSWORD, fault("LOGIN_MUST_USE_SECURITY_TOKEN", "use a security token"), "Append the user's security token"),
]


@pytest.mark.parametrize(("auth", "answer", "hint"), REFUSED)
def test_whoever_is_not_let_in_is_told_why_and_what_to_do(auth: Mapping[str, str], answer: Answer, hint: str) -> None:
    with canned(answer) as asked, pytest.raises(UnauthorizedError) as raised:
        entered(asked, auth)
    assert raised.value.hint.startswith(hint)
    shown = f"{raised.value} {raised.value.hint} {raised.value.call}"
    assert not [each for each in (PEM, "s3cret-of-app", "pa<ss") if each in shown]


def test_a_secret_that_the_org_repeats_is_not_shown() -> None:
    with canned(refusal("invalid_client", "the secret s3cret-of-app is wrong")) as asked:
        with pytest.raises(UnauthorizedError) as raised:
            entered(asked, CREDENTIALS)
        assert "s3cret-of-app" not in str(raised.value)
        assert "[redacted]" in raised.value.message


def test_a_sign_in_that_leads_to_another_org_is_refused() -> None:
    with canned(granted("https://other.my.salesforce.com")) as asked, pytest.raises(SlaSyncError, match="another org"):
        entered(asked, CREDENTIALS)


@pytest.mark.parametrize("body", ["[]", "{}", '{"access_token": "x"}'])
def test_an_answer_that_names_no_session_is_a_fault(body: str) -> None:
    with canned(Answer(200, body)) as asked, pytest.raises(FaultError):
        entered(asked, CREDENTIALS)


def test_a_key_that_is_none_is_told_without_being_shown() -> None:
    with canned() as asked, pytest.raises(SlaSyncError, match="no RSA key") as raised:
        entered(asked, {**JWT, "private_key": "not a key"})
    assert "not a key" not in str(raised.value)


def cli(folder: Path, said: str, status: int = 0) -> None:
    """Put a program of the CLI's name into a folder; it says this."""
    program = folder / "sf"
    program.write_text(f"#!{sys.executable}\nimport sys\nsys.stdout.write({said!r})\nsys.exit({status})\n")
    program.chmod(0o755)


def test_the_cli_lends_its_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = "https://acme.my.salesforce.com"
    cli(tmp_path, json.dumps({"status": 0, "result": {"accessToken": "00Dcli!token", "instanceUrl": url}}))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert sign_in(options(url, CLI), target="staging", environ={}) == "00Dcli!token"


@pytest.mark.parametrize(
    ("said", "status", "match"),
    [
        (json.dumps({"status": 1, "message": "No authorization found for acme"}), 1, "No authorization found"),
        (json.dumps({"status": 0, "result": {"accessToken": "[REDACTED]", "instanceUrl": "x"}}), 0, "shape"),
        ("Warning: update available", 0, "shape"),
    ],
)
def test_a_cli_that_lends_none_is_told(
    said: str, status: int, match: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli(tmp_path, said, status)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SlaSyncError, match=match):
        sign_in(options("https://acme.my.salesforce.com", CLI), target="staging", environ={})


def test_a_cli_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SlaSyncError, match="not on the PATH"):
        sign_in(options("https://acme.my.salesforce.com", CLI), target="staging", environ={})


FOREIGN = "https://acme.my.salesforce.com.evil.example"


@pytest.mark.parametrize(
    "said",
    [
        {"url": FOREIGN, "token": "t"},
        {"url": "https://acme.my.salesforce.com", "auth": {**CREDENTIALS, "login_url": FOREIGN}},
        {"url": "https://evilsalesforce.com", "token": "t"},
    ],
)
def test_no_secret_is_sent_to_a_foreign_host(said: Mapping[str, object]) -> None:
    with pytest.raises(SlaSyncError, match="no host of Salesforce") as raised:
        Client("staging", SalesforceOptions.model_validate(said), environ={})
    assert ALLOW_VARIABLE in raised.value.hint


def test_the_environment_may_allow_another_host() -> None:
    said = SalesforceOptions.model_validate({"url": "https://proxy.acme.example", "token": "t"})
    allowed = {ALLOW_VARIABLE: "other.example, proxy.acme.example"}
    assert sign_in(said, target="staging", environ=allowed) == "t"


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("acme.my.salesforce.com", True),
        ("acme--dev.sandbox.my.salesforce.com", True),
        ("login.salesforce.com", True),
        ("acme.my.salesforce.mil", True),
        ("acme.lightning.force.com", True),
        ("salesforce.com.evil.example", False),
        ("notsalesforce.com", False),
        ("", False),
    ],
)
def test_only_hosts_below_its_domains_are_salesforces(host: str, *, own: bool) -> None:
    assert is_salesforce(host) is own


@pytest.mark.parametrize(
    ("url", "auth", "login"),
    [
        ("https://acme.my.salesforce.com", JWT, "https://login.salesforce.com"),
        ("https://acme--dev.sandbox.my.salesforce.com", JWT, "https://test.salesforce.com"),
        ("https://acme.my.salesforce.com", CREDENTIALS, "https://acme.my.salesforce.com"),
        ("http://127.0.0.1:8080", JWT, "http://127.0.0.1:8080"),
        ("https://a.my.salesforce.com", {**JWT, "login_url": "https://x.force.com"}, "https://x.force.com"),
    ],
)
def test_an_org_signs_in_where_such_orgs_do(url: str, auth: Mapping[str, object], login: str) -> None:
    assert login_host(options(url, auth)) == login


@pytest.mark.parametrize(
    "said",
    [
        {"auth": {"method": "jwt", "username": "u"}},
        {"auth": {"method": "password", "username": "u"}},
        {"auth": {"method": "cli"}},
        {"auth": {"method": "cli", "alias": "--json"}},
        {"auth": {"method": "telepathy"}},
        {"auth": {**JWT, "hint": "x"}},
        {"token": "t", "auth": CLI},
        {},
    ],
)
def test_half_a_way_to_sign_in_is_refused_before_anything_is_sent(said: Mapping[str, object]) -> None:
    with pytest.raises(ValidationError):
        SalesforceOptions.model_validate({"url": "https://acme.my.salesforce.com", **said})


def test_a_session_that_ended_is_renewed_once_and_the_read_goes_on() -> None:
    for asked in serving(CREDENTIALS, EXPIRED, token="00Dold!token"):
        asked.waiting.extend((granted(asked.url), RECORDS))
        client = Client("staging", options(asked.url, CREDENTIALS), pause=lambda _: None, environ={})
        assert [each["Id"] for each in client.query("SELECT Id FROM Lead")] == ["001"]
        signed = [each.get("Authorization") for each in asked.headers]
        assert signed == [None, "Bearer 00Dold!token", None, "Bearer 00Dnew!token"]


def test_an_envelope_is_signed_anew_as_well() -> None:
    ended = fault("INVALID_SESSION_ID", "Invalid Session ID found in SessionHeader")
    for asked in serving(CREDENTIALS, ended, token="00Dold!token"):
        asked.waiting.extend((granted(asked.url), soap("describeMetadata", "<testRequired>true</testRequired>")))
        client = Client("staging", options(asked.url, CREDENTIALS), pause=lambda _: None, environ={})
        assert client.describe_metadata()["testRequired"] is True
        assert "<sessionId>00Dnew!token</sessionId>" in asked.requests[3][2]
        assert "00Dold!token" not in asked.requests[3][2]


def test_a_write_that_was_refused_for_its_session_was_not_begun_and_goes_on() -> None:
    for asked in serving(CREDENTIALS, EXPIRED, token="00Dold!token"):
        asked.waiting.extend((granted(asked.url), Answer(201, '{"id": "081", "success": true}')))
        client = Client("staging", options(asked.url, CREDENTIALS), may_write=True, pause=lambda _: None, environ={})
        assert client.create("StaticResource", {"Name": "A"}) == "081"
        assert asked.requests[1][2] == asked.requests[3][2]


def test_a_new_session_that_is_refused_as_well_is_no_matter_of_time() -> None:
    for asked in serving(CREDENTIALS, EXPIRED):
        asked.waiting.extend((granted(asked.url), EXPIRED, granted(asked.url), RECORDS))
        client = Client("staging", options(asked.url, CREDENTIALS), pause=lambda _: None, environ={})
        with pytest.raises(UnauthorizedError):
            client.query("SELECT Id FROM Lead")
        assert len(asked.requests) == 4


def test_a_token_that_was_handed_to_us_cannot_be_renewed() -> None:
    with canned(EXPIRED, RECORDS) as asked:
        with pytest.raises(PlatformError, match="INVALID_SESSION_ID"):
            asked.client().query("SELECT Id FROM Lead")
        assert len(asked.requests) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_sign_in_waits_for_as_long_as_the_answer_asks_and_tells_what_is_too_long(status: int) -> None:
    waits: list[float] = []

    def enter(asked: Asked) -> str:
        return sign_in(options(asked.url, CREDENTIALS), target="staging", environ={}, pause=waits.append)

    with canned(Answer(status, headers=(("Retry-After", "7"),))) as asked:
        asked.waiting.append(granted(asked.url))
        assert (enter(asked), waits) == ("00Dnew!token", [7.0])
    waits.clear()
    with canned(Answer(status, headers=(("Retry-After", "3600"),))) as asked:
        with pytest.raises(PlatformError, match=r"asks to come again in 60 minutes\."):
            enter(asked)
        assert (waits, len(asked.requests)) == ([], 1)
