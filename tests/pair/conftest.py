"""What tests of the pair may ask for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.pair.joined import Joined, applied, joined

Open = Callable[..., Joined]
TUESDAY = datetime(2026, 10, 6, 13, 1, tzinfo=UTC)
"""09:01 in New York."""


@pytest.fixture(scope="session")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the example was applied to both platforms."""
    return applied(tmp_path_factory.mktemp("acme"), "acme")


@pytest.fixture
def opened(acme: Path, tmp_path: Path) -> Open:
    """Return how to open copies of both platforms with these settings of the integration changed."""
    places = iter(range(100))

    def of_these(at: datetime = TUESDAY, **settings: Any) -> Joined:
        return joined(acme, tmp_path / str(next(places)), at=at, settings=settings)

    return of_these
