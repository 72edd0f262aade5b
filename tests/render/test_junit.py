"""JUnit XML: a case for each rule and document, and only what was looked at has passed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

from sla_sync.diagnostics import Diagnostic
from sla_sync.render.junit import findings_as_junit
from tests.render.found import AGREEMENT, BOUND, ERROR, FOUND, NOTE, RULES, WARNING

DOCUMENTS = {AGREEMENT: "LeadSLA", "bindings/sf.yaml": "Binding", "targets.yaml": "Targets"}


def report(*found: Diagnostic, judged: bool = True, strict: bool = False) -> ET.Element:
    return ET.fromstring(findings_as_junit(found, DOCUMENTS, RULES, judged=judged, strict=strict))


def cases(root: ET.Element, file: str = AGREEMENT) -> dict[str, Any]:
    """Return what became of each rule in a document, by its code."""
    (suite,) = (each for each in root if each.get("name") == file)
    assert {case.get("classname") for case in suite} <= {file}
    return {str(case.get("name"))[:6]: case for case in suite}


def verdicts(root: ET.Element, file: str = AGREEMENT) -> dict[str, str]:
    return {code: case[0].tag if len(case) else "passed" for code, case in cases(root, file).items()}


def test_each_document_has_a_case_for_each_rule_that_looks_at_it() -> None:
    root = report()
    assert verdicts(root) == {"SLA100": "passed", "SLA102": "passed", "SLA203": "passed", "SLA503": "skipped"}
    assert verdicts(root, "bindings/sf.yaml") == {"SLA100": "passed", "SLA801": "passed"}
    assert verdicts(root, "targets.yaml") == {"SLA100": "passed"}


def test_an_error_is_a_failure_with_place_and_hint() -> None:
    failure = cases(report(*FOUND))["SLA102"][0]
    assert failure.get("message") == ERROR.message
    assert failure.get("type") == "error"
    assert failure.text == f"{AGREEMENT}:12:5: error SLA102: {ERROR.message} {ERROR.hint}"


def test_a_warning_fails_only_where_warnings_count() -> None:
    assert verdicts(report(WARNING))["SLA203"] == "system-out"
    assert verdicts(report(WARNING, strict=True))["SLA203"] == "failure"


def test_rules_that_could_not_look_are_skipped_and_not_passed() -> None:
    assert verdicts(report(judged=False)) == {
        "SLA100": "passed",
        "SLA102": "skipped",
        "SLA203": "skipped",
        "SLA503": "skipped",
    }


def test_the_numbers_add_up() -> None:
    root = report(*FOUND)
    found = root.findall(".//testcase")
    assert int(str(root.get("tests"))) == len(found) == sum(int(str(suite.get("tests"))) for suite in root)
    assert int(str(root.get("failures"))) == len(root.findall(".//failure")) == 2
    assert int(str(root.get("skipped"))) == len(root.findall(".//skipped")) == 1


def test_a_finding_in_a_file_that_is_part_of_a_document_is_shown() -> None:
    assert verdicts(report(NOTE), "two words/é.yaml") == {"SLA103": "system-out"}


def test_findings_about_a_binding_stand_with_the_binding() -> None:
    root = report(BOUND)
    assert verdicts(root, "bindings/sf.yaml")["SLA801"] == "failure"
    assert "SLA801" not in verdicts(root)


def test_no_text_breaks_the_report() -> None:
    hostile = replace(ERROR, message='"]]></failure>\x00\x1b\ud800 & <x>\n')
    failure = cases(report(hostile))["SLA102"][0]
    assert "]]></failure>" in str(failure.get("message"))
    assert "\x1b" not in str(failure.text)
