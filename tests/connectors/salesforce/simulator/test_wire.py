from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.connectors.salesforce.simulator.org import DATA, SOAP, Org, serving
from tests.connectors.salesforce.simulator.packages import sample, zipped


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Org]:
    with serving(tmp_path_factory.mktemp("org"), wire=True) as org:
        yield org
        assert org.application.state_changes == 0


LIST = "<listMetadata><queries><type>Flow</type></queries><asOfVersion>63.0</asOfVersion></listMetadata>"


def deploy_body(options: str) -> str:
    content = base64.b64encode(zipped(sample())).decode()
    return f"<deploy><ZipFile>{content}</ZipFile><DeployOptions>{options}</DeployOptions></deploy>"


def test_a_wrong_session_is_refused_as_json_over_rest(untouched: Org) -> None:
    answer = untouched.ask("GET", f"{DATA}/limits", token="00D!wrong")
    assert answer.status_code == 401
    assert answer.json() == [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]


def test_a_wrong_session_is_a_fault_over_soap(untouched: Org) -> None:
    answer = untouched.soap(LIST, token="00D!wrong")
    assert answer.status_code == 500
    assert "<faultcode>sf:INVALID_SESSION_ID</faultcode>" in answer.text


def test_a_session_looks_as_the_official_cli_wants_it(untouched: Org) -> None:
    before, mark, after = untouched.running.token.partition("!")
    assert (before[:3], len(before), mark) == ("00D", 15, "!")
    assert after.replace(".", "").isalnum()


@pytest.mark.parametrize("path", [SOAP, f"{SOAP}/", f"{SOAP}/deployRequest", f"{SOAP}/00D5g0000000001EAA"])
def test_soap_is_answered_at_four_addresses(path: str, untouched: Org) -> None:
    assert untouched.soap(LIST, path=path).status_code == 200


def test_another_version_of_the_api_is_refused_by_name(untouched: Org) -> None:
    answer = untouched.soap(LIST, path="/services/Soap/m/58.0")
    assert answer.status_code == 500
    assert "/services/Soap/m/58.0 is not implemented by this simulator" in answer.text


def test_a_boolean_with_a_capital_is_refused_before_anything_is_deployed(untouched: Org) -> None:
    answer = untouched.soap(deploy_body("<checkOnly>True</checkOnly>"))
    assert answer.status_code == 500
    assert "&apos;True&apos; is not a valid value for the type xsd:boolean" in answer.text


def test_an_unknown_deploy_option_is_refused(untouched: Org) -> None:
    answer = untouched.soap(deploy_body("<checkOnly>true</checkOnly><dryRun>true</dryRun>"))
    assert "Property &apos;dryRun&apos; not valid in version 63.0" in answer.text


def test_options_that_are_not_implemented_are_refused_by_name(untouched: Org) -> None:
    answer = untouched.soap(deploy_body("<performRetrieve>true</performRetrieve>"))
    assert "The deploy option performRetrieve is not implemented by this simulator" in answer.text


def test_operations_that_are_not_implemented_are_refused_by_name(untouched: Org) -> None:
    answer = untouched.soap("<deleteMetadata><type>Flow</type><fullNames>X</fullNames></deleteMetadata>")
    assert "The operation deleteMetadata is not implemented by this simulator" in answer.text


def test_an_operation_that_does_not_exist_is_refused(untouched: Org) -> None:
    assert "No operation available for request" in untouched.soap("<deployAll/>").text


def test_a_text_that_is_not_xml_is_a_fault(untouched: Org) -> None:
    answer = untouched.http.post(
        untouched.running.url + SOAP, data="{}", headers={"Content-Type": "text/xml"}, timeout=30
    )
    assert (answer.status_code, "soapenv:Fault" in answer.text) == (500, True)


def test_soap_sent_as_json_is_refused(untouched: Org) -> None:
    answer = untouched.http.post(untouched.running.url + SOAP, json={}, timeout=30)
    assert "UNSUPPORTED_MEDIA_TYPE" in answer.text


def test_json_sent_as_xml_is_refused(untouched: Org) -> None:
    headers = {"Content-Type": "text/xml"}
    path = f"{DATA}/sobjects/StaticResource"
    status, code, _ = untouched.refusal("POST", path, data=json.dumps({"Name": "X"}), headers=headers)
    assert (status, code) == (415, "UNSUPPORTED_MEDIA_TYPE")


def test_a_method_that_an_address_does_not_take_is_refused(untouched: Org) -> None:
    status, code, text = untouched.refusal("DELETE", f"{DATA}/limits")
    assert (status, code) == (405, "METHOD_NOT_ALLOWED")
    assert "HTTP Method 'DELETE' not allowed" in text


def test_an_address_that_is_not_implemented_is_refused_by_name(untouched: Org) -> None:
    status, code, text = untouched.refusal("GET", f"{DATA}/chatter")
    assert (status, code) == (404, "NOT_FOUND")
    assert f"{DATA}/chatter is not implemented by this simulator" in text


def test_every_rest_answer_says_how_many_calls_were_made(org: Org) -> None:
    first = org.ask("GET", f"{DATA}/limits").headers["Sforce-Limit-Info"]
    second = org.ask("GET", f"{DATA}/limits")
    assert (first, second.headers["Sforce-Limit-Info"]) == ("api-usage=1/15000", "api-usage=2/15000")
    assert second.json()["DailyApiRequests"] == {"Max": 15000, "Remaining": 14998}


def test_when_the_calls_of_the_day_are_used_up_everything_is_refused(tmp_path: Path) -> None:
    with serving(tmp_path):
        pass
    state = json.loads((tmp_path / "state.json").read_text("utf-8"))
    state["api_calls"] = {"2026-10-01": 15000}
    (tmp_path / "state.json").write_text(json.dumps(state), "utf-8")
    with serving(tmp_path) as org:
        status, code, text = org.refusal("GET", f"{DATA}/limits")
        assert (status, code, text) == (403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")


def test_a_user_without_the_permission_may_not_use_the_metadata_api(untouched: Org) -> None:
    answer = untouched.soap(LIST, token=untouched.application.viewer_token)
    assert "sf:INSUFFICIENT_ACCESS" in answer.text
    assert "ModifyMetadata" in answer.text


def test_the_versions_are_told_without_a_session(untouched: Org) -> None:
    answer = untouched.http.get(f"{untouched.running.url}/services/data", timeout=30)
    assert [each["version"] for each in answer.json()] == ["63.0"]


def test_userinfo_says_who_is_signed_in(untouched: Org) -> None:
    answer = untouched.ask("GET", "/services/oauth2/userinfo").json()
    assert answer["preferred_username"] == "integration@acme.example"
    assert untouched.get(f"/sobjects/User/{answer['user_id']}")["Username"] == "integration@acme.example"


def test_at_most_three_types_are_listed_in_one_call(untouched: Org) -> None:
    query = "<queries><type>Flow</type></queries>"
    answer = untouched.soap(f"<listMetadata>{query * 4}<asOfVersion>63.0</asOfVersion></listMetadata>")
    assert "at most 3 queries are allowed, and 4 were given" in answer.text


def test_at_most_ten_components_are_read_in_one_call(untouched: Org) -> None:
    names = "<fullNames>X</fullNames>" * 11
    assert (
        "at most 10 names are allowed" in untouched.soap(f"<readMetadata><type>Flow</type>{names}</readMetadata>").text
    )


def test_a_secret_never_comes_back_in_an_error(untouched: Org) -> None:
    answer = untouched.soap(LIST, token="00D!wrongsecret")
    assert "wrongsecret" not in answer.text
