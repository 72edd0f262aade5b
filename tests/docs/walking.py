"""Following a page of the documentation as a reader would: its commands in their order, its edits, and what is printed.

A fence without a language holds lines that begin with `$ ` and what they print; `…` stands for any lines or any words. A
fence after `<!-- edit: FILE -->` is a diff that the reader makes by hand, one after `<!-- file: FILE -->` is a new file.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sla_sync.connector.simulation import Running, serve
from sla_sync.registry import load_connector
from tests.cli.test_second_page import Story, follows, steps

_DIFF = re.compile(r"^<!-- edit: (\S+) -->\n```diff\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_BEGIN = datetime(2026, 11, 2, tzinfo=UTC)


@dataclass
class Walk(Story):
    """A reader with one terminal for commands and one for a simulator that is served until the next command."""

    second: ExitStack = field(default_factory=ExitStack)
    served: dict[str, Running] = field(default_factory=dict)

    def command(self, line: str) -> str:
        """Run one line of the page and return what it prints."""
        words = shlex.split(line, comments=True)
        if words[0] == "cd":
            self.folder = (self.folder / words[1]).resolve()
            os.chdir(self.folder)
            return ""
        if words[0] == "export":
            os.environ.update((word.split("=", 1)[0], word.split("=", 1)[1]) for word in words[1:])
            return ""
        if words[0] == "curl":
            return self._asked(words[1:])
        self.second.close()
        self.served.clear()
        if words[:3] == ["sla-sync", "simulator", "serve"]:
            return self._serving(dict(zip(words[3::2], words[4::2], strict=True)))
        return super().command(shlex.join(words) if "$?" not in line else line)

    def _serving(self, options: dict[str, str]) -> str:
        simulator = load_connector(options["--platform"]).simulator
        assert simulator is not None
        self.told, self.code = self.told + 1, 0
        running = self.second.enter_context(serve(simulator(), Path(options["--data"]), clock=_BEGIN))
        url = re.sub(r"\d+$", options["--port"], running.url)
        self.served[url] = running
        ca = str(running.ca) if running.ca else None
        told = {"platform": options["--platform"], "url": url, "token": running.token, "ca": ca, "pid": os.getpid()}
        return json.dumps(told) + "\n"

    def _asked(self, words: list[str]) -> str:
        """Do what curl does with these words."""
        options, (url,) = list(zip(words[::2], words[1::2], strict=False)), words[-1:]
        (own, running), *_ = ((own, each) for own, each in self.served.items() if url.startswith(own))
        data = next((value.encode() for name, value in options if name == "--data"), None)
        request = urllib.request.Request(running.url + url.removeprefix(own), data=data)
        for name, value in options:
            if name == "--header":
                request.add_header(*value.split(": ", 1))
            elif name == "--request":
                request.method = value
        with urllib.request.urlopen(request) as answer:
            return str(answer.read().decode()) + "\n"


def edited(text: str, diff: str) -> str:
    """Return a text after a diff without places: what it shows without the lines of + gives way to it without those of -."""
    lines = diff.splitlines(keepends=True)
    before, after = ("".join(line[1:] for line in lines if line[0] != sign) for sign in "+-")
    assert text.count(before) == 1, f"this stands {text.count(before)} times in the file: {before}"
    return text.replace(before, after)


def parts(page: str) -> Iterator[tuple[str, str, str]]:
    """Yield the page in pieces, each with the file and the diff of the edit that comes after it."""
    pieces = _DIFF.split(page)
    yield from zip(pieces[::3], [*pieces[1::3], ""], [*pieces[2::3], ""], strict=True)


def walk(walking: Walk, page: str) -> None:
    """Follow a page and hold what is printed against what it shows; a code other than 0 must be asked for by `echo $?`."""
    with walking.second, pytest.MonkeyPatch.context() as patch:
        patch.chdir(walking.folder)
        for name in re.findall(r"^\$ export (\w+)=", page, re.MULTILINE):
            patch.setenv(name, "")
        for text, file, diff in parts(page):
            lines = re.findall(r"^\$ (.*)$", text, re.MULTILINE)
            for place, (line, printed, shown) in enumerate(steps(walking, text, lambda _: None)):
                missing = follows(printed, shown)
                assert not missing, f"{line} prints no such line here: {missing}\n{printed}"
                is_asked = lines[place + 1 : place + 2] == ["echo $?"]
                assert walking.code == 0 or is_asked or line == "echo $?", (
                    f"{line} leaves with {walking.code}\n{printed}"
                )
            if file:
                path = walking.folder / file
                path.write_text(edited(path.read_text(encoding="utf-8"), diff), encoding="utf-8")
