"""The examples can be applied as they are, and once applied there is nothing left to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sla_sync.pipeline.apply import apply
from sla_sync.pipeline.plan import plan
from tests.examples.places import NAMES, documents


def tried() -> Iterator[tuple[str, str]]:
    """Yield each example with the target that tries it on a simulator."""
    for name in NAMES:
        found = documents(name)
        folder = found.place.targets.parent if found.place.targets else Path()
        for target, each in found.targets.targets.items() if found.targets else ():
            own = found.place.agreement.resolve() in {(folder / path).resolve() for path in each.agreements}
            if own and each.simulator:
                yield name, target


@pytest.mark.slow
@pytest.mark.parametrize(("name", "target"), list(tried()))
def test_an_example_can_be_applied_and_then_there_is_nothing_left_to_do(name: str, target: str, tmp_path: Path) -> None:
    place = replace(documents(name).place, state=tmp_path)
    day = documents(name).usable.metadata.effective.start
    applied = apply(place, target, environ={}, today=day)
    assert applied.plan.changes
    assert applied.result is not None
    assert applied.result.complete
    assert plan(place, target, environ={}, today=day).changes == ()
