"""An export that was cut off anywhere ends with the same rows as one that was not; rows that come again are kept once."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from sla_sync.errors import SlaSyncError
from sla_sync.history.export import only_one
from sla_sync.history.incoming import FOLDER
from sla_sync.history.standing import NAME, Lacking, read_standing
from sla_sync.history.tables import LEADS
from tests.history.telling import NOW, SINCE, Source, held, keeping, told

ROOT = Path(__file__).parents[2]


class KilledError(BaseException):
    """What ends a process at once: nobody catches it."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("whole")
    exported(folder)
    return held(folder)


def exported(folder: Path) -> None:
    export = keeping(folder)
    assert told().tell(export)
    export.finish()


def test_rows_that_come_again_are_kept_once_and_the_later_one_counts(whole: dict[str, Any]) -> None:
    assert [each["lead"] for each in whole["leads"]] == ["L0", "L2", "L3", "L1", "L4", "L5", "L6", "L7"]
    assert [each["gone_at"] is not None for each in whole["leads"] if each["lead"] == "L1"] == [True]
    assert [each["reason"] for each in whole["stages"] if each["lead"] == "L2"] == ["no_budget", None, None]
    assert len(whole["stages"]) == 17
    activities = {each["activity"]: each["at"] for each in whole["activities"]}
    assert len(whole["activities"]) == len(activities) == 9
    assert activities["A1"] == SINCE + timedelta(days=11)
    assert len(whole["users"]) == 1


@pytest.mark.parametrize("pieces", range(3, 44, 19))
def test_an_export_that_dies_after_any_piece_goes_on_and_ends_with_the_same_rows(
    tmp_path: Path, whole: dict[str, Any], pieces: int
) -> None:
    told().tell(keeping(tmp_path), pieces)
    exported(tmp_path)
    assert held(tmp_path) == whole
    standing = read_standing(tmp_path)
    assert standing is not None
    assert (standing.finished, standing.marks) == (True, {"all": str(len(told().pieces))})
    assert not list((tmp_path / FOLDER).iterdir())


@pytest.mark.parametrize("death", range(5, 130, 31))
def test_an_export_that_dies_at_any_file_goes_on_and_ends_with_the_same_rows(
    tmp_path: Path, whole: dict[str, Any], monkeypatch: pytest.MonkeyPatch, death: int
) -> None:
    moves = [0]

    def dies(method: Any) -> Any:
        def moved(*arguments: Any, **named: Any) -> Any:
            moves[0] += 1
            if moves[0] == death:
                raise KilledError
            return method(*arguments, **named)

        return moved

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", dies(Path.replace))
        patch.setattr(Path, "unlink", dies(Path.unlink))
        with pytest.raises(KilledError):
            exported(tmp_path)
    exported(tmp_path)
    assert held(tmp_path) == whole


_EXPORTS = """
import sys
from pathlib import Path
from sla_sync.history.export import Keeping, only_one
from tests.history.telling import keeping, told

class Saying(Keeping):
    def reached(self, stream, mark):
        super().reached(stream, mark)
        print(mark, flush=True)

with only_one(Path(sys.argv[1])):
    export = keeping(Path(sys.argv[1]))
    export.__class__ = Saying
    told().tell(export)
    export.finish()
"""


@pytest.mark.slow
def test_an_export_whose_process_is_killed_goes_on_and_ends_with_the_same_rows(
    tmp_path: Path, whole: dict[str, Any]
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _EXPORTS, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert next(line for line in process.stdout if line.strip() == "17")
        process.kill()
    assert process.returncode == -signal.SIGKILL
    standing = read_standing(tmp_path)
    assert standing is not None
    assert not standing.finished
    assert 0 < int(standing.marks["all"]) < len(told().pieces)
    with only_one(tmp_path):
        exported(tmp_path)
    assert held(tmp_path) == whole


def test_the_next_export_adds_what_is_new_and_leaves_other_months_alone(tmp_path: Path, whole: dict[str, Any]) -> None:
    source = told()
    export = keeping(tmp_path)
    source.tell(export)
    export.finish()
    before = {each: each.stat().st_mtime_ns for each in tmp_path.rglob("2026-09.parquet")}
    source.pieces.append((LEADS, [{"lead": "L8", "created_at": NOW - timedelta(days=2)}], ("lead",)))
    export = keeping(tmp_path)
    source.tell(export)
    export.finish()
    assert export.rows == {"leads": 1}
    assert {each: each.stat().st_mtime_ns for each in tmp_path.rglob("2026-09.parquet")} == before
    assert [each["lead"] for each in held(tmp_path)["leads"]] == [*(each["lead"] for each in whole["leads"]), "L8"]


def test_only_what_has_come_and_a_month_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"lead": f"L{place:04d}", "created_at": SINCE + timedelta(hours=place)} for place in range(2000)]
    source = Source([(LEADS, rows[start : start + 50], ("lead",)) for start in range(0, len(rows), 50)])
    written: list[int] = []
    write = pq.ParquetWriter.write_table

    def counted(writer: pq.ParquetWriter, table: Any, *arguments: Any, **named: Any) -> None:
        written.append(len(table))
        write(writer, table, *arguments, **named)

    monkeypatch.setattr(pq.ParquetWriter, "write_table", counted)
    export = keeping(tmp_path, together=100)
    source.tell(export)
    export.finish()
    assert max(written) == 30 * 24 + 24
    assert len(held(tmp_path)["leads"]) == 2000


def test_two_exports_do_not_mix(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(SlaSyncError, match="under way"), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass


def test_what_is_not_told_is_kept_once_beside_the_rows(tmp_path: Path) -> None:
    export = keeping(tmp_path)
    lacking = Lacking("owners before May", "The trail begins then.")
    export.lacks(lacking)
    export.lacks(lacking)
    export.finish()
    standing = read_standing(tmp_path)
    assert standing is not None
    assert standing.untold == (lacking,)


def test_a_page_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    export = keeping(tmp_path)
    export.finish()
    shutil.copy(tmp_path / "manifest.json", tmp_path / "export.json")
    with pytest.raises(SlaSyncError, match="cannot be read"):
        read_standing(tmp_path)


def test_a_standing_that_is_nested_endlessly_is_named(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("[" * 200_000, encoding="utf-8")
    with pytest.raises(SlaSyncError, match="cannot be read"):
        read_standing(tmp_path)
