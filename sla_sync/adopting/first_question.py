"""What a first agreement asks, because it could not be read: on which condition a lead qualifies, with a line to begin from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sla_sync.adopting.draft import Draft
from sla_sync.adopting.guesses import Part, names_of
from sla_sync.connector import Survey
from sla_sync.lint.bindings import RESERVED

_LONGEST = 30
"""Characters of a name that is made of somebody's label."""


@dataclass(frozen=True)
class Question:
    """Into which stage a condition leads, the stage that counts meanwhile, and a condition that could stand there."""

    stage: str
    meanwhile: str
    example: str
    fields: Mapping[str, str]
    """Word of the example → the platform's field, which the binding names already."""

    @property
    def line(self) -> str:
        """The line of the stage as it would be written."""
        return f"enter_when: {self.example}"

    @property
    def asked(self) -> str:
        """The question in a sentence."""
        return f"On which condition does a lead enter {self.stage}? It could not be read."

    @property
    def because(self) -> str:
        """What is so while nobody answers."""
        return f"Until `enter_when` says it, a cycle opens in {self.meanwhile}; say it before a mode is raised."


def question_of(draft: Draft) -> Question | None:
    """Return what is to be asked, or None where leads begin in the stage that is handed over, and need no condition."""
    start = next((each for each in draft.stages if each.part is Part.EARLY), None)
    if start is None:
        return None
    example, fields = _example(draft.survey)
    return Question(draft.qualified, start.name, example, fields)


def _example(survey: Survey) -> tuple[str, Mapping[str, str]]:
    for score in survey.scores:
        made = names_of([score.label])[0]
        word = made if made not in RESERVED and len(made) <= _LONGEST else "lead_score"
        return f"{word} >= 100", {word: score.field}
    for word, field in survey.fields.items():
        return f"{word} is known", {word: field}
    return "employees >= 200", {}


def comment(question: Question) -> Iterator[str]:
    """Yield the question as comments inside the stage, the last of which becomes a line once the mark before it is taken away."""
    yield f"    # {question.asked}"
    yield f"    # {question.because}"
    yield "    # For example:" if question.fields else "    # For example, with the field in the binding:"
    yield f"    # {question.line}"
