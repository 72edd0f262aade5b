"""What a repository holds beside an agreement: its other documents, files of holidays, minutes, and files of other tools."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache, partial
from pathlib import Path

import yaml

from sla_sync.agreement.holiday_files import read_holiday_files
from sla_sync.agreement.load import load_agreement
from sla_sync.agreement.signatures import Signature
from sla_sync.agreement.source import read_source
from sla_sync.authoring.signing import with_signature
from sla_sync.cli.comment import text_of as comment_in
from sla_sync.connector import Translation
from sla_sync.files import read_tree, write_into
from sla_sync.forge import github
from sla_sync.pipeline.build import prepare
from sla_sync.pipeline.code_owners import code_owners
from sla_sync.pipeline.look import binding_of, targets_about
from sla_sync.pipeline.minutes import last_minutes
from sla_sync.pipeline.validate import validate
from sla_sync.places import Place
from sla_sync.semantics.holidays import days_in
from sla_sync_salesforce.merging import merge_into
from sla_sync_salesforce.types import CONTAINERS
from tests.connectors.salesforce.example import acme
from tests.connectors.salesforce.test_merging import MANIFEST, ROOT
from tests.fuzz.foreign import CONFIGS, Foreign

TODAY = date(2026, 11, 1)
_HEAD = {"apiVersion": "sla-sync/v1", "agreement": "acme-inbound"}
_DIGEST, _LATER = "a" * 64, "b" * 64
_SIGNED = {
    "role": "vp_sales",
    "digest": _DIGEST,
    "version": "2026-10-01",
    "on": "2026-10-01",
    "evidence": "minutes/x.md",
}
_DISPUTED = {"lead": "L1", "commitment": "verdict", "because": "No.", "by": "vp_sales", "on": "2026-10-04"}
_LIVED_WITH = {
    "id": "D-a6b0be", "target": "salesforce-simulator", "address": "Flow/Close", "path": "isEnabled", "live": "a" * 64,
    "because": "By hand.", "by": "vp_sales", "on": "2026-09-30", "until": "2026-12-31",
}  # fmt: skip
_TOLD = {
    "apiVersion": "sla-sync/v1",
    "kind": "Channels",
    "channels": {
        "oncall": {"url": "SLACK_URL", "from": "breach", "quiet": {"hours": "22:00-06:00", "except": "breach"}},
        "digest": {"url": "TEAMS_URL", "from": "cosmetic", "heartbeat": "daily", "remind": "14 days"},
    },
}
_SIGNATURES = "acme/signatures.yaml"
_WRITTEN: Mapping[str, object] = {
    _SIGNATURES: {
        **_HEAD, "kind": "Signatures", "signed": [_SIGNED],
        "amended": [{"since": _DIGEST, "digest": _LATER, "needs": ["vp_marketing"], "on": "2026-10-02"}],
    },
    "acme/disputes.yaml": {**_HEAD, "kind": "Disputes", "disputes": [_DISPUTED]},
    "acme/exceptions.yaml": {**_HEAD, "kind": "Exceptions", "exceptions": [_LIVED_WITH]},
    "channels.yaml": _TOLD,
}  # fmt: skip
"""Documents that no example has."""
_DOCUMENTS: Mapping[str, str] = {
    "targets": "targets.yaml",
    "channels": "channels.yaml",
    "a binding to Salesforce": "acme/bindings/salesforce.yaml",
    "a binding to HubSpot": "acme/bindings/hubspot.yaml",
    "what is set up between platforms": "acme/sync.yaml",
    "what people vouch for": "acme/attestations.yaml",
    "signatures": _SIGNATURES,
    "exceptions": "acme/exceptions.yaml",
    "disputes": "acme/disputes.yaml",
}
OWNERS = {"vp_marketing": "@acme/marketing", "vp_sales": "@acme/sales", "revops": "@acme/revops"}


def _project(folder: Path, document: str) -> None:
    """Write the example with one document as JSON, which is YAML too, so that its tree can be made wrong."""
    shutil.copytree(CONFIGS / "acme", folder / "acme")
    shutil.copy(CONFIGS / "targets.yaml", folder)
    for name, said in _WRITTEN.items():
        (folder / name).write_text(json.dumps(said), encoding="utf-8")
    (folder / document).write_text(json.dumps(read_source(folder / document, root=folder).data), encoding="utf-8")


def _place(folder: Path) -> Place:
    return Place(folder / "acme/agreement.yaml", folder / "targets.yaml", folder / "state")


def _judged(folder: Path) -> object:
    documents = validate(_place(folder), today=TODAY)
    _ = documents.usable
    known = documents.targets.targets if documents.targets else {}
    for target in (known[name] for name in targets_about(documents)):
        prepare(documents, binding_of(documents, target), target.people)
    return documents


def _listed(folder: Path) -> None:
    _project(folder, "targets.yaml")
    said = yaml.safe_dump(_WRITTEN[_SIGNATURES], sort_keys=False)
    (folder / _SIGNATURES).write_text(f"# who signed what\n{said}# the end\n", encoding="utf-8")


def _added(folder: Path) -> object:
    documents = validate(_place(folder), today=TODAY)
    _ = documents.usable
    text = (folder / _SIGNATURES).read_bytes().decode("utf-8")
    return with_signature(text, Signature.model_validate({**_SIGNED, "role": "vp_marketing"}), file="signatures.yaml")


def _holidays(folder: Path) -> None:
    text = (CONFIGS / "acme/agreement.yaml").read_text(encoding="utf-8")
    (folder / "agreement.yaml").write_text(text.replace("holidays: [", "holidays: [{file: holidays.txt}, ", 1), "utf-8")
    (folder / "holidays.txt").write_text("# closed\n2026-12-25 Christmas\n2026-12-26\n", encoding="utf-8")


def _closed(folder: Path) -> object:
    loaded = load_agreement(folder / "agreement.yaml", root=folder)
    if loaded.value is None:
        return loaded.diagnostics
    content = (folder / "holidays.txt").read_bytes().decode("utf-8", "replace")
    found = read_holiday_files(loaded.value, folder)
    return found if found.findings else days_in(content)


def _minutes(folder: Path) -> None:
    (folder / "2026-10-05.md").write_text("# Review\n- [ ] Ana calls\n- [x] done\n", encoding="utf-8")


def _owners(folder: Path) -> None:
    _project(folder, "targets.yaml")
    targets = json.loads((folder / "targets.yaml").read_text(encoding="utf-8"))
    (folder / "targets.yaml").write_text(json.dumps({**targets, "code_owners": OWNERS}), encoding="utf-8")
    (folder / ".git").mkdir()
    (folder / "CODEOWNERS").write_text("# ours\n* @acme/everybody\n", encoding="utf-8")
    code_owners(_place(folder)).write()


def _comment(folder: Path) -> None:
    (folder / "comment.md").write_text("# What changes\n«verdict» für alle\n", encoding="utf-8")


def _event(folder: Path) -> None:
    (folder / "event.json").write_text(json.dumps({"action": "opened", "pull_request": {"number": 7}, "number": 7}))


def _asked(folder: Path) -> object:
    said = {"GITHUB_REPOSITORY": "o/r", "GITHUB_EVENT_PATH": os.fspath(folder / "event.json"), "GITHUB_TOKEN": "t" * 20}
    return github.from_environment(said, number=None, name="bot")


@cache
def _few() -> Translation:
    """Return all parts of the lists of the example, and of everything else the first of its type."""
    whole = acme()
    first = {each.address.type: each for each in reversed(whole.desired)}
    return replace(
        whole,
        desired=tuple(each for each in whole.desired if each.address.type in CONTAINERS or each in first.values()),
    )


@cache
def _merged() -> Mapping[str, bytes]:
    project = {"packageDirectories": [{"path": "force-app", "default": True}, {"path": "./other/"}]}
    return {**merge_into({}, _few(), MANIFEST), "sfdx-project.json": json.dumps(project).encode()}


def _merge(folder: Path) -> object:
    return merge_into(read_tree(folder), _few(), MANIFEST) or "nothing to do"


def _of_project(file: str, kind: str) -> Foreign:
    return Foreign(lambda folder: write_into(folder, _merged()), file, kind, _merge)


def _document(document: str) -> Foreign:
    write: Callable[[Path], None] = partial(_project, document=document)
    return Foreign(write, document, "json", _judged)


FILES: Mapping[str, Foreign] = {
    **{name: _document(document) for name, document in _DOCUMENTS.items()},
    "signatures that one is added to": Foreign(_listed, _SIGNATURES, "text", _added),
    "a file of holidays": Foreign(_holidays, "holidays.txt", "text", _closed),
    "minutes": Foreign(_minutes, "2026-10-05.md", "text", lambda folder: last_minutes((folder,), TODAY)),
    "who owns what code": Foreign(_owners, "CODEOWNERS", "text", lambda folder: code_owners(_place(folder))),
    "the event of a pipeline": Foreign(_event, "event.json", "json", _asked),
    "a comment": Foreign(_comment, "comment.md", "text", lambda folder: comment_in(folder / "comment.md")),
    "the page of a project of Salesforce": _of_project("sfdx-project.json", "json"),
    "a list in a project of Salesforce": _of_project(f"{ROOT}/*/*.xml", "xml"),
    "an object in a project of Salesforce": _of_project(f"{ROOT}/objects/*/*/*.xml", "xml"),
}  # fmt: skip
"""What is read → how."""
