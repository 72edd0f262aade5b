"""What comes from a platform or from a file of somebody else is bounded before it is unfolded, and refused in one sentence."""

from __future__ import annotations

import base64
import io
import json
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sla_sync.cli import main
from sla_sync.errors import SlaSyncError
from sla_sync.history import parquet
from sla_sync.history.elsewhere import rows_of, tables_in
from sla_sync.history.manifest import read_manifest
from sla_sync.history.tables import TABLES
from sla_sync_hubspot import ledger
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.options import HubSpotOptions
from sla_sync_hubspot.paths import Api
from sla_sync_salesforce.markup import from_xml, read_xml
from sla_sync_salesforce.package import MOST_BYTES, MOST_FILES, unzipped
from tests.connectors.salesforce.canned import Answer, canned

MEBIBYTE = 1 << 20
DEEP = "[" * 200_000
"""JSON that is nested deeper than any reader follows."""
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def zipped(files: Mapping[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def lying(size: int, says: int) -> bytes:
    """Return a zip with a file that unfolds to so many bytes and says that it has fewer."""
    honest = zipped({"unpackaged/classes/A.cls": bytes(size)})
    length = struct.pack("<L", size)
    assert honest.count(length) == 2
    return honest.replace(length, struct.pack("<L", says))


def at_most(mebibytes: int, refused: Callable[[], object], kind: type[Exception], said: str) -> None:
    """Assert that something is refused in these words, and that little memory was asked for until then."""
    tracemalloc.start()
    try:
        with pytest.raises(kind, match=said):
            refused()
        assert tracemalloc.get_traced_memory()[1] < mebibytes * MEBIBYTE
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_a_zip_that_says_how_much_it_unfolds_to_is_refused_before() -> None:
    part = bytes(MOST_BYTES // 8 + 1)
    package = zipped({f"unpackaged/classes/{each}.cls": part for each in range(8)})
    assert len(package) < 2 * MEBIBYTE
    at_most(8, lambda: unzipped(package), ValueError, "unfolds to 8 files of")


def test_a_zip_that_lies_about_its_length_is_unfolded_no_further_than_it_says() -> None:
    package = lying(64 * MEBIBYTE, 100)
    at_most(8, lambda: unzipped(package), ValueError, "is not a zip")


def test_a_zip_of_too_many_files_is_refused() -> None:
    package = zipped(dict.fromkeys(map(str, range(MOST_FILES + 1)), b""))
    with pytest.raises(ValueError, match="unfolds to 10,001 files"):
        unzipped(package)


def test_what_names_in_a_zip_lead_to_is_neither_read_nor_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = ("../../evil.cls", "/etc/evil.cls", "unpackaged/classes/../../evil.cls", "classes\\..\\evil.cls", "C:evil")
    unzipped(zipped(dict.fromkeys(names, b"x")))
    assert list(tmp_path.rglob("*")) == []


BROKEN_ZIPS = {
    "no zip": b"PK\x03\x04 and no more",
    "nothing": b"",
    "an unknown compression": zipped({"a": b"a" * 99}).replace(b"\x08\x00", b"\x63\x00"),
    "locked": zipped({"a": b"a" * 99}).replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"
    ),
    "a broken stream": zipped({"a": b"a" * 99})[:40] + b"\xff" * 20 + zipped({"a": b"a" * 99})[60:],
}


@pytest.mark.parametrize("content", BROKEN_ZIPS.values(), ids=BROKEN_ZIPS)
def test_a_zip_that_cannot_be_read_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="is not a zip"):
        unzipped(content)


HOSTILE_XML = {
    "entities in a text": f"<!DOCTYPE a [<!ENTITY l0 'lol'>{LAUGHS}]><a>&l9;</a>".encode(),
    "entities in an attribute": f"<!DOCTYPE a [<!ENTITY l0 'lol'>{LAUGHS}]><a b='&l9;'/>".encode(),
    "a file of this machine": b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
    "a definition from the network": b"<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/x.dtd'><a/>",
    "a definition in another encoding": (
        f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY l0 "lol">{LAUGHS}]><a b="&l9;"/>'.encode(
            "utf-16"
        )
    ),
    "a definition in disguise": b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a [+ADwAIQ-ENTITY x "y"+AD4AXQA+-'
    b"<a>+ACY-x;</a>",
    "many levels": b"<a>" * 1_500 + b"</a>" * 1_500,
    "very many levels": b"<a>" * 500_000,
}


@pytest.mark.parametrize("content", HOSTILE_XML.values(), ids=HOSTILE_XML)
def test_hostile_xml_is_refused_in_little_memory(content: bytes) -> None:
    at_most(8, lambda: from_xml(content), ValueError, "declares a document type|is not XML|levels deep")


def test_a_large_answer_is_read() -> None:
    text = "A" * (12 * MEBIBYTE)
    assert read_xml(f"<a><zipFile>{text}</zipFile></a>".encode()).findtext("zipFile") == text


@pytest.mark.parametrize("body", [DEEP, '{"records": ' + DEEP], ids=["a list", "records"])
def test_an_answer_that_is_nested_without_end_cannot_be_read(body: str) -> None:
    with canned(Answer(200, body), Answer(200, body), Answer(400, body)) as asked:
        with pytest.raises(SlaSyncError, match="cannot be read"):
            asked.client().query("SELECT Id FROM Lead")
        options = HubSpotOptions.model_validate({"url": asked.url, "token": "t"})
        client = HubSpotClient(options, target="acme", writes=False, environ={})
        with pytest.raises(SlaSyncError, match="not JSON"):
            client.call("GET", Api.OWNERS)
        with pytest.raises(SlaSyncError):
            client.call("GET", Api.OWNERS)


@pytest.mark.parametrize(
    "packed",
    [zlib.compress(bytes(ledger.MOST_BYTES + 1), 1), zlib.compress(b"{}")[:-1], b"x"],
    ids=["large", "cut", "none"],
)
def test_a_manifest_on_a_portal_unfolds_no_further_than_a_manifest_can(packed: bytes) -> None:
    text = base64.b64encode(packed).decode()
    kept = {"name": "sla_manifest", "options": [{"value": "0000", "description": text}]}
    at_most(80, lambda: ledger.manifest_of(kept), SlaSyncError, "is damaged")


def a_history(folder: Path, rows: pa.Table, months: object = ("2026-10",)) -> Path:
    """Write a history of owners as somebody writes it who wants to do harm."""
    (folder / "owners").mkdir()
    pq.write_table(rows, folder / "owners/2026-10.parquet")
    page = {"format": 1, "synthetic": False, "tables": {"owners": months}}
    (folder / "manifest.json").write_text(json.dumps(page))
    return folder


AGREED = parquet.schema_of(TABLES["owners"], synthetic=False)
HOSTILE_TABLES: Mapping[str, pa.Table] = {
    "other types": pa.table({each.name: pa.array([1], pa.int8()) for each in AGREED}),
    "lists in place of texts": pa.table({each.name: pa.array([["x"]]) for each in AGREED}),
    "no columns": pa.table({"x": [1]}),
    "another format": AGREED.with_metadata({b"sla_sync.format": b"\xff\x00\x1b[31m"}).empty_table(),
}


@pytest.mark.parametrize("rows", HOSTILE_TABLES.values(), ids=HOSTILE_TABLES)
def test_a_table_of_another_shape_is_refused(tmp_path: Path, rows: pa.Table) -> None:
    with pytest.raises(SlaSyncError):
        parquet.read(a_history(tmp_path, rows), "owners")


def test_columns_that_nobody_asked_for_are_not_kept(tmp_path: Path) -> None:
    more = {f"x{number}": pa.array([], pa.string()) for number in range(2_000)}
    rows = pa.table({**{each.name: pa.array([], each.type) for each in AGREED}, **more})
    assert parquet.read(a_history(tmp_path, rows), "owners").schema.names == AGREED.names


@pytest.mark.parametrize(
    "months", [["../../secret"], ["/etc/x"], ["2026-10/../x"], [["2026-10"]], "x", None, ["2026-1\n"]]
)
def test_a_month_leads_to_no_other_folder(tmp_path: Path, months: object) -> None:
    with pytest.raises(SlaSyncError, match="as a month"):
        parquet.files(a_history(tmp_path, AGREED.empty_table(), months), "owners")


@pytest.mark.parametrize("text", [DEEP, "\x00", "[]", '{"format": 1, "synthetic": "no", "tables": []}', "9" * 5_000])
def test_a_page_of_a_history_that_says_something_else_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(SlaSyncError):
        read_manifest(tmp_path)


HOSTILE_SHEETS = {
    "cells without end": b"lead,at,owner\n" + b"x" * (3 * MEBIBYTE),
    "columns without end": b"lead,at,owner" + b",x" * 50_000 + b"\na,b\n",
    "no text": b"\xff\xfe\x00lead",
    "nothing": b"",
    "another type": b"lead,at,owner\na,=NOW(),b\n",
}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(each, id=name, marks=[pytest.mark.slow] if "columns" in name else [])
        for name, each in HOSTILE_SHEETS.items()
    ],
)
def test_a_sheet_of_somebody_else_is_read_or_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "owners.csv").write_bytes(content)
    with pytest.raises(SlaSyncError):
        list(rows_of(TABLES["owners"], tables_in(str(tmp_path))["owners"](), "owners.csv"))


HEAD = '"format_version": 1, "config": "x", "target": "t", "agreement_digest": "d"'
NO_PLANS = (
    f'{{{HEAD}, "fingerprint": {{"overall": "o"}}, "changes": []}}',
    f'{{{HEAD}, "fingerprint": {{"overall": "o", "settings": [], "containers": {{}}}}, "changes": []}}',
    f'{{{HEAD}, "fingerprint": {{"overall": "o", "settings": {{}}, "containers": {{}}}}, "changes": ["create"]}}',
    f'{{{HEAD}, "fingerprint": null, "changes": {{"action": "create"}}}}',
    DEEP, "{}", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "9" * 5_000,
)  # fmt: skip


@pytest.mark.parametrize(
    "text", [*NO_PLANS, DEEP, "{}", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "9" * 5_000]
)
def test_a_saved_plan_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    (tmp_path / "plan.json").write_text(text)
    assert main(["apply", str(tmp_path / "plan.json"), "--yes"]) == 1
    assert "is not a saved plan" in capsys.readouterr().err
