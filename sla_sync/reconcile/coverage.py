"""How every line of an agreement is held on one platform: by which settings, or by whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sla_sync.diagnostics import KeyPath
from sla_sync.reconcile.kept_by_people import advice_for
from sla_sync.reconcile.lines import lines_of, whole_of
from sla_sync.reconcile.settings import Address, Aspect, Desired, SettingType, Translation


class StepKind(StrEnum):
    """Why a line has a manual step."""

    PLATFORM = "platform"
    """The platform cannot be given it by API; the plan has the same step under the same number."""
    PEOPLE = "people"
    """It is nothing that a platform holds, so people keep it."""


@dataclass(frozen=True, slots=True)
class ManualStep:
    """What a person does. `number` counts from 1, the steps of the plan first."""

    number: int
    id: str
    kind: StepKind
    advice: str


@dataclass(frozen=True, slots=True)
class CoveredLine:
    """One line of the agreement, what holds it and what that does for it; `steps` are numbers of manual steps.

    Of a line with parts, what holds a part counts for the whole too.
    """

    path: KeyPath
    aspects: frozenset[Aspect]
    settings: tuple[Address, ...]
    steps: tuple[int, ...]


@dataclass(frozen=True)
class Coverage:
    """Every line of an agreement on one platform, in the order in which it was written."""

    agreement: str
    platform: str
    lines: tuple[CoveredLine, ...]
    steps: tuple[ManualStep, ...]

    @property
    def held(self) -> int:
        """How many lines settings hold."""
        return sum(bool(each.settings) for each in self.lines)

    def kept(self, kind: StepKind) -> int:
        """Return how many lines no setting holds, and a step does: one of the platform where there is one."""
        of = {each.number: each.kind for each in self.steps}
        kinds = [{of[step] for step in each.steps} for each in self.lines if not each.settings]
        return sum((StepKind.PLATFORM if StepKind.PLATFORM in each else StepKind.PEOPLE) is kind for each in kinds)


def coverage(
    data: Mapping[str, object],
    translation: Translation,
    types: Mapping[str, SettingType],
    *,
    agreement: str,
    platform: str,
) -> Coverage:
    """Return how every line of an agreement, as plain values, is held; a line that nothing holds becomes a step.

    A setting counts for the most exact line that one of its values comes from. A manual step counts for its line, and
    one about a section for the lines inside that nothing else holds.
    """
    paths = tuple(lines_of(data))
    known = frozenset(paths)
    settings = _settings(translation.desired, known, types)
    steps = [
        ManualStep(number, gap.id, StepKind.PLATFORM, gap.advice) for number, gap in enumerate(translation.gaps, 1)
    ]
    numbers = dict(_steps_by_line(translation, known))
    wholes = known & {whole_of(path) for path in paths}
    holding = {path: _with_parts(path, settings) for path in paths}
    for path in paths:
        if holding[path] or path in numbers or path in wholes:
            continue
        numbers[path] = _steps_around(path, translation)
        if not numbers[path]:
            steps.append(_kept_by_people(len(steps) + 1, path, data))
            numbers[path] = (len(steps),)
    for whole in sorted(wholes, key=paths.index):
        if not holding[whole] and whole not in numbers:
            numbers[whole] = _steps_of_parts(whole, numbers)
    lines = tuple(
        CoveredLine(
            path,
            frozenset(aspect for each in holding[path].values() for aspect in each),
            tuple(sorted(holding[path])),
            numbers.get(path, ()),
        )
        for path in paths
    )
    return Coverage(agreement, platform, lines, tuple(steps))


def _settings(
    desired: Iterable[Desired], known: frozenset[KeyPath], types: Mapping[str, SettingType]
) -> Mapping[KeyPath, Mapping[Address, frozenset[Aspect]]]:
    """Return line → setting that one of its values comes from → what the setting does for the line.

    A setting that does nothing for a line, such as access to its fields, holds it not.
    """
    found: dict[KeyPath, dict[Address, frozenset[Aspect]]] = {}
    for each in desired:
        for origin in {*each.origins.values(), *each.aspects}:
            line = _line(origin, known)
            if line is not None and _aspects(each, origin, types):
                inside = found.setdefault(line, {})
                inside[each.address] = inside.get(each.address, frozenset()) | _aspects(each, origin, types)
    return found


def _aspects(desired: Desired, origin: KeyPath, types: Mapping[str, SettingType]) -> frozenset[Aspect]:
    for length in range(len(origin), -1, -1):
        if origin[:length] in desired.aspects:
            return desired.aspects[origin[:length]]
    kind = types.get(desired.address.type)
    return kind.aspects if kind else frozenset()


def _line(origin: KeyPath, known: frozenset[KeyPath]) -> KeyPath | None:
    """Return the most exact line to which a place in the agreement belongs; None for a place above all of them."""
    return next((origin[:length] for length in range(len(origin), 0, -1) if origin[:length] in known), None)


def _with_parts(
    path: KeyPath, settings: Mapping[KeyPath, Mapping[Address, frozenset[Aspect]]]
) -> Mapping[Address, frozenset[Aspect]]:
    found: dict[Address, frozenset[Aspect]] = dict(settings.get(path, {}))
    for line, held in settings.items():
        if whole_of(line) == path:
            found |= {each: found.get(each, frozenset()) | aspects for each, aspects in held.items()}
    return found


def _steps_by_line(translation: Translation, known: frozenset[KeyPath]) -> Mapping[KeyPath, tuple[int, ...]]:
    found: dict[KeyPath, tuple[int, ...]] = {}
    for number, gap in enumerate(translation.gaps, 1):
        line = _line(gap.origin, known)
        if line is not None:
            found[line] = (*found.get(line, ()), number)
    return found


def _steps_around(path: KeyPath, translation: Translation) -> tuple[int, ...]:
    """Return the steps about the section or list around a line, such as a scoring that another product does.

    Where a setting comes from that section too, its steps are about the setting and not about each line inside.
    """
    pushed = {origin for each in translation.desired for origin in each.origins.values()}
    for length in range(len(path) - 1, 0, -1):
        around = path[:length]
        numbers = tuple(number for number, gap in enumerate(translation.gaps, 1) if gap.origin == around)
        if numbers and around not in pushed and around != whole_of(path):
            return numbers
    return ()


def _steps_of_parts(path: KeyPath, steps: Mapping[KeyPath, tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(sorted({number for line, numbers in steps.items() if whole_of(line) == path for number in numbers}))


def _kept_by_people(number: int, path: KeyPath, data: Mapping[str, object]) -> ManualStep:
    value: object = data
    for step in path:
        value = _entry(value, step)
    return ManualStep(number, f"people:{'.'.join(map(str, path))}", StepKind.PEOPLE, advice_for(path, value))


def _entry(value: object, step: str | int) -> object:
    if isinstance(value, Mapping):
        return value.get(step)
    return value[step] if isinstance(value, Sequence) and isinstance(step, int) else None
