"""Strict local doubles of the comments on GitHub and GitLab, spoken to over HTTP: pages, rights, authors."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

TOKEN = "t0ken-s3cr3t"
Answer = tuple[int, Any]


@dataclass
class Forge:
    """A host with comments on request 7. `may_write` is what the token may do, `may_ask` whether it may ask who it is."""

    kind: str
    me: str = "sla-bot"
    may_write: bool = True
    may_ask: bool = True
    redirects_to: str = ""
    comments: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def add(self, author: str, body: str, **more: Any) -> int:
        """Let somebody write a comment."""
        number = len(self.comments) + 100
        who = (
            {"user": {"login": author}} if self.kind == "github" else {"author": {"username": author}, "system": False}
        )
        self.comments.append({"id": number, "body": body, **who, **more})
        return number

    def answer(self, request: Request) -> Answer:
        """Answer one call, strictly."""
        self.calls.append(f"{request.method} {request.path}")
        if self.redirects_to:
            return 307, {"message": "moved"}
        signed = {"github": ("Authorization", f"Bearer {TOKEN}"), "gitlab": ("PRIVATE-TOKEN", TOKEN)}[self.kind]
        if request.headers.get(signed[0]) != signed[1]:
            return 401, {"message": "Bad credentials"}
        if request.path == "/user":
            if not self.may_ask:
                return 403, {"message": "Resource not accessible by integration"}
            return 200, {"login" if self.kind == "github" else "username": self.me}
        return self._thread(request)

    def _thread(self, request: Request) -> Answer:
        every, one, change = {
            "github": (r"/repos/acme/sla/issues/7/comments", r"/repos/acme/sla/issues/comments/(\d+)", "PATCH"),
            "gitlab": (r"/projects/42/merge_requests/7/notes", r"/projects/42/merge_requests/7/notes/(\d+)", "PUT"),
        }[self.kind]
        if re.fullmatch(every, request.path) and request.method == "GET":
            size, page = int(request.args.get("per_page", 20)), int(request.args.get("page", 1))
            assert size <= 100
            return 200, self.comments[(page - 1) * size : page * size]
        if not self.may_write:
            return 403, {"message": "Resource not accessible by integration"}
        body = json.loads(request.get_data())["body"]
        assert len(body) <= 65_536
        if re.fullmatch(every, request.path) and request.method == "POST":
            number = self.add(self.me, body)
            return 201, {"id": number, "html_url": f"https://forge.example/{number}"}
        found = re.fullmatch(one, request.path)
        if found and request.method == change:
            (comment,) = [each for each in self.comments if each["id"] == int(found[1])]
            author = (comment.get("user") or comment.get("author") or {}).get(
                "login" if self.kind == "github" else "username"
            )
            if author != self.me:
                return 403, {"message": "Must be the author"}
            # As hosts do, it keeps a text with the ends of lines that browsers send.
            comment["body"] = body.replace("\n", "\r\n")
            return 200, {"id": comment["id"], "html_url": f"https://forge.example/{comment['id']}"}
        return 404, {"message": "Not Found"}


@contextmanager
def served(forge: Forge) -> Iterator[str]:
    """Serve a forge on loopback until the context ends; gives its address."""

    def application(environ: Any, start: Callable[..., Any]) -> Any:
        status, said = forge.answer(Request(environ))
        headers = {"Location": forge.redirects_to} if forge.redirects_to else {}
        return Response(json.dumps(said), status, headers, content_type="application/json")(environ, start)

    server = make_server("127.0.0.1", 0, application)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
