"""A history on the disk: month by month, checked, and never made and real in one folder."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sla_sync.errors import SlaSyncError
from sla_sync.history.manifest import read_manifest
from sla_sync.history.parquet import files, read, schema_of, write, write_month
from sla_sync.history.tables import RAISES


def asked(*moments: datetime, lead: str = "00Q1", synthetic: bool = False) -> pa.Table:
    columns = {"lead": [lead] * len(moments), "at": list(moments), "source": ["webinar"] * len(moments)}
    return pa.Table.from_pydict(columns, schema=schema_of(RAISES, synthetic=synthetic))


OCTOBER = datetime(2026, 10, 31, 23, 59, 59, 999_999, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC)


def test_rows_come_back_by_time_from_a_file_for_each_month(tmp_path: Path) -> None:
    write(tmp_path, RAISES, asked(NOVEMBER, OCTOBER))
    assert [path.name for path in files(tmp_path, "raises")] == ["2026-10.parquet", "2026-11.parquet"]
    assert read(tmp_path, "raises").column("at").to_pylist() == [OCTOBER, NOVEMBER]
    assert read_manifest(tmp_path).synthetic is False


def test_rows_in_any_order_are_kept_by_time_and_none_is_lost(tmp_path: Path) -> None:
    write(
        tmp_path, RAISES, asked(NOVEMBER, OCTOBER, datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC))
    )
    kept = read(tmp_path, "raises").column("at").to_pylist()
    assert len(kept) == 4
    assert kept == sorted(kept)


def test_a_month_that_is_written_again_is_replaced_and_the_others_stay(tmp_path: Path) -> None:
    write(tmp_path, RAISES, asked(OCTOBER, NOVEMBER))
    write(tmp_path, RAISES, asked(NOVEMBER, NOVEMBER))
    assert read(tmp_path, "raises").column("at").to_pylist() == [OCTOBER, NOVEMBER, NOVEMBER]


def test_a_write_that_breaks_off_leaves_the_old_month_and_no_draft(tmp_path: Path) -> None:
    write(tmp_path, RAISES, asked(OCTOBER))
    whole = asked(OCTOBER, OCTOBER)
    with pytest.raises(SlaSyncError, match="has no column source"):
        write_month(tmp_path, RAISES, "2026-10", iter([whole, whole.drop_columns(["source"])]))
    assert len(read(tmp_path, "raises")) == 1
    assert list(tmp_path.rglob("*.new")) == []


def test_a_table_without_rows_is_empty_and_not_missing(tmp_path: Path) -> None:
    write(tmp_path, RAISES, asked())
    assert read(tmp_path, "raises").num_rows == 0
    assert read(tmp_path, "deals").num_rows == 0


@pytest.mark.parametrize("synthetic", [True, False])
def test_generated_and_real_rows_are_never_in_one_folder(tmp_path: Path, *, synthetic: bool) -> None:
    write(tmp_path, RAISES, asked(OCTOBER, lead="SYN-L1" if synthetic else "00Q1", synthetic=synthetic))
    other = asked(NOVEMBER, lead="00Q1" if synthetic else "SYN-L1", synthetic=not synthetic)
    with pytest.raises(SlaSyncError, match="never mixed"):
        write(tmp_path, RAISES, other)
    assert len(read(tmp_path, "raises")) == 1


def test_a_mark_and_the_ids_must_say_the_same(tmp_path: Path) -> None:
    with pytest.raises(SlaSyncError, match="ids that begin with SYN"):
        write(tmp_path, RAISES, asked(OCTOBER, lead="SYN-L1"))
    with pytest.raises(SlaSyncError, match="ids that do not begin with SYN"):
        write(tmp_path, RAISES, asked(OCTOBER, lead="00Q1", synthetic=True))
    assert not (tmp_path / "manifest.json").exists()


def test_a_file_of_somebody_else_is_read_if_its_columns_are_right_whatever_else_it_has(tmp_path: Path) -> None:
    write(tmp_path, RAISES, asked(OCTOBER))
    (path,) = files(tmp_path, "raises")
    plain = asked(OCTOBER).replace_schema_metadata(None).append_column("more", pa.array([1]))
    pq.write_table(plain.select(["more", "source", "at", "lead"]), path)
    assert read(tmp_path, "raises").column_names == ["lead", "at", "source"]


def test_what_cannot_be_read_is_named_with_its_file_and_column(tmp_path: Path) -> None:
    with pytest.raises(SlaSyncError, match="holds no history"):
        read(tmp_path, "raises")
    write(tmp_path, RAISES, asked(OCTOBER))
    (path,) = files(tmp_path, "raises")
    good = asked(OCTOBER).replace_schema_metadata(None)
    for broken, message in (
        (good.drop_columns(["source"]), "has no column source of the table raises"),
        (good.set_column(1, "at", pa.array(["2026-10-31"])), "at is string, and must be timestamp"),
        (good.set_column(0, "lead", pa.array([None], pa.string())), "lead is empty in 1 rows of 1"),
        (good.replace_schema_metadata({"sla_sync.format": "2"}), "is of format 2, and only 1 can be read"),
        (good.replace_schema_metadata({"sla_sync.synthetic": "yes"}), "never mixed"),
    ):
        pq.write_table(broken, path)
        with pytest.raises(SlaSyncError, match=message):
            read(tmp_path, "raises")
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(SlaSyncError, match="is no whole Parquet file"):
        files(tmp_path, "raises")
    path.unlink()
    with pytest.raises(SlaSyncError, match=r"2026-10.parquet is missing"):
        files(tmp_path, "raises")


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("{", "cannot be read"),
        ("[]", "is of format None"),
        (json.dumps({"format": 2}), "is of format 2"),
        (json.dumps({"format": 1, "synthetic": "yes", "tables": {}}), "does not say what the folder holds"),
    ],
)
def test_a_manifest_that_says_something_else_is_refused(tmp_path: Path, page: str, message: str) -> None:
    (tmp_path / "manifest.json").write_text(page, encoding="utf-8")
    with pytest.raises(SlaSyncError, match=message):
        read_manifest(tmp_path)
