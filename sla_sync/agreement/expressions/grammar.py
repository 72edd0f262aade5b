"""The grammar of expressions, measures and events, in the notation of lark.

A keyword is one only where the grammar expects it, so that a value may be called `web` as well as `first`. A list of
values takes every `or` that follows it. The grammar therefore lets such a list stand only at the end of a chain of
`or`, and asks for parentheses everywhere else.
"""

from __future__ import annotations

from sla_sync.agreement.durations import Unit

KEYWORDS = (
    "account", "and", "at", "before", "booked", "business", "changes", "complete", "contains", "count", "did", "ends",
    "enters", "first", "in", "is", "known", "last", "least", "leaves", "manual", "meeting", "not", "of", "once", "or",
    "per", "reaches", "score", "starts", "sum", "threshold", "to", "unknown", "where", "with", "within",
)  # fmt: skip

WORDS = ("AMOUNT", "FIELD", "GROUP", "NAME", "OBJECT", "REASON", "STAGE", "SUBJECT", "TEXT", "VALUE", "VERB")
"""Terminals that take any one word; they differ only in what the word is meant to be."""

_RULES = r"""
expression: _expr
measure: count | sum | stage_rate | effort | complete | manual
event: subject

_expr: _term | all | any
all: _term (AND _term)+
any: (_closed OR)+ _term
_term: _closed | _open
_closed: compare | known | text | in_group | score | did | at_least | closed_not | "(" _expr ")"
_open: is_value | open_not
closed_not: NOT _closed
open_not: NOT _open

is_value: field IS NOT? VALUE (OR VALUE)*
compare: field COMPARISON NUMBER
known: field IS (KNOWN | UNKNOWN)
text: field (CONTAINS | STARTS WITH | ENDS WITH) TEXT
in_group: field IS NOT? IN GROUP
score: FIELD? SCORE REACHES THRESHOLD
did: DID NOT? VERB OBJECT (WHOLE TIMES)? (IN LAST duration)?
at_least: AT LEAST WHOLE OF GROUP
field: FIELD | SCORE

count: COUNT OF FIRST? subject where? (ONCE PER ACCOUNT IN duration)?
sum: SUM OF AMOUNT OF STAGE where?
stage_rate: NAME TO STAGE WITHIN duration where?
effort: need (AND need)* (BEFORE REASON (WITHIN duration)? | WITHIN duration OF subject)
complete: COMPLETE GROUP AT STAGE
manual: MANUAL
need: NAME COMPARISON NUMBER
where: WHERE _expr
subject: SUBJECT | SUBJECT CHANGES | (ENTERS | LEAVES) STAGE | MEETING BOOKED

duration: WHOLE BUSINESS? UNIT | ISO
COMPARISON: />=|<=|!=|=|<|>/
%ignore /\s+/
"""
_END_OF_WORD = r"(?=[\s()<>=!]|$)"
_WORD = r"""[^\s()<>=!,\[\]{}"'][^\s()<>=!,\[\]{}"]*"""
_NUMBERS = {
    "NUMBER": r"[-+]?[0-9]+(?:\.[0-9]+)?",
    "WHOLE": "[0-9]+",
    "ISO": "P[0-9T][0-9A-Z]*",
    "TIMES": "times?",
    "UNIT": f"(?:{'|'.join(Unit)})s?",
}


def grammar() -> str:
    """Return all of it."""
    keywords = [f"{each.upper()}.2: /{each}{_END_OF_WORD}/" for each in KEYWORDS]
    numbers = [f"{name}.1: /{pattern}{_END_OF_WORD}/" for name, pattern in _NUMBERS.items()]
    words = [f"{name}: /{_WORD}/" for name in WORDS]
    return "\n".join([_RULES, *keywords, *numbers, *words, ""])
