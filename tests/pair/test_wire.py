"""How the integration speaks to served simulators, and what it makes of a refusal."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sla_sync.connector.simulation import serve
from sla_sync.registry import load_connector
from sla_sync_native_sync import AnswerError, refusal
from sla_sync_native_sync.wire import wire

CLOCK = datetime(2026, 10, 1, tzinfo=UTC)


def test_whoever_asks_too_often_waits_and_is_answered(tmp_path: Path) -> None:
    simulator = load_connector("hubspot").simulator
    assert simulator is not None
    (tmp_path / "switches.json").write_text(json.dumps({"burst_limit": 3}))
    with serve(simulator(), tmp_path, clock=CLOCK) as running:
        call = wire(running)
        answers = [call("GET", "/crm/v3/owners") for _ in range(8)]
        assert all(each["results"] for each in answers)
        assert running.requests > len(answers)
        with pytest.raises(AnswerError, match="resource not found") as refused:
            call("GET", "/crm/v3/objects/contacts/999")
        assert refused.value.status == 404


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        ([{"errorCode": "NOT_FOUND", "message": "gone", "fields": ["Id"]}], "NOT_FOUND", "gone"),
        ({"category": "CONFLICT", "message": "there already"}, "CONFLICT", "there already"),
        (
            {"category": "VALIDATION_ERROR", "message": "no", "errors": [{"code": "INVALID_OPTION"}]},
            "INVALID_OPTION",
            "no",
        ),
        (None, "", ""),
    ],
)
def test_a_refusal_has_the_code_and_the_words_of_its_platform(content: object, code: str, message: str) -> None:
    found = refusal(400, content)
    assert (found.code, found.message) == (code, message)
