"""The page about the architecture draws the house as it stands."""

from __future__ import annotations

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
