"""Conditions mean the same to the model and to the evaluator by which the reasoning of the rules is proved."""

from dataclasses import dataclass

from hypothesis import given, settings

from sla_sync.agreement.durations import Duration
from sla_sync.agreement.expressions.tree import Expression
from sla_sync.agreement.reasoning import Domain
from sla_sync.semantics.choices import first_match
from sla_sync.semantics.expressions import Value, holds
from tests.agreement import test_reasoning_laws as rules
from tests.haste import examples


@dataclass(frozen=True)
class Someone:
    """One of the crowd of the rules' own tests, as the model asks for it."""

    person: rules.Someone
    domain: Domain

    def value(self, field: str) -> Value | None:
        """Return what a field holds."""
        parts = self.domain.first_match.get(field)
        return first_match(parts, self) if parts is not None else self.person.fields.get(field)

    def times_done(self, verb: str, done: str, within: Duration | None) -> int:
        """Return how often it was done."""
        return sum(age <= rules.DAYS[within] for age in self.person.done.get(f"did {verb} {done}", []))

    def members(self, group: str) -> tuple[str | Expression, ...]:
        """Return the members of a group."""
        return self.domain.groups[group]

    def reaches(self, model: str | None) -> bool:
        """Return whether the one threshold, 100, is reached."""
        score = self.person.fields.get("score")
        return model is None and isinstance(score, float) and score >= 100


@settings(max_examples=examples(60), deadline=None, derandomize=True)
@given(rules.EXPRESSIONS, rules.DOMAINS, rules.SEEDS)
def test_a_condition_holds_in_the_model_where_it_holds_for_the_rules(
    condition: Expression, domain: Domain, seed: int
) -> None:
    for person in rules.crowd(seed):
        assert holds(condition, Someone(person, domain)) is rules.holds(condition, person, domain)
