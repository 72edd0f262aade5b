"""When faults happen: to requests that a script names, or by a seed that gives the same schedule each time."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Protocol

from sla_sync.agreement.findings import did_you_mean
from sla_sync.connector.simulation.trouble import Asked
from sla_sync.errors import SlaSyncError

__all__ = ["Cut", "Line", "Scripted", "Seeded", "Trouble", "read_script", "read_seed"]


class Trouble(Protocol):
    """Decides for each request which fault happens to it."""

    def fault_of(self, asked: Asked, fitting: Sequence[str]) -> str | None:
        """Return the name of one of the faults that fit the request; None lets it pass."""
        ...


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a script: a fault, and the requests to which it happens.

    That is the request of this number, or those of `times` that match `call` from the `nth` on. A call is a method and a
    path, in which `*` stands for anything: `POST /crm/v3/lists*`.
    """

    fault: str
    number: int | None = None
    call: str = "*"
    nth: int = 1
    times: int = 1


@dataclass
class Scripted:
    """Faults by a script; of lines that name the same request the first happens."""

    lines: Sequence[Line]
    _seen: Counter[int] = field(default_factory=Counter)

    def fault_of(self, asked: Asked, fitting: Sequence[str]) -> str | None:
        """Return the fault of the first line that names this request and whose fault fits it.

        None where no line does. A request that a fault does not fit does not count among those that its line names.
        """
        found: str | None = None
        for position, line in enumerate(self.lines):
            if line.fault not in fitting or not fnmatchcase(f"{asked.method} {asked.path}", line.call):
                continue
            if line.number is not None:
                named = line.number <= asked.number < line.number + line.times
            else:
                self._seen[position] += 1
                named = line.nth <= self._seen[position] < line.nth + line.times
            found = found or (line.fault if named else None)
        return found


@dataclass(frozen=True, slots=True)
class Cut:
    """The line is cut at the request of this number, `before` it is carried out or after, and stays cut."""

    at: int
    before: bool = True

    def fault_of(self, asked: Asked, _fitting: Sequence[str]) -> str | None:
        """Return the cut from the request of the number on, None before it; of the later ones none is carried out."""
        if asked.number < self.at:
            return None
        return "cut-before" if self.before or asked.number > self.at else "cut-after"


@dataclass
class Seeded:
    """Faults by chance, which a seed decides for each request by its number: the same requests, the same faults."""

    seed: int
    rate: float
    """How likely a fault is for one request, from 0 to 1."""
    names: Collection[str] = ()
    """The faults that may happen; every one that fits where none is named."""
    most: int | None = None
    """After how many faults there are no more."""
    _count: int = 0

    def fault_of(self, asked: Asked, fitting: Sequence[str]) -> str | None:
        """Return a fault by chance, or None."""
        chance = random.Random(f"{self.seed}:{asked.number}")  # noqa: S311 - a schedule that can be repeated
        if chance.random() >= self.rate or (self.most is not None and self._count >= self.most):
            return None
        allowed = sorted(each for each in fitting if not self.names or each in self.names)
        if not allowed:
            return None
        self._count += 1
        return chance.choice(allowed)


_KEYS: Mapping[str, type] = {"fault": str, "number": int, "call": str, "nth": int, "times": int}


def read_script(found: object, known: Collection[str], *, where: str) -> Scripted:
    """Return the script that a document holds under `faults`, a list of lines. Raises SlaSyncError for what it cannot use."""
    lines = found.get("faults") if isinstance(found, Mapping) and set(found) == {"faults"} else None
    if not isinstance(lines, list) or not lines:
        raise SlaSyncError(
            f"{where} is no script of faults: it must hold one list, `faults`.",
            hint="Write for instance: faults: [{call: GET *, nth: 3, fault: 503-before}]",
        )
    return Scripted(
        tuple(_line(each, known, f"{where}, entry {number} of `faults`") for number, each in enumerate(lines, 1))
    )


def _line(found: Any, known: Collection[str], where: str) -> Line:
    if not isinstance(found, Mapping) or "fault" not in found:
        raise SlaSyncError(f"{where} names no fault.", hint="Write for instance {number: 12, fault: cut-after}.")
    for key, value in found.items():
        if key not in _KEYS:
            raise SlaSyncError(f"{where} says `{key}`, which no entry has.", hint=f"Use {', '.join(_KEYS)}.")
        if not isinstance(value, _KEYS[key]) or isinstance(value, bool) or (isinstance(value, int) and value < 1):
            raise SlaSyncError(
                f"{where} says `{key}: {value}`.",
                hint=f"Write {'a number from 1 on' if _KEYS[key] is int else 'a text'} there.",
            )
    if "number" in found and ("nth" in found or "call" in found):
        raise SlaSyncError(f"{where} names a request twice.", hint="Say either `number`, or `call` and `nth`.")
    _refuse_unknown([found["fault"]], known, where)
    return Line(**found)


def _refuse_unknown(names: Iterable[str], known: Collection[str], where: str) -> None:
    for name in names:
        if name not in known:
            raise SlaSyncError(
                f"{where} names the fault `{name}`, which this simulator does not know.",
                hint=did_you_mean(name, known) or f"Use one of {', '.join(sorted(known))}.",
            )


def read_seed(text: str, known: Collection[str]) -> Seeded:
    """Return the chance that a text such as `seed=7,rate=0.05,most=3,names=cut-after+503-before` names. Raises SlaSyncError."""
    said: dict[str, str] = {}
    for part in text.split(","):
        key, equals, value = (each.strip() for each in part.partition("="))
        if key not in {"seed", "rate", "most", "names"} or not equals or key in said:
            raise SlaSyncError(
                f"`{text}` is neither a file nor a seed of faults.",
                hint="Name a script, or write for instance seed=7,rate=0.05.",
            )
        said[key] = value
    try:
        seed, rate, most = int(said["seed"]), float(said.get("rate", "0.05")), said.get("most")
        limit = None if most is None else int(most)
    except (KeyError, ValueError):
        raise SlaSyncError(
            f"`{text}` is no seed of faults: seed and most are whole numbers, rate is one from 0 to 1.",
            hint="Write for instance seed=7,rate=0.05.",
        ) from None
    if not 0 <= rate <= 1:
        raise SlaSyncError(
            f"`{text}` has the rate {rate:g}, which is not from 0 to 1.", hint="Write for instance rate=0.05."
        )
    names = tuple(each for each in said.get("names", "").split("+") if each)
    _refuse_unknown(names, known, f"`{text}`")
    return Seeded(seed, rate, names, limit)
