"""Draws that are the same on every machine: whole numbers of a seed's own streams, and curves that make times of them.

Only whole numbers are reckoned with: what a floating-point library rounds differs between machines, and a history that
differs by one row proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sla_sync.errors import SlaSyncError

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

WHOLE = 1 << 30
"""What a draw stays below; a draw divided by it is a share."""
NEVER = 1 << 61
"""An instant or a length, in milliseconds, that no history reaches."""
SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
_STEEPEST = WHOLE << 3
"""Milliseconds between two points of a curve beyond which a product with a draw leaves 64 bits: about 99 days."""


class Chance:
    """One stream of draws; its name keeps it apart from the others, so that a new one changes none of them."""

    def __init__(self, seed: int, name: str) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence([seed, *name.encode()]))

    def draws(self, size: int) -> Ints:
        """Return whole numbers from 0 to below WHOLE, each as likely as any other."""
        return (self._bits.random_raw(size) >> np.uint64(34)).astype(np.int64)

    def yes(self, size: int, share: float | Floats) -> Bools:
        """Return for each whether it belongs to the share."""
        below: Bools = self.draws(size) < np.rint(np.asarray(share) * WHOLE).astype(np.int64)
        return below

    def below(self, limits: Ints) -> Ints:
        """Return for each a whole number from 0 to below its limit, which stays below 2**33."""
        return (self.draws(len(limits)) * limits) // WHOLE

    def pick(self, size: int, weights: Sequence[float] | Floats) -> Ints:
        """Return for each the place of one of the weights, as often as it weighs."""
        edges = np.rint(np.cumsum(np.asarray(weights, dtype=np.float64)) * (WHOLE / sum(weights))).astype(np.int64)
        return np.searchsorted(edges[:-1], self.draws(size), side="right").astype(np.int64)

    def times(self, size: int, curve: Curve) -> Ints:
        """Return for each a time by the curve, in milliseconds; NEVER for the share that the curve leaves out."""
        return curve.times(self.draws(size))


@dataclass(frozen=True, slots=True)
class Curve:
    """How long something takes: by each time in seconds, the share that is done; between two points it is a straight line.

    Those beyond the last share are never done. Raises SlaSyncError where shares or times do not rise.
    """

    points: tuple[tuple[float, float], ...]
    """Pairs of a share and a time in seconds, from the share 0 on."""

    def __post_init__(self) -> None:
        shares, times = self._shares(), self._times()
        rises = len(shares) > 1 and bool((np.diff(shares) > 0).all() and (np.diff(times) > 0).all())
        if not rises or shares[0] or shares[-1] > WHOLE or times[0] < 0 or (np.diff(times) >= _STEEPEST).any():
            raise SlaSyncError(
                f"The curve {self.points} cannot be drawn from.",
                hint="Let shares rise from 0 to at most 1 and times with them, by less than 99 days from point to point.",
            )

    def times(self, draws: Ints) -> Ints:
        """Return the time of each draw in milliseconds."""
        shares, times = self._shares(), self._times()
        place = np.clip(np.searchsorted(shares, draws, side="right") - 1, 0, len(shares) - 2)
        run, rise = shares[place + 1] - shares[place], times[place + 1] - times[place]
        made = times[place] + (draws - shares[place]) * rise // run
        return np.where(draws >= shares[-1], NEVER, made)

    def share_within(self, length: Ints | Floats) -> Floats:
        """Return the share that is done within each length in milliseconds."""
        return np.interp(length, self._times(), self._shares() / WHOLE).astype(np.float64)

    def at_pace(self, pace: float) -> Curve:
        """Return the curve of somebody who needs so many times as long."""
        return Curve(tuple((share, seconds * pace) for share, seconds in self.points))

    def _shares(self) -> Ints:
        return np.array([round(share * WHOLE) for share, _ in self.points], dtype=np.int64)

    def _times(self) -> Ints:
        return np.array([round(seconds * SECOND) for _, seconds in self.points], dtype=np.int64)
