"""The one comment on a pull request: found over all pages by marker and author, edited in place, never somebody else's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from sla_sync.cli import main
from sla_sync.errors import ForbiddenError, RejectedError, SlaSyncError, UnauthorizedError, UnreachableError
from sla_sync.forge import github, gitlab
from sla_sync.forge.comments import Done, Thread, Told, tell
from tests.forge.double import TOKEN, Forge, served

MARKER = "<!-- sla-sync:review:acme-inbound -->"
BODY = f"{MARKER}\n### acme-inbound: hot leads\n\nLoosens sales' promise.\n"
LATER = BODY.replace("Loosens", "Asks more of")


@pytest.fixture(params=["github", "gitlab"])
def forge(request: pytest.FixtureRequest) -> Forge:
    return Forge(str(request.param))


@pytest.fixture
def url(forge: Forge) -> Iterator[str]:
    with served(forge) as url:
        yield url


def environ(forge: Forge, url: str) -> dict[str, str]:
    if forge.kind == "github":
        return {
            "GITHUB_API_URL": url,
            "GITHUB_REPOSITORY": "acme/sla",
            "GITHUB_TOKEN": TOKEN,
            "GITHUB_REF": "refs/pull/7/merge",
        }
    return {"CI_API_V4_URL": url, "CI_PROJECT_ID": "42", "GITLAB_TOKEN": TOKEN, "CI_MERGE_REQUEST_IID": "7"}


def thread(forge: Forge, url: str, name: str = "") -> Thread:
    return begin(forge, environ(forge, url), name=name)


def begin(forge: Forge, given: Mapping[str, str], *, name: str = "") -> Thread:
    if forge.kind == "github":
        return github.from_environment(given, number=None, name=name)
    return gitlab.from_environment(given, number=None, name=name)


def test_a_comment_is_written_once_then_edited_then_left(forge: Forge, url: str) -> None:
    assert tell(thread(forge, url), BODY).done is Done.WRITTEN
    assert tell(thread(forge, url), BODY) == Told(Done.UNCHANGED, "")
    assert tell(thread(forge, url), LATER).done is Done.EDITED
    assert tell(thread(forge, url), LATER).done is Done.UNCHANGED
    assert [each["body"].replace("\r\n", "\n") for each in forge.comments] == [LATER]


def test_a_comment_is_found_on_a_later_page(forge: Forge, url: str) -> None:
    for number in range(230):
        forge.add("somebody", f"remark {number}")
    ours = forge.add(forge.me, BODY)
    for number in range(70):
        forge.add("somebody", f"answer {number}")
    assert tell(thread(forge, url), LATER).done is Done.EDITED
    assert [each["id"] for each in forge.comments if each["body"].startswith(MARKER)] == [ours]
    assert sum(each.startswith("GET") and each.endswith(("comments", "notes")) for each in forge.calls) <= 4


def test_a_marker_that_somebody_else_wrote_is_left_alone(forge: Forge, url: str) -> None:
    forge.add("mallory", f"{MARKER}\nAll have signed.")
    forge.add(forge.me, f"As {MARKER} says")
    assert tell(thread(forge, url), BODY).done is Done.WRITTEN
    assert forge.comments[0]["body"].endswith("All have signed.")
    assert [each for each in forge.calls if each.startswith(("PATCH", "PUT"))] == []


def test_each_agreement_has_a_comment_of_its_own(forge: Forge, url: str) -> None:
    tell(thread(forge, url), BODY)
    tell(thread(forge, url), BODY.replace("acme-inbound", "acme-partners"))
    assert len(forge.comments) == 2


def test_a_token_that_may_not_write_is_told_so_without_being_shown(forge: Forge, url: str) -> None:
    forge.may_write = False
    with pytest.raises(ForbiddenError) as refused:
        tell(thread(forge, url), BODY)
    assert "fork" in refused.value.hint
    assert TOKEN not in f"{refused.value} {refused.value.hint} {refused.value.call}"


def test_a_token_that_is_not_valid_is_told_so(forge: Forge, url: str) -> None:
    wrong = {key: value.replace(TOKEN, "0ther") for key, value in environ(forge, url).items()}
    with pytest.raises(UnauthorizedError) as refused:
        tell(begin(forge, wrong), BODY)
    assert "0ther" not in str(refused.value)


def test_a_redirection_is_not_followed(forge: Forge, url: str) -> None:
    other = Forge(forge.kind)
    with served(other) as elsewhere:
        forge.redirects_to = f"{elsewhere}/user"
        with pytest.raises(RejectedError):
            tell(thread(forge, url), BODY)
    assert other.calls == []


def test_a_host_that_does_not_answer_is_told(forge: Forge) -> None:
    with pytest.raises(UnreachableError, match="does not answer"):
        tell(thread(forge, "http://127.0.0.1:9"), BODY)


def test_a_token_goes_over_tls_only_and_a_netrc_has_no_say(
    forge: Forge, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SlaSyncError, match="no https address"):
        thread(forge, "http://forge.example")
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert tell(thread(forge, url), BODY).done is Done.WRITTEN


@pytest.mark.parametrize("token", ["", "two words", "line\n"])
def test_what_is_no_token_is_refused_and_not_shown(forge: Forge, url: str, token: str) -> None:
    given = {key: token if value == TOKEN else value for key, value in environ(forge, url).items()}
    with pytest.raises(SlaSyncError) as refused:
        begin(forge, given)
    assert "words" not in refused.value.message


def test_a_text_without_its_hidden_line_is_refused(forge: Forge, url: str) -> None:
    for body in ("", "### A heading\n", f"text {MARKER}\n", "<!-- sla-sync:review:x --> ### A\n"):
        with pytest.raises(SlaSyncError, match="hidden line"):
            tell(thread(forge, url), body)
    assert forge.calls == []


def test_the_token_of_a_workflow_may_not_ask_who_it_is() -> None:
    forge = Forge("github", me="github-actions[bot]", may_ask=False)
    with served(forge) as url:
        assert tell(thread(forge, url), BODY).done is Done.WRITTEN
        assert tell(thread(forge, url), LATER).done is Done.EDITED
        forge.me = "acme-sla[bot]"
        assert tell(thread(forge, url, name="acme-sla[bot]"), BODY).done is Done.WRITTEN


def test_the_number_of_a_pull_request_comes_from_its_event_too(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": 7}}))
    forge = Forge("github")
    with served(forge) as url:
        told = environ(forge, url) | {"GITHUB_REF": "refs/heads/main", "GITHUB_EVENT_PATH": str(event)}
        assert tell(github.from_environment(told, number=None, name=""), BODY).done is Done.WRITTEN
        with pytest.raises(SlaSyncError, match="no pull request"):
            github.from_environment(told | {"GITHUB_EVENT_PATH": ""}, number=None, name="")
        event.write_text('{"pull_request": {"number": 1e999}}')
        with pytest.raises(SlaSyncError, match="no pull request"):
            github.from_environment(told, number=None, name="")


def test_the_command_reads_a_file_and_says_what_became_of_the_comment(
    forge: Forge, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for key, value in (environ(forge, url) | {"GITHUB_ACTIONS": "", "GITLAB_CI": ""}).items():
        monkeypatch.setenv(key, value)
    file = tmp_path / "review.md"
    file.write_text(BODY)
    assert main(["comment", str(file)]) == 1
    assert "--on" in capsys.readouterr().err
    monkeypatch.setenv("GITHUB_ACTIONS" if forge.kind == "github" else "GITLAB_CI", "true")
    said = []
    for _ in range(2):
        assert main(["comment", str(file)]) == 0
        said.append(capsys.readouterr().out)
    assert said[0].startswith("The comment was written: ")
    assert said[1] == "The comment says this already.\n"
