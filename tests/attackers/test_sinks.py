"""What others write stays text wherever it ends: queries, formulas, files, requests, terminals, tables, sheets and logs.

Reports for a browser are judged in tests/render/test_html.py and, in a browser, by tests/browser.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from markdown_it import MarkdownIt

from sla_sync.cli import complain
from sla_sync.cli.options import answer
from sla_sync.connector import Checkup, Standing
from sla_sync.diagnostics import Diagnostic, Location, Severity
from sla_sync.errors import SlaSyncError
from sla_sync.reconcile.drift import Drift
from sla_sync.reconcile.plan import Plan, make_plan
from sla_sync.reconcile.settings import Address, Desired, Gap, Live, Snapshot, Translation, Unreadable
from sla_sync.render.diagnostics import escape, findings_as_json, findings_as_markdown, findings_as_text
from sla_sync.render.doctor import checkups_as_markdown, checkups_as_text
from sla_sync.render.drift import drift_as_markdown, drift_as_text
from sla_sync.render.github import findings_as_github
from sla_sync.render.junit import cases_as_junit, failed
from sla_sync.render.notice import harmless
from sla_sync.render.pack.rows import as_csv
from sla_sync.render.plan import plan_as_json, plan_as_markdown, plan_as_text
from sla_sync.render.sarif import findings_as_sarif
from sla_sync.render.words import visible
from sla_sync.testing.memory import TYPES
from sla_sync_hubspot.client import segment_of
from sla_sync_hubspot.translate.custom_code import program, source_code
from sla_sync_salesforce.markup import from_xml, read_xml, to_xml
from sla_sync_salesforce.simulator.formulas import reading as formulas
from sla_sync_salesforce.simulator.queries import soql
from sla_sync_salesforce.soap import envelope
from sla_sync_salesforce.soql import literal, one_of, select
from sla_sync_salesforce.translate.formulas import UnsayableError, quoted
from tests.attackers.payloads import PAYLOADS, SPREADSHEET
from tests.haste import examples
from tests.render.test_drift import FLOW, NIGHT

EVERY = "\n".join(PAYLOADS.values())
DUE = Address("Field", "due")


def test_a_text_in_a_query_is_one_literal_of_it() -> None:
    for text in (*PAYLOADS.values(), EVERY):
        asked = soql.parse(select("Id", "Lead", f"Name = {literal(text)} AND {one_of('Company', [text])}", "LIMIT 1"))
        shown = repr(asked.where)
        assert shown.count(repr(text)) == 2, shown
        assert (asked.table, asked.limit, shown.count("Literal(")) == ("Lead", 1, 2)


@settings(max_examples=examples(60), deadline=None)
@given(st.text(st.sampled_from("'\\nru0041\" \n\r\t{}:%_"), max_size=12))
def test_any_text_in_a_query_is_one_literal_of_it(text: str) -> None:
    where = soql.parse(select("Id", "Lead", f"Name = {literal(text)}")).where
    assert where == soql.Comparison("Name", "=", (soql.Literal("string", text),))


def test_a_text_in_a_formula_is_one_literal_of_it_or_is_refused() -> None:
    for text in (*PAYLOADS.values(), 'x\\"', "\\", '"', '\\\\"'):
        try:
            said = quoted(text)
        except UnsayableError:
            assert any(letter < " " for letter in text)
            continue
        (only,) = formulas.parse(said).scan_values(lambda _: True)
        assert re.sub(r"\\(.)", r"\1", str(only)[1:-1]) == text


def test_a_text_in_a_file_of_metadata_and_in_an_envelope_is_one_text_of_it() -> None:
    for text in PAYLOADS.values():
        if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", text):
            with pytest.raises(ValueError, match="control character"):
                to_xml("CustomField", {"label": text})
            continue
        file = to_xml("CustomField", {"label": text})
        assert from_xml(file) == ("CustomField", {"label": text})
        asked = read_xml(envelope("listMetadata", {"queries": [{"type": text}], "asOfVersion": "63.0"}, text))
        texts = [each.text for each in asked.iter() if each.text and not len(each)]
        assert texts == [text, text, "63.0"]


@settings(max_examples=examples(60), deadline=None)
@given(st.text(st.sampled_from("./\\?#%2eF@:;& \n\u202ea"), max_size=6))
def test_a_name_in_an_address_is_one_step_of_it(text: str) -> None:
    if text in {"", ".", ".."}:
        return
    parts = urlsplit(f"https://api.example/properties/{segment_of(text)}/end")
    assert (parts.netloc, parts.query, parts.fragment) == ("api.example", "", "")
    assert [unquote(each) for each in parts.path.split("/")] == ["", "properties", text, "end"]


@pytest.mark.parametrize("text", ["", ".", ".."])
def test_a_name_that_is_a_step_to_elsewhere_is_no_name(text: str) -> None:
    with pytest.raises(SlaSyncError, match="cannot be the name"):
        segment_of(text)


def test_a_text_in_the_code_of_a_workflow_is_a_text_of_its_data() -> None:
    _, data, rest = source_code({"name": EVERY}).split("\n", 2)
    assert json.loads(data.removeprefix("const DATA = ").removesuffix(";")) == {"name": EVERY}
    assert data.isascii()
    assert rest == program()


def finding(text: str) -> Diagnostic:
    """Return a finding in which everything that a document may say says this."""
    return Diagnostic("SLA102", Severity.ERROR, text, ("stages", text), Location("acme.yaml", 1, 1), text)


def a_plan(text: str) -> Plan:
    """Return a plan in which everything that a platform or a document may say says this."""
    other = Address("Segment", text)
    desired = (Desired(DUE, {"label": text}, origins={(): ("stages", text)}), Desired(other, {"filter": text}))
    live = {DUE: Live(DUE, {"label": f"{text}!"}, managed=True, changed_by=text)}
    unread = {other: Unreadable(other, text)}
    gaps = (Gap("layout", text, text),)
    return make_plan(
        Translation(desired, gaps), Snapshot(live, unreadable=unread), TYPES, target="org", agreement="a",
        agreement_digest="d",
    )  # fmt: skip


def an_audit(text: str) -> Drift:
    """Return an audit in which everything that a platform may say says this."""
    found = replace(FLOW, address=Address("Flow", text), live=text, who=text, what=text, sentence=text, note=text)
    return replace(NIGHT, findings=(found,), title=text, notes=(text,))


def checkups(text: str) -> tuple[Checkup, ...]:
    return (Checkup(text, Standing.MISSING, text, text),)


def _complained(text: str) -> str:
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stderr", said)
        complain(SlaSyncError(text, hint=text))
    return said.getvalue()


TEXTS: Mapping[str, Callable[[str], str]] = {
    "findings": lambda text: findings_as_text([finding(text)]),
    "a plan": lambda text: plan_as_text(a_plan(text), full=True),
    "an audit": lambda text: drift_as_text(an_audit(text)),
    "what was examined": lambda text: checkups_as_text(text, checkups(text)),
    "an error": _complained,
    "a message": lambda text: harmless(text).replace("\N{WORD JOINER}", ""),
}
MARKDOWN: Mapping[str, Callable[[str], str]] = {
    "findings": lambda text: findings_as_markdown([finding(text)]),
    "a plan": lambda text: plan_as_markdown(a_plan(text)),
    "an audit": lambda text: drift_as_markdown(an_audit(text)),
    "what was examined": lambda text: checkups_as_markdown("org", checkups(text)),
    "a cell": lambda text: f"| a |\n| --- |\n| {escape(text)} |\n",
}
RUNNER = re.compile(r"^\s*::|##\[", re.MULTILINE)
"""What GitHub's runner takes for a command in the log of a step (actions/runner, ActionCommand)."""


@pytest.mark.parametrize("sink", TEXTS)
def test_nothing_in_a_text_steers_a_terminal_or_the_workflow_in_whose_log_it_stands(sink: str) -> None:
    for text in (*PAYLOADS.values(), EVERY):
        said = TEXTS[sink](text)
        assert not [letter for letter in said if not letter.isprintable() and letter != "\n"]
        assert not RUNNER.search(said), said


@pytest.mark.parametrize("sink", MARKDOWN)
def test_nothing_in_markdown_becomes_a_link_a_picture_an_element_or_another_cell(sink: str) -> None:
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")

    def shape(text: str) -> list[str]:
        flat = [part for each in parser.parse(MARKDOWN[sink](text)) for part in (each, *(each.children or ()))]
        return [each.type for each in flat if each.type != "text" and each.content != "<!-- -->"]

    for name, text in PAYLOADS.items():
        found = shape(text)
        assert not {"link_open", "image", "html_inline", "html_block"} & set(found), name
        assert [each for each in found if each.startswith(("t", "h"))] == [
            each for each in shape("plain") if each.startswith(("t", "h"))
        ], name


CALLS = (
    "@somebody", "ask @org/team, please", "(@all)", "#12", "org/repo#12", "GH-12", "gh-7", "!34", "https://evil.example/x", "HTTP://x.y",
    "www.evil.example", "mailto:a@b.example", "a@b.example", "ftp://x.y/z", "xmpp:a@b",
)  # fmt: skip
MENTION = re.compile(r"@\w|[#!]\d|\bGH-\d|\b(?:https?|ftp|mailto|xmpp):|\bwww\.", re.IGNORECASE)
"""What the hosts of code make a mention or a link of, where it stands in one text (GitHub Docs, "Autolinked references")."""


@pytest.mark.parametrize("sink", MARKDOWN)
def test_nobody_is_called_and_nothing_is_linked_by_what_markdown_shows(sink: str) -> None:
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    for text in CALLS:
        flat = [part for each in parser.parse(MARKDOWN[sink](text)) for part in each.children or ()]
        assert not [part.content for part in flat if part.type == "text" and MENTION.search(part.content)], text
        assert text in "".join(part.content for part in flat if part.type == "text"), text


def test_json_on_a_terminal_says_by_numbers_what_would_steer_it(capsys: pytest.CaptureFixture[str]) -> None:
    for text in (*PAYLOADS.values(), EVERY, "\x7f\x80\x9f\u2029"):
        answer(json.dumps({"label": text}, indent=2, ensure_ascii=False))
        said = capsys.readouterr().out
        assert json.loads(said) == {"label": text}
        assert not [letter for letter in said if not letter.isprintable() and letter != "\n"]
        assert not RUNNER.search(said), said


def test_a_cell_of_markdown_holds_the_whole_text() -> None:
    for text in PAYLOADS.values():
        parsed = MarkdownIt("commonmark").enable("table").parse(f"| a |\n| --- |\n| {escape(text)} |\n")
        *_, cell = (each for each in parsed if each.type == "inline")
        shown = "".join(part.content for part in cell.children or () if part.content != "<!-- -->")
        assert shown.split() == visible(text).split()


def test_an_annotation_ends_where_its_finding_ends() -> None:
    for text in (*PAYLOADS.values(), EVERY):
        said = findings_as_github([finding(text)]).splitlines()
        assert len(said) == 2
        assert re.fullmatch(r"::error file=acme\.yaml,line=1,col=1,title=[^:,]*::[^\r\n]*", said[0]), said[0]


def test_a_finding_in_a_file_for_other_programs_is_read_back_as_it_was() -> None:
    for text in (*PAYLOADS.values(), EVERY):
        found = [finding(text)]
        assert json.loads(findings_as_json(found))["findings"][0]["message"] == text
        assert json.loads(plan_as_json(a_plan(text)))["gaps"][0]["advice"] == text
        (only,) = json.loads(findings_as_sarif(found, (), version="1"))["runs"][0]["results"]
        assert only["ruleId"] == "SLA102"
        report = etree.fromstring(cases_as_junit({text: [failed(text, text, text)]}).encode())
        assert [each.tag for each in report.iter()] == ["testsuites", "testsuite", "testcase", "failure"]


def test_no_cell_of_a_sheet_is_a_formula() -> None:
    rows = [[text, f" {text}", 1.5, None] for text in PAYLOADS.values()]
    for row in list(csv.reader(io.StringIO(as_csv(("a", "b", "c", "d"), rows).decode("utf-8-sig"))))[1:]:
        assert len(row) == 4
        assert not [cell for cell in row if cell.lstrip().startswith(SPREADSHEET)], row
