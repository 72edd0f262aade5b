"""Findings as JUnit XML, one test case for each rule and document, for the test reports of a CI server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from xml.sax.saxutils import escape, quoteattr

from sla_sync.diagnostics import Diagnostic, Severity
from sla_sync.lint.remarks import Needs, Rule
from sla_sync.render.words import visible

_EVERYWHERE = "9"
"""The hundred of rules that look at every document."""
_BINDINGS = "8"
_UNJUDGED = "The agreement cannot be read, so nothing that looks across it was judged."
_ELSEWHERE: Mapping[Needs, str] = {
    Needs.LIVE: "Needs what a platform holds.",
    Needs.HISTORY: "Needs the history of leads.",
    Needs.CHANGE: "Needs two versions of the agreement.",
}


def findings_as_junit(
    diagnostics: Iterable[Diagnostic],
    documents: Mapping[str, str],
    rules: Sequence[Rule],
    *,
    judged: bool,
    strict: bool = False,
) -> str:
    """Return a report in which an error is a failure, and with `strict` a warning too.

    `documents` are files with their kinds. Where nothing was `judged` because the agreement cannot be read, rules that
    look across it are skipped and not passed; so are those that need what was not given.
    """
    by_file: dict[str, list[Diagnostic]] = {file: [] for file in documents}
    for each in diagnostics:
        by_file.setdefault(each.location.file if each.location else next(iter(documents), ""), []).append(each)
    suites = {
        file: tuple(_cases(_rules_of(documents.get(file), rules), about, judged=judged, strict=strict))
        for file, about in by_file.items()
    }
    return cases_as_junit(suites)


def cases_as_junit(suites: Mapping[str, Sequence[Case]]) -> str:
    """Return a report of suites of test cases."""
    every = [case for cases in suites.values() for case in cases]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="sla-sync" {_counted(every)}>']
    for file, cases in suites.items():
        lines += [f"  <testsuite name={_attribute(file)} {_counted(cases)}>"]
        lines += [_as_xml(case, file) for case in cases]
        lines += ["  </testsuite>"]
    return "\n".join([*lines, "</testsuites>"])


class Verdict(StrEnum):
    """What became of a test case."""

    PASSED = "passed"
    FAILED = "failure"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Case:
    """What became of one question, such as a rule in a document; `inside` is XML."""

    name: str
    verdict: Verdict = Verdict.PASSED
    inside: str = ""


def passed(name: str) -> Case:
    """Return a test case that passed."""
    return Case(name)


def failed(name: str, message: str, text: str = "") -> Case:
    """Return a test case that failed."""
    inside = f"<failure message={_attribute(message)}>{escape(visible(text))}</failure>"
    return Case(name, Verdict.FAILED, inside)


def case_of(name: str, found: Sequence[Diagnostic], *, strict: bool = False) -> Case:
    """Return a test case that failed where one of the findings stops; without findings it passed."""
    if not found:
        return passed(name)
    stopping = [each for each in found if _stops(each, strict=strict)]
    return Case(name, Verdict.FAILED if stopping else Verdict.PASSED, _told(found, stopping))


def _counted(cases: Sequence[Case]) -> str:
    failed, skipped = (sum(case.verdict is each for case in cases) for each in (Verdict.FAILED, Verdict.SKIPPED))
    return f'tests="{len(cases)}" failures="{failed}" errors="0" skipped="{skipped}"'


def _as_xml(case: Case, file: str) -> str:
    tag = f"    <testcase classname={_attribute(file)} name={_attribute(case.name)}"
    return f"{tag}>\n      {case.inside}\n    </testcase>" if case.inside else f"{tag}/>"


def _rules_of(kind: str | None, rules: Sequence[Rule]) -> Iterable[Rule]:
    """Return the rules that look at a kind of document; none of a file that is only a part of one."""
    for rule in rules:
        hundred = rule.code[3:4]
        of = {"Binding"} if hundred == _BINDINGS else {"LeadSLA"}
        if kind and (kind in of or hundred == _EVERYWHERE or rule.needs is Needs.READING):
            yield rule


def _cases(rules: Iterable[Rule], found: Sequence[Diagnostic], *, judged: bool, strict: bool) -> Iterator[Case]:
    known = {rule.code: rule for rule in rules}
    for code in dict.fromkeys([*known, *(each.code for each in found)]):
        rule = known.get(code)
        name = f"{code} {rule.meaning}" if rule else code
        about = [each for each in found if each.code == code]
        why = _unjudged(rule, judged=judged)
        if about:
            yield case_of(name, about, strict=strict)
        elif why:
            yield Case(name, Verdict.SKIPPED, f"<skipped message={_attribute(why)}/>")
        else:
            yield Case(name)


def _unjudged(rule: Rule | None, *, judged: bool) -> str:
    """Return why a rule said nothing without looking, or nothing where it looked."""
    if rule is None:
        return ""
    return _ELSEWHERE.get(rule.needs, "" if judged or rule.needs is Needs.READING else _UNJUDGED)


def _stops(found: Diagnostic, *, strict: bool) -> bool:
    return found.severity is Severity.ERROR or (strict and found.severity is Severity.WARNING)


def _told(about: Sequence[Diagnostic], stopping: Sequence[Diagnostic]) -> str:
    lines = escape("\n".join(_line(each) for each in about))
    if not stopping:
        return f"<system-out>{lines}</system-out>"
    first = stopping[0]
    return f"<failure message={_attribute(first.message)} type={_attribute(first.severity)}>{lines}</failure>"


def _line(found: Diagnostic) -> str:
    place = f"{found.location}: " if found.location else ""
    return visible(f"{place}{found.severity} {found.code}: {found.message} {found.hint}".rstrip())


def _attribute(text: str) -> str:
    return quoteattr(visible(text).replace("\n", " "))
