"""What engines of others raise becomes one sentence of ours, whatever it is, with nothing of what it says."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.history.elsewhere import spelled
from sla_sync.history.refusals import refused
from tests.haste import examples

SECRET = "hunter2"


class OperationalError(Exception):
    """As drivers of databases call most of what goes wrong."""

    def __init__(self, said: str, sqlstate: str | None = None) -> None:
        super().__init__(f"{said} postgres://ada:{SECRET}@host/db")
        self.sqlstate = sqlstate


class MuteError(Exception):
    """An error that cannot say what it is."""

    def __str__(self) -> str:
        raise ValueError(SECRET)


CASES = [
    (ModuleNotFoundError("No module named 'psycopg'", name="psycopg"), "not installed (ModuleNotFoundError, it needs psycopg)"),
    (OperationalError('password authentication failed for user "ada"'), "refuses who signs in"),
    (OperationalError("", "28P01"), "refuses who signs in (OperationalError, 28P01)"),
    (OperationalError("", "42501"), "may not do that"),
    (OperationalError("Access denied for user 'ada'@'host' to database"), "refuses who signs in"),
    (PermissionError("permission denied for table leads"), "may not do that"),
    (TimeoutError("statement timed out"), "did not answer in time"),
    (OperationalError("", "57014"), "did not answer in time"),
    (ConnectionRefusedError(111, "Connection refused"), "does not answer at that address"),
    (OperationalError("", "08006"), "does not answer at that address"),
    (OperationalError('relation "leads" does not exist'), "lacks a table, a column or a file"),
    (OperationalError("[TABLE_OR_VIEW_NOT_FOUND] leads"), "lacks a table, a column or a file"),
    (OperationalError("", "22P02"), "not of the kind"),
    (OperationalError("[CAST_INVALID_INPUT] The value"), "not of the kind"),
    (MemoryError(), "no room left"),
    (NotImplementedError("sqlite does not support direct registration of parquet data."), "cannot do what a measure asks"),
    (OperationalError("something else"), ": OperationalError."),
    (OperationalError("", "no code at all"), ": OperationalError."),
    (MuteError(), ": MuteError."),
]  # fmt: skip


@pytest.mark.parametrize(("error", "because"), CASES, ids=lambda each: type(each).__name__)
def test_each_refusal_is_told_by_its_kind_with_what_to_do(error: Exception, because: str) -> None:
    told = refused("The engine could not answer", error)
    assert because in told.message
    assert SECRET not in f"{told.message} {told.hint}"
    assert re.fullmatch(r"The engine could not answer: [^\n]*\.", told.message)
    assert re.fullmatch(r"[A-Z][a-z]+ [^\n]*\.", told.hint)


def test_the_cause_of_an_error_tells_its_kind_too() -> None:
    error = OperationalError("it failed")
    error.__cause__ = ConnectionRefusedError(111, "Connection refused")
    error.__cause__.__cause__ = error  # as one that is raised again may be
    assert "does not answer at that address (OperationalError)" in refused("The engine could not answer", error).message


@settings(max_examples=examples(60))
@given(st.text(max_size=40))
def test_whatever_an_engine_says_nothing_of_it_is_told(said: str) -> None:
    words = {refused("It failed", OperationalError(kind)).message for kind in ("", said)}
    assert all(SECRET not in each and len(each.splitlines()) == 1 for each in words)


@settings(max_examples=examples(60))
@given(st.text("aB1:/?#@&=%[]", max_size=12), st.sampled_from(["", "?token=x@y", "#a", "?a=b"]))
def test_no_password_is_in_an_address_as_it_is_shown_whatever_signs_it_holds(password: str, after: str) -> None:
    shown = spelled(f"postgres://ada:<{password}>@host:5432/db{after}")
    assert shown in {"postgres://host/db", "postgres://…"}
    assert spelled(f"postgres://ada:<{password}>@host").endswith(("://host", "://…"))
