"""The comments on a pull request of GitHub."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from operator import attrgetter
from pathlib import Path
from urllib.parse import quote

from sla_sync.connector.misreadings import telling_misreadings
from sla_sync.errors import ForbiddenError, SlaSyncError
from sla_sync.forge.comments import Comment
from sla_sync.forge.wire import Wire, checked_token

API = "https://api.github.com"
TOKEN = "GITHUB_TOKEN"  # noqa: S105 - the name of a variable
ACTIONS = "github-actions[bot]"
"""Who writes with the token of a workflow; such a token may not ask who it is."""
_PAGE = 100
_MOST_PAGES = 300
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")


@telling_misreadings(attrgetter("_wire"))
class GitHubThread:
    """The comments on one pull request. `name` is the account of the token where the host does not tell it."""

    def __init__(self, wire: Wire, repository: str, number: int, *, name: str = "") -> None:
        self._wire = wire
        self._issues = f"/repos/{repository}/issues"
        self._number = number
        self._name = name

    def author(self) -> str:
        """Return the account of the token."""
        if self._name:
            return self._name
        try:
            return str(self._wire.ask("GET", "/user")["login"])
        except ForbiddenError:
            return ACTIONS

    def comments(self) -> Iterator[Comment]:
        """Yield every comment, page by page."""
        for page in range(1, _MOST_PAGES + 1):
            query = {"per_page": str(_PAGE), "page": str(page)}
            found = self._wire.ask("GET", f"{self._issues}/{self._number}/comments", query=query)
            for each in found:
                author = (each.get("user") or {}).get("login") or ""
                yield Comment(str(each["id"]), str(author), str(each.get("body") or ""))
            if len(found) < _PAGE:
                return

    def write(self, body: str) -> str:
        """Write a comment and return its address."""
        return _address(self._wire.ask("POST", f"{self._issues}/{self._number}/comments", body={"body": body}))

    def edit(self, comment: Comment, body: str) -> str:
        """Replace the text of a comment and return its address."""
        return _address(
            self._wire.ask("PATCH", f"{self._issues}/comments/{quote(comment.id, safe='')}", body={"body": body})
        )


def _address(found: Mapping[str, object]) -> str:
    return str(found.get("html_url") or "")


def from_environment(environ: Mapping[str, str], *, number: int | None, name: str) -> GitHubThread:
    """Return the thread of the pull request that a workflow is about. Raises SlaSyncError where the environment lacks it."""
    repository = environ.get("GITHUB_REPOSITORY", "")
    if not _REPOSITORY.fullmatch(repository):
        raise SlaSyncError(
            f"GITHUB_REPOSITORY is «{repository}», which is no OWNER/NAME.", hint="Set it, as a workflow does."
        )
    asked = number if number is not None else _number(environ)
    if asked is None:
        raise SlaSyncError(
            "This run is about no pull request.", hint="Run it on pull_request, or name one with --number."
        )
    token = checked_token(environ.get(TOKEN, ""), TOKEN)
    wire = Wire(
        environ.get("GITHUB_API_URL") or API, ("Authorization", f"Bearer {token}"), "application/vnd.github+json"
    )
    return GitHubThread(wire, repository, asked, name=name)


def _number(environ: Mapping[str, str]) -> int | None:
    ref = re.fullmatch(r"refs/pull/(\d+)/(?:merge|head)", environ.get("GITHUB_REF", ""))
    if ref:
        return int(ref[1])
    try:
        event = json.loads(Path(environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
        return int(event["pull_request"]["number"])
    except (KeyError, OSError, TypeError, ValueError, OverflowError, RecursionError):
        return None
