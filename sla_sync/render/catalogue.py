"""The rules themselves as text, Markdown and JSON: what each means, why it is there, a bad and a good example."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sla_sync.conventions import FORMAT_VERSION
from sla_sync.lint.remarks import Needs, Rule
from sla_sync.render.words import count

_WIDTH = 100
_CHAPTERS: Mapping[str, str] = {
    "SLA1": "Documents",
    "SLA20": "Stages",
    "SLA21": "Stages",
    "SLA25": "Scoring",
    "SLA26": "Scoring",
    "SLA3": "Commitments",
    "SLA4": "Time",
    "SLA5": "Reasons and routing",
    "SLA6": "Goal and feasibility",
    "SLA7": "Governance",
    "SLA8": "Bindings and platforms",
    "SLA9": "Data and safety",
}
"""The beginning of a code → what its rules are about."""

_NEEDS: Mapping[Needs, str] = {
    Needs.READING: "Found while a document is read.",
    Needs.DOCUMENT: "Found by looking across the documents.",
    Needs.LIVE: "Needs what a platform holds.",
    Needs.HISTORY: "Needs the history of leads.",
    Needs.CHANGE: "Needs two versions of the agreement.",
}

_BESIDES: Mapping[Needs, str] = {Needs.HISTORY: "The history of leads finds more of it."}

_HEAD = """\
# Rules

What `sla-sync validate` looks for; `sla-sync rules CODE` shows one. An error stops every command that writes. A warning
wants a cure or an entry under `accepted`; `--strict` makes it count like an error. A note is for your information; what an
agreement leaves out, and may, is never more than that in a draft. What needs the history of leads is found by
`sla-sync forecast`, and by `validate` and `review` with `--history DIR`.

This page is written by `sla-sync rules --format markdown`.
"""


def in_order(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return one rule for each code, by code; a code may have several checks, and the first tells what it means."""
    first: dict[str, Rule] = {}
    for rule in rules:
        first.setdefault(rule.code, rule)
    return tuple(first[code] for code in sorted(first))


def rules_as_text(rules: Sequence[Rule]) -> str:
    """Return one line for each rule, by chapter."""
    lines = []
    for chapter, inside in _chapters(rules):
        lines += [f"{chapter}", *(f"  {rule.code}  {rule.severity:<11}  {rule.meaning}" for rule in inside), ""]
    return "\n".join([*lines, f"{count(len(rules), 'rule')}. Explain one with: sla-sync rules {rules[0].code}"])


def rule_as_text(rule: Rule) -> str:
    """Return everything about one rule."""
    lines = [f"{rule.code} ({rule.severity}): {rule.meaning}", _found(rule)]
    if rule.because:
        lines += ["", *textwrap.wrap(f"Because: {rule.because}", _WIDTH)]
    for title, example in _examples(rule):
        lines += ["", f"{title}:", textwrap.indent(example, "    ")]
    return "\n".join(lines)


def rule_as_markdown(rule: Rule, *, level: int = 1) -> str:
    """Return everything about one rule, below a heading of this level."""
    lines = [f"{'#' * level} {rule.code}", "", f"**{str(rule.severity).capitalize()}.** {_inline(rule.meaning)}"]
    lines += ["", f"{_inline(rule.because)} {_found(rule)}".strip()]
    for title, example in _examples(rule):
        lines += ["", f"{title}:", "", "```yaml", example, "```"]
    return "\n".join(lines)


def rules_as_markdown(rules: Sequence[Rule]) -> str:
    """Return the page of the documentation: a table of all rules, and each by itself."""
    parts = [_HEAD]
    for chapter, inside in _chapters(rules):
        rows = [
            f"| [{rule.code}](#{rule.code.lower()}) | {rule.severity} | {_inline(rule.meaning)} |" for rule in inside
        ]
        parts.append("\n".join([f"## {chapter}", "", "| code | severity | meaning |", "|---|---|---|", *rows]))
        parts.append("")
        parts += [rule_as_markdown(rule, level=3) + "\n" for rule in inside]
    return "\n".join(parts).rstrip()


def rules_as_json(rules: Iterable[Rule]) -> str:
    """Return the rules as JSON with a `format_version`."""
    plain = [rule_as_plain(rule) for rule in rules]
    return json.dumps({"format_version": FORMAT_VERSION, "rules": plain}, indent=2, ensure_ascii=False)


def rule_as_plain(rule: Rule) -> Mapping[str, str]:
    """Return one rule as JSON can say it."""
    return {
        "code": rule.code,
        "severity": str(rule.severity),
        "meaning": rule.meaning,
        "because": rule.because,
        "bad": rule.bad,
        "good": rule.good,
        "needs": str(rule.needs),
    }


def _found(rule: Rule) -> str:
    """Return by what a rule finds what it finds."""
    return f"{_NEEDS[rule.needs]} {_BESIDES.get(rule.besides, '') if rule.besides else ''}".strip()


def _inline(text: str) -> str:
    """Return a sentence of ours for Markdown; its back quotes mark code there as everywhere."""
    return text.replace("|", "\\|").replace("<", "\\<")


def _examples(rule: Rule) -> Iterator[tuple[str, str]]:
    for title, example in (("Bad", rule.bad), ("Good", rule.good)):
        if example:
            yield title, textwrap.dedent(example).strip("\n")


def _chapters(rules: Iterable[Rule]) -> Iterator[tuple[str, list[Rule]]]:
    chapters: dict[str, list[Rule]] = {}
    for rule in rules:
        title = next((title for begin, title in _CHAPTERS.items() if rule.code.startswith(begin)), "Others")
        chapters.setdefault(title, []).append(rule)
    yield from chapters.items()
