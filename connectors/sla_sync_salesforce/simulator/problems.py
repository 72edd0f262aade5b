"""What is wrong with a component, in the platform's words, and where in its file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One complaint; a warning does not fail the component. Line and column count from 1."""

    message: str
    line: int = 1
    column: int = 1
    warning: bool = False


def not_implemented(what: str) -> Problem:
    """Return the refusal of something that the platform knows and this double of it does not."""
    return Problem(f"{what} is not implemented by this simulator")
