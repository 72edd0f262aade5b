"""No document, expression or layout crashes, hangs or complains without a place, whatever is done to a sound one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sla_sync.agreement.source import read_source
from tests.fuzz.targets import ROOT, SEEDS, documents, expressions, expressions_of_the_seeds, layouts
from tests.haste import examples

AGREEMENTS = [path for path in SEEDS if path.name == "agreement.yaml"]
TEXTS = [path.read_text(encoding="utf-8") for path in AGREEMENTS]
PARSED = [source.data for path in AGREEMENTS if (source := read_source(path, root=path.parent)).data is not None]
EXPRESSIONS = list(dict.fromkeys(expressions_of_the_seeds()))
WORDS = sorted({word for text in EXPRESSIONS for word in text.split()})
UNEXPECTED: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, -1, 1.5, 10**15, "", "undecided", "0%", "101%", "0 days", "1 business second", "mql to mql", [], {}, [[]],
     {"a": {}}, "not not a is b", "9999-12-31", "2026-02-30", "25:00-26:00", "at 100%", "a" * 300, "\u00e9", "from"],
)  # fmt: skip
RUNS = "1500" if os.environ.get("SLA_SYNC_WHOLE") else "500"
"""How many inputs look for new paths; the nightly run tries three times as many, and `make fuzz` as many as it can."""
FOR_FILES = settings(
    max_examples=examples(120),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of everything inside a document."""
    for key, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from places(each, (*path, key))


@st.composite
def changed(draw: st.DrawFn) -> dict[str, Any]:
    """Return an example of which a few values are gone, replaced, moved or repeated elsewhere."""
    data: dict[str, Any] = deepcopy(dict(draw(st.sampled_from(PARSED))))
    for _ in range(draw(st.integers(1, 3))):
        where = draw(st.sampled_from(list(places(data))))
        inside: Any = data
        for step in where[:-1]:
            inside = inside[step]
        match draw(st.sampled_from(["remove", "remove", "undecided", "replace", "copy", "copy", "copy"])):
            case "remove":
                del inside[where[-1]]
            case "undecided":
                inside[where[-1]] = "undecided"
            case "replace":
                inside[where[-1]] = draw(UNEXPECTED)
            case "copy":  # from under a key of the same name, or from below the same section: such a value often fits
                kin = [each for each in places(data) if each[-1] == where[-1] or each[:-1] == where[:-1]]
                other: Any = data
                for step in draw(st.sampled_from(kin)):
                    other = other[step]
                inside[where[-1]] = deepcopy(other)
    return data


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Return an example of which a few lines are gone, repeated, moved, indented otherwise or cut."""
    lines = draw(st.sampled_from(TEXTS)).split("\n")
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["remove", "repeat", "move", "indent", "cut", "join"])):
            case "remove":
                lines[at : at + 1] = [""]
            case "repeat":
                lines.insert(at, lines[draw(st.integers(0, len(lines) - 1))])
            case "move":
                lines.insert(draw(st.integers(0, len(lines))), lines.pop(at))
            case "indent":
                lines[at] = " " * draw(st.integers(0, 9)) + lines[at].lstrip()
            case "cut":
                lines[at] = lines[at][: draw(st.integers(0, 40))]
            case "join":
                lines[at : at + 2] = ["".join(lines[at : at + 2])]
    return "\n".join(lines)


@pytest.mark.slow
@FOR_FILES
@given(changed())
def test_an_example_with_other_values_is_judged_with_places(tmp_path: Path, data: dict[str, Any]) -> None:
    documents(json.dumps(data, indent=1).encode(), tmp_path)


@FOR_FILES
@given(damaged())
def test_an_example_with_damaged_lines_is_judged_with_places(tmp_path: Path, text: str) -> None:
    documents(text.encode(), tmp_path)


@pytest.mark.slow
@FOR_FILES
@given(damaged())
def test_an_example_with_damaged_lines_is_laid_out_or_refused(text: str) -> None:
    layouts(text.encode())


@settings(max_examples=examples(300), deadline=None, derandomize=True)
@given(
    st.one_of(
        st.lists(st.sampled_from([*WORDS, "(", ")", "not", "and", "or"]), max_size=14).map(" ".join),
        st.tuples(st.sampled_from(EXPRESSIONS), st.integers(0, 60), st.text(max_size=4)).map(
            lambda each: each[0][: each[1]] + each[2] + each[0][each[1] :]
        ),
    )
)
def test_an_expression_is_read_or_refused_with_a_place(text: str) -> None:
    expressions(text)


@pytest.mark.slow
@pytest.mark.parametrize("target", ["documents", "expressions", "layouts"])
def test_inputs_that_look_for_new_paths_find_no_crash_no_hang_and_no_hunger(target: str) -> None:
    pytest.importorskip("atheris", reason="needs atheris, which has no wheel for this Python")
    # A small process in between: a child is counted at least as large as its parent was, and this one has run other tests.
    between = [sys.executable, "-c", "import subprocess, sys; sys.exit(subprocess.run(sys.argv[1:]).returncode)"]
    command = [
        *between,
        sys.executable,
        "tests/fuzz/coverage_guided.py",
        target,
        "--afresh",
        "--runs",
        RUNS,
        "--seconds",
        "40",
    ]
    answer = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, cwd=ROOT)
    assert answer.returncode == 0, answer.stderr[-3000:]
    assert "stat::number_of_executed_units" in answer.stderr
