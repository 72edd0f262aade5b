"""A command that is put together alone is the one among all."""

from __future__ import annotations

from typing import Any

import pytest

from sla_sync.cli.app import commands


def test_a_command_that_is_named_is_put_together_alone_and_as_among_all() -> None:
    every: Any = commands()
    alone = {name: commands(name) for name in every.commands}
    assert {name for name, each in alone.items() if each is every} == {"simulator"}  # a group, and no command
    for name, each in alone.items():
        if each is every:
            continue
        only: Any = each
        assert list(only.commands) == [name]
        shown = {
            each.commands[name].get_help(each.make_context("sla-sync", [], resilient_parsing=True))
            for each in (only, every)
        }
        assert len(shown) == 1


@pytest.mark.parametrize("said", ["--help", "validat", "", None])
def test_what_names_no_command_is_answered_by_all(said: str | None) -> None:
    assert commands(said) is commands(None)
