"""The commands of sla-sync in a shell script, held against the commands and options that there are."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any

import click

from sla_sync.cli import app

_END = {"||", "&&", ";", "|", ">", ">>", "}", "then", "fi"}
_REDIRECTION = re.compile(r"\d?>>?.*")


def commands_in(script: str) -> Iterator[list[str]]:
    """Yield the words of every call of sla-sync in a script, without the shell's own."""
    for line in script.replace("\\\n", " ").splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars=";|&<>()")
        lexer.whitespace_split = True
        lexer.commenters = "#"
        words = list(lexer)
        for index, word in enumerate(words):
            if word == "sla-sync" or word.endswith("/sla-sync") or word == "$sla_sync":
                call = []
                for each in words[index + 1 :]:
                    if each in _END or _REDIRECTION.fullmatch(each):
                        break
                    call.append(each)
                if call:
                    yield call


def unknown_in(call: list[str]) -> list[str]:
    """Return what of a call no command of sla-sync knows."""
    found: Any = app.commands()
    words = iter(call)
    name = next(words, "")
    commands: dict[str, click.Command] = found.commands
    if name not in commands:
        return [name]
    known = {option for parameter in commands[name].params for option in (*parameter.opts, *parameter.secondary_opts)}
    unknown = []
    for word in words:
        if word == "--":
            break
        option = word.partition("=")[0]
        if option.startswith("-") and option not in known:
            unknown.append(word)
    return unknown
