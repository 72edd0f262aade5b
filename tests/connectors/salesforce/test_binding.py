from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel, SecretStr, ValidationError

from sla_sync_salesforce import connector
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.options import SalesforceOptions
from sla_sync_salesforce.translate import translate
from tests.connectors.salesforce.stories import SETUP, binding, resources

ACME = Path(__file__).parents[3] / "configs" / "acme" / "bindings" / "salesforce.yaml"


def test_the_binding_of_the_example_is_valid() -> None:
    bound = SalesforceBinding.model_validate(yaml.safe_load(ACME.read_text(encoding="utf-8")))
    assert bound.stages["mql"].lead_status == ("MQL",)
    assert bound.stages["won"].when == "Opportunity.IsWon is true"


@pytest.mark.parametrize(
    ("stage", "why"),
    [
        ({}, "either to values of Lead.Status or to a condition"),
        ({"Lead.Status": ["A"], "when": "x"}, "either to values of Lead.Status or to a condition"),
        ({"when": "x", "add": True}, "this stage names none"),
        ({"Lead.Rating": ["A"]}, "Extra inputs are not permitted"),
    ],
)
def test_a_stage_is_bound_in_one_way(stage: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        binding(stages={"mql": stage})


@pytest.mark.parametrize("prefix", ["SLA", "1A_", "A__", "A B_", "", "ABCDEFGHIJKL_"])
def test_a_prefix_is_a_short_word_and_an_underscore(prefix: str) -> None:
    with pytest.raises(ValidationError):
        binding(prefix=prefix)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://acme.my.salesforce.com", "unencrypted"),
        ("ftp://acme.my.salesforce.com", "is not the address of an org"),
        ("acme.my.salesforce.com", "is not the address of an org"),
        ("https://u:p@acme.my.salesforce.com", "no user name"),
    ],
)
def test_an_address_that_would_leak_the_token_is_refused(url: str, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        SalesforceOptions(url=url, token=SecretStr("t"))


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost:1", "https://acme.my.salesforce.com/"])
def test_an_address_is_kept_without_its_path(url: str) -> None:
    assert SalesforceOptions(url=url, token=SecretStr("t")).url == url.rstrip("/")


def test_the_token_is_not_printed_with_the_options() -> None:
    assert "00Dsecret" not in repr(SalesforceOptions(url="https://a.example", token=SecretStr("00Dsecret")))


def test_options_of_another_platform_are_refused() -> None:
    class Other(BaseModel):
        """Options of nobody."""

    from datetime import UTC, datetime

    from sla_sync.connector import Connection

    connection = Connection("x", Other(), SETUP, lambda: datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(TypeError, match="was given Other"), connector.open_reader(connection):
        pass


def test_a_binding_of_another_platform_is_refused() -> None:
    from sla_sync.connector import BindingDocument

    other = BindingDocument.model_validate({"metadata": {"name": "a", "agreement": "b", "connector": "c"}})
    with pytest.raises(TypeError, match="was given a BindingDocument"):
        translate(resources(), other, SETUP)
