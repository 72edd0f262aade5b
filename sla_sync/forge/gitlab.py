"""The notes on a merge request of GitLab."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import attrgetter
from urllib.parse import quote

from sla_sync.connector.misreadings import telling_misreadings
from sla_sync.errors import SlaSyncError
from sla_sync.forge.comments import Comment
from sla_sync.forge.wire import Wire, checked_token

TOKEN = "GITLAB_TOKEN"  # noqa: S105 - the name of a variable
_PAGE = 100
_MOST_PAGES = 300


@telling_misreadings(attrgetter("_wire"))
class GitLabThread:
    """The notes on one merge request; `name` is the account of the token where it is not asked for."""

    def __init__(self, wire: Wire, project: str, number: int, *, name: str = "") -> None:
        self._wire = wire
        self._notes = f"/projects/{quote(project, safe='')}/merge_requests/{number}/notes"
        self._name = name

    def author(self) -> str:
        """Return the account of the token."""
        return self._name or str(self._wire.ask("GET", "/user")["username"])

    def comments(self) -> Iterator[Comment]:
        """Yield every note that a person or a program wrote, page by page."""
        for page in range(1, _MOST_PAGES + 1):
            query = {"per_page": str(_PAGE), "page": str(page), "sort": "asc", "order_by": "created_at"}
            found = self._wire.ask("GET", self._notes, query=query)
            for each in found:
                if not each.get("system"):
                    author = (each.get("author") or {}).get("username") or ""
                    yield Comment(str(each["id"]), str(author), str(each.get("body") or ""))
            if len(found) < _PAGE:
                return

    def write(self, body: str) -> str:
        """Write a note; GitLab's answer has no address."""
        return self._said(self._wire.ask("POST", self._notes, body={"body": body}))

    def edit(self, comment: Comment, body: str) -> str:
        """Replace the text of a note."""
        return self._said(self._wire.ask("PUT", f"{self._notes}/{quote(comment.id, safe='')}", body={"body": body}))

    def _said(self, found: Mapping[str, object]) -> str:
        return f"note {found.get('id')}"


def from_environment(environ: Mapping[str, str], *, number: int | None, name: str) -> GitLabThread:
    """Return the thread of the merge request that a pipeline is about. Raises SlaSyncError where the environment lacks it."""
    url, project = environ.get("CI_API_V4_URL", ""), environ.get("CI_PROJECT_ID", "")
    if not url or not project:
        raise SlaSyncError(
            "CI_API_V4_URL and CI_PROJECT_ID are expected in the environment.", hint="Set them, as a pipeline does."
        )
    said = environ.get("CI_MERGE_REQUEST_IID", "")
    asked = number if number is not None else int(said) if said.isdecimal() else None
    if asked is None:
        raise SlaSyncError(
            "This run is about no merge request.", hint="Run it on merge requests, or name one with --number."
        )
    token = checked_token(environ.get(TOKEN, ""), TOKEN)
    return GitLabThread(Wire(url, ("PRIVATE-TOKEN", token), "application/json"), project, asked, name=name)
