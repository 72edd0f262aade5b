"""Worlds that are made once for all tests."""

from __future__ import annotations

import pyarrow as pa
import pytest

from sla_sync.synthetic.history import tables
from sla_sync.synthetic.parameters import Parameters
from sla_sync.synthetic.truth import Truth, truth_of
from sla_sync.synthetic.world import World, world_of


@pytest.fixture(scope="session")
def quarter() -> World:
    """Return the quarter of the example."""
    return world_of(Parameters())


@pytest.fixture(scope="session")
def quarter_tables(quarter: World) -> dict[str, pa.Table]:
    """Return every table of it."""
    return dict(tables(quarter))


@pytest.fixture(scope="session")
def quarter_truth(quarter: World) -> Truth:
    """Return what is true of it."""
    return truth_of(quarter)


@pytest.fixture(scope="session")
def crowd() -> World:
    """Return a world of so many leads that shares are sharp."""
    return world_of(Parameters(leads=120_000, seed=7))


@pytest.fixture(scope="session")
def crowd_truth(crowd: World) -> Truth:
    """Return what is true of the many."""
    return truth_of(crowd)
