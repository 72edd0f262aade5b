"""A document of the previous version reads as it always did, and is rewritten word by word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.digest import meaning_digest
from sla_sync.agreement.findings import keys_of, models_at
from sla_sync.agreement.load import load_agreement, load_binding, load_targets
from sla_sync.agreement.schema import KINDS
from sla_sync.agreement.versions import RENAMINGS, Renaming
from sla_sync.authoring.rewriting import in_words_of_today
from sla_sync.diagnostics import Severity
from sla_sync.errors import DocumentError, SlaSyncError
from tests.agreement.documents import ROOT

OLD = """\
apiVersion: "sla-sync/v1beta1"            # the first version
kind: LeadSLA
metadata: {name: small, effective: {from: 2026-10-01}}
roles: {vp_marketing: {party: marketing}, vp_sales: {party: sales}}
'glossary': {touch: A call.}
stages:
  mql: {owner: vp_marketing, next: [sal]} # owner was its name
  sal: {owner: vp_sales, end: won}
tiers:                                    # first match wins
  hot: {when: source is demo}
sources: {demo: {}}
calendars: {office: {open: {mon-fri: 09:00-17:00}}}
commitments:
  response:
    by: vp_sales
    clock: {from: assigned, to: touch, runs_in: office}
    within: {hot: 15 business minutes}
    escalate:
      - {notify: [owner, vp_sales]}
"""
NEW = """\
apiVersion: "sla-sync/v1"            # the first version
kind: LeadSLA
metadata: {name: small, effective: {from: 2026-10-01}}
roles: {vp_marketing: {party: marketing}, vp_sales: {party: sales}}
'terms': {touch: A call.}
stages:
  mql: {accountable: vp_marketing, next: [sal]} # owner was its name
  sal: {accountable: vp_sales, end: won}
priorities:                                    # first match wins
  hot: {when: source is demo}
sources: {demo: {}}
calendars: {office: {open: {mon-fri: 09:00-17:00}}}
commitments:
  response:
    by: vp_sales
    clock: {starts: assigned, stops: touch, runs_in: office}
    within: {hot: 15 business minutes}
    on_breach:
      - {notify: [owner, vp_sales]}
"""


def written(folder: Path, text: str, name: str = "agreement.yaml") -> Path:
    path = folder / name
    path.write_bytes(text.encode("utf-8"))
    return path


def upgraded(path: Path) -> str:
    (only,) = in_words_of_today([path])
    return only.new


def test_only_the_words_change_that_have_another_name(tmp_path: Path) -> None:
    assert upgraded(written(tmp_path, OLD)) == NEW


def test_line_ends_stay(tmp_path: Path) -> None:
    path = written(tmp_path, OLD.replace("\n", "\r\n"))
    assert upgraded(path) == NEW.replace("\n", "\r\n")


def test_an_old_document_means_what_its_rewritten_text_means(tmp_path: Path) -> None:
    before, after = (
        load_agreement(written(tmp_path, text, name), root=tmp_path).value
        for text, name in ((OLD, "old.yaml"), (NEW, "new.yaml"))
    )
    assert before is not None
    assert after is not None
    assert meaning_digest(before, ()) == meaning_digest(after, ())


def test_an_old_document_is_read_with_one_warning_that_says_what_to_do(tmp_path: Path) -> None:
    (found,) = load_agreement(written(tmp_path, OLD), root=tmp_path).diagnostics
    assert (found.code, found.severity) == ("SLA109", Severity.WARNING)
    assert "sla-sync upgrade" in found.hint
    assert load_agreement(written(tmp_path, NEW), root=tmp_path).diagnostics == ()


def test_a_finding_about_an_old_word_has_the_place_of_the_old_word(tmp_path: Path) -> None:
    path = written(tmp_path, OLD.replace("from: assigned", "from: sometime"))
    found = load_agreement(path, root=tmp_path).diagnostics[-1]
    assert found.path == ("commitments", "response", "clock", "starts")
    assert found.location is not None
    assert (found.location.line, found.location.column) == (16, 19)


def test_an_old_word_in_a_document_of_today_is_an_unknown_key(tmp_path: Path) -> None:
    found = load_agreement(written(tmp_path, NEW.replace("priorities:", "tiers:")), root=tmp_path).diagnostics
    assert [each.code for each in found] == ["SLA101"]


def test_bindings_and_targets_of_the_previous_version_are_read_too(tmp_path: Path) -> None:
    binding = written(
        tmp_path,
        "apiVersion: sla-sync/v1beta1\nkind: Binding\nmetadata: {name: b, agreement: a, platform: hubspot}\n",
        "b.yaml",
    )
    targets = written(
        tmp_path,
        "apiVersion: sla-sync/v1beta1\nkind: Targets\ntargets:\n"
        "  org: {platform: hubspot, binding: b.yaml, agreements: [a.yaml], simulator: true}\n",
        "t.yaml",
    )
    bound = load_binding(binding, BindingDocument, root=tmp_path)
    named = load_targets(targets, root=tmp_path)
    assert bound.value is not None
    assert named.value is not None
    assert bound.value.metadata.connector == named.value.targets["org"].connector == "hubspot"
    assert [each.code for each in (*bound.diagnostics, *named.diagnostics)] == ["SLA109", "SLA109"]
    assert "{connector: hubspot, binding" in upgraded(targets)


def test_what_a_document_includes_is_rewritten_with_it(tmp_path: Path) -> None:
    head, _, stages = OLD.partition("stages:")
    (tmp_path / "parts").mkdir()
    part = written(tmp_path, f"stages:{stages}", "parts/stages.yaml")
    path = written(tmp_path, f"{head}include: parts/stages.yaml\n")
    new = {each.path: each.new for each in in_words_of_today([path])}
    assert new.keys() == {path, part}
    assert new[part] == f"stages:{NEW.partition('stages:')[2]}"


def test_a_document_of_today_stays_as_it_is(tmp_path: Path) -> None:
    assert in_words_of_today([written(tmp_path, NEW)]) == ()


def test_a_version_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SlaSyncError, match="sla-sync/v9"):
        in_words_of_today([written(tmp_path, NEW.replace("/v1", "/v9"))])


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as refused:
        in_words_of_today([written(tmp_path, "a: [1")])
    assert refused.value.diagnostics


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("'glossary'", '"gl\\x6fssary"'),
        ("{from: assigned, to: touch, runs_in: office}", "*clock"),
    ],
    ids=["a key with escapes", "one mapping in two places"],
)
def test_a_word_that_cannot_be_replaced_in_its_place_is_refused(tmp_path: Path, before: str, after: str) -> None:
    text = OLD.replace(before, after)
    if "*clock" in text:
        text = text.replace("{touch: A call.}", "&clock {from: assigned, to: touch, runs_in: office}")
    with pytest.raises(SlaSyncError) as refused:
        in_words_of_today([written(tmp_path, text)])
    assert refused.value.hint


@pytest.mark.parametrize("renaming", RENAMINGS, ids=lambda each: f"{each.kind}-{each.old}")
def test_every_new_name_is_a_key_of_the_language_and_no_old_one_is(renaming: Renaming) -> None:
    known = {key for model in models_at(KINDS[renaming.kind], renaming.within) for key in keys_of(model)}
    assert renaming.new in known
    assert renaming.old not in known


def test_the_documentation_lists_every_renaming() -> None:
    page = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (LeadSLA|Binding|Targets) \| `(.*)` \| `(.*)` \|$", page, re.MULTILINE)
    paths = [(each.kind, ".".join((*each.within, each.old)), ".".join((*each.within, each.new))) for each in RENAMINGS]
    assert rows == paths
