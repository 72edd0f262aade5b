"""SLA102: what is referred to must be defined, in sections, in conditions, and in what the bindings bind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sla_sync.agreement.expressions import terms_in
from sla_sync.agreement.expressions.events import Enters, Leaves
from sla_sync.agreement.expressions.measures import Complete, CountOf, CountOfEvents, Effort, StageRate, SumOf
from sla_sync.agreement.expressions.tree import AtLeast, Expression, InGroup, Is, ScoreReaches
from sla_sync.agreement.findings import did_you_mean
from sla_sync.agreement.quantities import UNDECIDED
from sla_sync.agreement.sections.reading import Written
from sla_sync.diagnostics import KeyPath, Severity, spell
from sla_sync.lint.mentions import Mention, mentions
from sla_sync.lint.remarks import Case, Remark, Rule
from sla_sync.lint.vocabulary import Kind, vocabulary

_VALUES_OF: Mapping[str, Kind] = {
    "source": Kind.SOURCE,
    "stage": Kind.STAGE,
    "priority": Kind.PRIORITY,
    "team": Kind.TEAM,
    "segment": Kind.SEGMENT,
}


def dangling_in_agreement(case: Case) -> Iterator[Remark]:
    """Yield every word of the agreement that it refers to and does not define."""
    words = vocabulary(case.agreement)
    for mention in mentions(case.agreement):
        if mention.word != str(UNDECIDED):
            yield from _dangling(mention, words)
    divisions = {name: frozenset(parts) for name, parts in case.agreement.segments.items()}
    for path, value in case.leaves:
        text = value.text if isinstance(value, Written) else str(value)
        meaning = value.value if isinstance(value, Written) else value
        for word, kind in _words_in(meaning, divisions):
            known = divisions[kind] if kind in divisions else words[Kind(kind)]
            if word not in known:
                yield _in_text(path, text, word, kind, known)


def dangling_in_bindings(case: Case) -> Iterator[Remark]:
    """Yield every word that a binding takes for agreed and the agreement does not define."""
    words = vocabulary(case.agreement)
    name = case.agreement.metadata.name
    for document, binding in case.bindings.items():
        if binding.metadata.agreement != name:
            yield Remark(
                f"The binding is for '{binding.metadata.agreement}', and the agreement is '{name}'.",
                ("metadata", "agreement"),
                f"Write `agreement: {name}`.",
                document,
            )
        bound: Mapping[KeyPath, tuple[Mapping[str, object], Kind]] = {
            ("stages",): (binding.stages, Kind.STAGE),
            ("sources", "values"): (binding.sources.values, Kind.SOURCE),
            ("modes",): (binding.modes, Kind.COMMITMENT),
            ("held_by",): (binding.held_by, Kind.SECTION),
            ("teams",): (binding.teams, Kind.TEAM),
            ("queues",): (binding.queues, Kind.QUEUE),
            ("hooks",): (binding.hooks, Kind.HOOK),
        }
        for path, (entries, kind) in bound.items():
            for word in entries:
                yield from _dangling(Mention((*path, word), word, (kind,), at_key=True), words, document)


def _dangling(mention: Mention, words: Mapping[Kind, frozenset[str]], document: str | None = None) -> Iterator[Remark]:
    known = frozenset().union(*(words[kind] for kind in mention.kinds))
    if mention.word in known:
        return
    at = spell(mention.path[:-1] if mention.at_key else mention.path)
    kinds = " or ".join(kind for kind in mention.kinds if words[kind] or len(mention.kinds) == 1) or mention.kinds[0]
    yield Remark(
        f"`{at}` names '{mention.word}', which is not a {kinds} of the agreement.",
        mention.path,
        did_you_mean(mention.word, known) or f"Define a {mention.kinds[0]} '{mention.word}', or name another.",
        document,
        at_key=mention.at_key,
    )


def _in_text(path: KeyPath, text: str, word: str, kind: str, known: frozenset[str]) -> Remark:
    found = re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text)
    return Remark(
        f"`{spell(path)}` names '{word}', which is not a {kind} of the agreement.",
        path,
        did_you_mean(word, known) or f"Define a {kind} '{word}', or name another.",
        offset=found.start() if found else 0,
    )


def _words_in(meaning: object, divisions: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, str]]:
    """Yield the words that a condition, measure or event refers to, with the kind or the division they must be of."""
    match meaning:
        case Enters(stage) | Leaves(stage):
            yield stage, Kind.STAGE
        case CountOf(stage, where=where) | SumOf(stage=stage, where=where):
            yield stage, Kind.STAGE
            yield from _words_in(where, divisions)
        case StageRate(start, end, where=where):
            yield start, Kind.STAGE
            yield end, Kind.STAGE
            yield from _words_in(where, divisions)
        case CountOfEvents(event, where):
            yield from _words_in(event, divisions)
            yield from _words_in(where, divisions)
        case Effort(before=before, of=of):
            if before is not None:
                yield before, Kind.REASON
            yield from _words_in(of, divisions)
        case Complete(group, stage):
            yield group, Kind.GROUP
            yield stage, Kind.STAGE
        case _ if isinstance(meaning, Expression):
            for term in terms_in(meaning):
                yield from _words_of_term(term, divisions)


def _words_of_term(term: Expression, divisions: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, str]]:
    match term:
        case Is(field, values) if field in divisions:
            yield from ((value, field) for value in values)
        case Is(field, values) if field in _VALUES_OF:
            yield from ((value, _VALUES_OF[field]) for value in values)
        case InGroup(group=group) | AtLeast(group=group):
            yield group, Kind.GROUP
        case ScoreReaches(model) if model is not None:
            yield model, Kind.MODEL
        case _:
            return


def dangling(case: Case) -> Iterator[Remark]:
    """Yield every word of the agreement and of its bindings that nothing defines."""
    yield from dangling_in_agreement(case)
    yield from dangling_in_bindings(case)


RULES: tuple[Rule, ...] = (
    Rule(
        "SLA102",
        Severity.ERROR,
        "Every word that is referred to is defined.",
        dangling,
        because="A promise by a role that nobody has, or about a stage that does not exist, binds nobody.",
        bad="stages: {won: {means: Signed., accountable: vp_sale, end: won}}",
        good="stages: {won: {means: Signed., accountable: vp_sales, end: won}}",
    ),
)
