"""No answer to a sign-in, of a host of code or of a program beside us, ends in anything but a value or a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from random import Random

import pytest

from sla_sync.forge.comments import tell
from sla_sync.forge.github import GitHubThread
from sla_sync.forge.gitlab import GitLabThread
from sla_sync.forge.wire import Wire
from sla_sync_salesforce.signing_in import sign_in
from tests.attackers.test_transport import CLIENTS
from tests.connectors.salesforce.canned import TOKEN, Answer, canned
from tests.connectors.salesforce.test_signing_in import CLI, cli, options
from tests.fuzz.answers import ended
from tests.fuzz.spoiling import spoilt
from tests.haste import examples

BODY = "<!-- sla-sync:review:acme -->\nhello"
SESSION = {"access_token": TOKEN, "instance_url": "http://x", "expires_in": 1800}
LOGIN = (
    '<Envelope xmlns="urn:partner.soap.sforce.com"><Body><loginResponse><result><sessionId>x</sessionId>'
    "<serverUrl>http://x/services</serverUrl></result></loginResponse></Body></Envelope>"
)
COMMENTS = [{"id": 1, "user": {"login": "bot"}, "author": {"username": "bot"}, "system": False, "body": BODY + "!"}]


def _github(url: str) -> object:
    return tell(GitHubThread(Wire(url, ("Authorization", TOKEN), "application/json"), "o/r", 1, name="bot"), BODY)


def _gitlab(url: str) -> object:
    return tell(GitLabThread(Wire(url, ("PRIVATE-TOKEN", TOKEN), "application/json"), "o/r", 1, name="bot"), BODY)


DOORS: Mapping[str, tuple[Callable[[str], object], str, str]] = {
    "client credentials": (
        lambda url: CLIENTS["salesforce by client credentials"](url, None),
        json.dumps(SESSION),
        "json",
    ),
    "password": (lambda url: CLIENTS["salesforce by password"](url, None), LOGIN, "xml"),
    "an app of HubSpot": (lambda url: CLIENTS["hubspot by oauth"](url, None), json.dumps(SESSION), "json"),
    "comments on GitHub": (_github, json.dumps(COMMENTS), "json"),
    "notes on GitLab": (_gitlab, json.dumps(COMMENTS), "json"),
}


@pytest.mark.parametrize("door", DOORS)
def test_a_wrong_answer_at_a_door_ends_in_a_value_or_a_sentence(door: str) -> None:
    ask, sound, kind = DOORS[door]
    failures = []
    with canned() as asked:
        for seed in range(examples(30)):
            body = spoilt(sound.encode(), kind, Random(seed)).decode("utf-8", "replace")
            asked.waiting[:] = [Answer(200, body)] * 9
            if said := ended(partial(ask, asked.url)):
                failures.append(f"seed {seed}: {said}")
    assert failures == []


def test_whatever_salesforces_cli_prints_signing_in_by_it_ends_in_a_token_or_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    sound = json.dumps(
        {"status": 0, "result": {"accessToken": "00Dcli!token", "instanceUrl": "https://acme.my.salesforce.com"}}
    )
    failures = []

    def ask() -> str:
        return sign_in(options("https://acme.my.salesforce.com", CLI), target="staging", environ={})

    cli(tmp_path, sound)
    assert ask() == "00Dcli!token"
    for seed in range(examples(24)):
        chance = Random(seed)
        cli(tmp_path, spoilt(sound.encode(), "json", chance).decode("utf-8", "replace"), chance.choice([0, 0, 1]))
        if said := ended(ask):
            failures.append(f"seed {seed}: {said}")
    assert failures == []
