"""What docs/measured.md shows is what its commands print, in its order, while people work in the org."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import CONFIGS, Run
from tests.cli.test_readme import PROJECT
from tests.cli.test_second_page import Story, follows, steps
from tests.cli.third_page import MEANWHILE, happens

PAGE = (PROJECT / "docs" / "measured.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_third_page_is_what_happens(run: Run, here: Path) -> None:
    shutil.rmtree(here / "configs")
    shutil.copytree(CONFIGS / "acme", here / "configs" / "acme")
    story = Story(here, run, [])
    for line, printed, shown in steps(story, PAGE, happens):
        assert not follows(printed, shown), f"{line} prints no such line here: {follows(printed, shown)}\n{printed}"
        assert story.code == 0, f"{line} leaves with {story.code}\n{printed}"
    assert story.happened == list(MEANWHILE)
    assert story.told == PAGE.count("\n$ sla-sync ")
