"""The page about the architecture draws the house as it stands."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
DRAWING = (
    (PROJECT / "docs/architecture.md").read_text(encoding="utf-8").partition("## Folders")[2].partition("\n## ")[0]
)
ROOMS = sorted(
    f"{path.name}/" if path.is_dir() else path.name
    for path in (PROJECT / "sla_sync").iterdir()
    if not path.name.startswith(("_", "py.typed"))
)


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_of_the_core_is_drawn(room: str) -> None:
    assert f" {room} " in DRAWING.replace("\n", " ")


def test_nothing_is_drawn_that_is_not_there() -> None:
    core = DRAWING.partition("sla_sync/ ")[2].partition("\nconnectors/ ")[0]
    drawn = {word for line in core.splitlines()[1:] for word in line.split() if word.endswith(("/", ".py"))}
    assert sorted(drawn - set(ROOMS)) == []


def test_the_drawing_of_the_layers_is_what_the_imports_are_held_to() -> None:
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(each["layers"] for each in contracts if each["type"] == "layers")
    drawn = DRAWING.partition("Each line imports only from lines below it")[2].split("```")[1]
    assert [line.strip() for line in drawn.strip().splitlines()] == [each for each in layers if each != "(__main__)"]
