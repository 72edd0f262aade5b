"""Files of holidays stand beside the agreement and hold a day on each line."""

from __future__ import annotations

from pathlib import Path

import pytest

from sla_sync.agreement.digest import meaning_digest
from sla_sync.agreement.holiday_files import read_holiday_files
from tests.agreement.documents import SMALL, loaded, only, read

TEXT = SMALL + "calendars: {office: {holidays: [{file: days.txt}]}}\n"


def test_a_file_of_holidays_is_read(tmp_path: Path) -> None:
    (tmp_path / "days.txt").write_text("# ours\n2026-12-25 Christmas\n\n2026-12-26  # Saturday\n", encoding="utf-8")
    found = read_holiday_files(read(tmp_path, TEXT), tmp_path)
    assert found.findings == ()
    assert found.texts["days.txt"].startswith("# ours")


def test_a_line_without_a_day_is_named_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "days.txt").write_text("2026-12-25\nBoxing Day\n", encoding="utf-8")
    found = only(loaded(tmp_path, TEXT))
    assert (found.code, found.message) == ("SLA103", "`Boxing Day` does not begin with a day.")
    assert found.location is not None
    assert (Path(found.location.file).name, found.location.line) == ("days.txt", 2)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("days.txt", "does not exist"),
        ("../days.txt", "lies outside the folder of the agreement"),
        ("/", "lies outside"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_where_it_is_named(tmp_path: Path, name: str, why: str) -> None:
    found = only(loaded(tmp_path, TEXT.replace("days.txt", name)))
    assert found.code == "SLA106"
    assert why in found.message
    assert found.path == ("calendars", "office", "holidays", 0, "file")


def test_another_holiday_is_another_meaning_and_another_comment_is_not(tmp_path: Path) -> None:
    agreement = read(tmp_path, SMALL)
    digest = meaning_digest(agreement, (), {"days.txt": "2026-12-25\n"})
    assert digest == meaning_digest(agreement, (), {"days.txt": "# ours\n2026-12-25 Christmas\n"})
    assert digest != meaning_digest(agreement, (), {"days.txt": "2026-12-26\n"})
    assert meaning_digest(agreement, (), {}) == meaning_digest(agreement, ())
