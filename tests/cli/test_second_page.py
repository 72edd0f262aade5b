"""What docs/one-pull-request-one-night.md shows is what its commands print, in its order, while the story happens."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.cli.conftest import CONFIGS, Run
from tests.cli.second_page import MEANWHILE, happens
from tests.cli.test_readme import PROJECT
from tests.notify.test_sending import SECRET, service
from tests.pipeline.repository import git

PAGE = (PROJECT / "docs" / "one-pull-request-one-night.md").read_text(encoding="utf-8")
_STEP = re.compile(r"(?:^<!-- (\w+)(?:: (\S+))? -->\n)?(?:^```(\w*)\n(.*?)^```$)?", re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"^\$ ([^\n]*)\n((?:(?!\$ )[^\n]*\n)*)", re.MULTILINE)


@dataclass
class Story:
    """A newcomer who follows the page: what the last command left with, and what the channel got and nobody has read."""

    folder: Path
    run: Run
    got: list[dict[str, str]]
    code: int = 0
    told: int = 0
    happened: list[str] = field(default_factory=list)

    def command(self, line: str) -> str:
        """Run one line of the page and return what it prints."""
        if line == "echo $?":
            return f"{self.code}\n"
        words = shlex.split(line)
        if words[0] == "sla-sync":
            answer = self.run(*words[1:])
            self.code, self.told = answer.code, self.told + 1
            return answer.out + answer.err
        if words[0] == "git":
            return git(self.folder, *words[1:])
        return subprocess.run(words, cwd=self.folder, check=True, capture_output=True, text=True).stdout

    def message(self) -> str:
        """Return the one message that came since the last was read."""
        assert len(self.got) == 1, self.got
        return f"{self.got[0]['title']}\n{self.got.pop()['message']}"


def steps(story: Story, page: str, happens: Callable[[str], None]) -> Iterator[tuple[str, str, str]]:
    """Follow a page and yield each line that was followed with what it printed and what the page shows.

    What it says in prose happens by its name.
    """
    for remark, about, language, block in _STEP.findall(page):
        if remark == "meanwhile":
            happens(about)
            story.happened.append(about)
        elif remark == "file":
            (story.folder / about).write_text(block, encoding="utf-8")
        elif remark == "message":
            yield "the message", story.message(), block
        elif block and not language:
            for line, shown in _COMMAND.findall(block):
                yield line, story.command(line), shown


def follows(printed: str, shown: str) -> str:
    """Return the first line of a page that is not printed in its order; `…` stands for any lines, or for any words."""
    lines = iter(printed.splitlines())
    for line in shown.splitlines():
        if line == "…":
            continue
        pattern = re.compile(".*".join(map(re.escape, line.split("…"))))
        if not any(pattern.fullmatch(each) for each in lines):
            return line
    return ""


@pytest.mark.slow
def test_the_second_page_is_what_happens(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(here / "configs")
    shutil.copytree(CONFIGS / "acme", here / "configs" / "acme")
    with service() as (url, got):
        monkeypatch.setenv("NIGHT_URL", url)
        story = Story(here, run, got)
        for line, printed, shown in steps(story, PAGE, happens):
            assert not follows(printed, shown), f"{line} prints no such line here: {follows(printed, shown)}\n{printed}"
            assert SECRET not in printed
    assert got == []
    assert story.happened == list(MEANWHILE)
    assert story.told == PAGE.count("\n$ sla-sync ")
