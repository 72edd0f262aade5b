"""What a condition asks of history in the end, through the words, groups and segments that it names; what history lacks."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions import print_expression, terms_in
from sla_sync.agreement.expressions.tree import (
    AtLeast,
    Compare,
    Did,
    Expression,
    InGroup,
    Is,
    Known,
    ScoreReaches,
    Text,
)
from sla_sync.attainment.answers import SEGMENT, choices, models, score_field
from sla_sync.attainment.as_it_stood import WORDS


@dataclass(slots=True)
class Needed:
    """What some conditions ask of rows that bear some words themselves, of a history that has recorded some fields.

    `settled` are the words of which a row or the record has the last say, and that nothing is reckoned from. `named` are the
    words that a field is compared with; `reasons` say why history cannot tell a condition.
    """

    agreement: Agreement
    recorded: Collection[str]
    carried: Collection[str] = ()
    facts: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    exclusions: set[str] = field(default_factory=set)
    settled: set[str] = field(default_factory=set)
    named: dict[str, set[str]] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.settled |= set(self.carried)

    def ask(self, condition: Expression) -> None:
        """Note all that a condition asks."""
        for term in terms_in(condition):
            match term:
                case Is(name, values):
                    self._ask_word(name, values)
                case InGroup(name, group):
                    self._ask_word(name, (each for each in self._members(group) if isinstance(each, str)))
                case Compare(name) | Known(name) | Text(name):
                    self._ask_word(name)
                case ScoreReaches(model):
                    self._ask_score(model)
                case AtLeast(group=group):
                    self._ask_group(group)
                case Did():
                    self.reasons.append(f"History does not hold what people did, such as `{print_expression(term)}`.")

    def _ask_word(self, name: str, values: Iterable[str] = ()) -> None:
        self.named.setdefault(name, set()).update(values)
        if name in self._seen or name in self.carried:
            return
        self._seen.add(name)
        if name in WORDS:
            self.words.add(name)
        elif name in self.recorded:
            self.facts.add(name)
            self._ask_beside_the_record(name)
        elif name == SEGMENT:
            for each in self.agreement.segments:
                self._ask_word(each)
        elif choices(self.agreement, name):
            for condition in choices(self.agreement, name).values():
                self.ask(condition)
        elif name in exclusions(self.agreement):
            self.exclusions.add(name)
        else:
            self.reasons.append(f"History holds nothing of `{name}`.")

    def _ask_beside_the_record(self, name: str) -> None:
        """Note what a recorded word is reckoned from where the record is empty, if history can tell all of that."""
        others = Needed(self.agreement, self.recorded, self.carried, _seen=self._seen | {name})
        for each in choices(self.agreement, name).values():
            others.ask(each)
        if others.reasons or not choices(self.agreement, name):
            self.settled.add(name)
            return
        self.facts |= others.facts
        self.words |= others.words
        self.exclusions |= others.exclusions
        self.settled |= others.settled
        self._seen |= others._seen

    def _ask_score(self, model: str | None) -> None:
        self._ask_word(score_field(self.agreement, model))
        asked = [(name, each) for name, each in models(self.agreement) if model in {None, name}]
        if model is None and any(each.for_segment is not None for _, each in asked):
            self._ask_word(SEGMENT)
        for name, each in asked:
            if each.threshold is not None and not isinstance(each.threshold, int):
                self.reasons.append(
                    f"The threshold of `{name}` is no number of points, so nobody can say who reached it."
                )

    def _ask_group(self, group: str) -> None:
        if f"<{group}>" in self._seen:
            return
        self._seen.add(f"<{group}>")
        for each in self._members(group):
            if isinstance(each, str):
                self._ask_word(each)
            else:
                self.ask(each)

    def _members(self, group: str) -> tuple[str | Expression, ...]:
        return self.agreement.groups.get(group, ())


def exclusions(agreement: Agreement) -> frozenset[str]:
    """Return the names under which leads are left out: what `leads.excluded` tells."""
    found = {each for model in agreement.scoring.values() for each in model.exclude}
    return frozenset(found | set(agreement.quality.exclude if agreement.quality else ()))
