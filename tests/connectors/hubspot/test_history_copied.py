"""Tables that Fivetran or Airbyte copied of a portal tell the same of leads as the portal itself."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sla_sync.connector import Setup
from sla_sync.connector.history import ACTIVITIES, DEALS, FACTS, LEADS, OWNERS, RAISES, STAGES, USERS
from sla_sync.history.copied import SHAPES, CopiedTables
from sla_sync.history.elsewhere import tables_in
from sla_sync_hubspot.past.copied import copied_history
from sla_sync_hubspot.past.shelves import instant
from tests.connectors.hubspot.copying import as_airbyte, as_fivetran, let_contacts_live
from tests.connectors.hubspot.remembering import NOW, Remembering, Told, remembering, words

LATER = NOW + timedelta(hours=1)
TABLES = (LEADS, RAISES, FACTS, STAGES, OWNERS, ACTIVITIES, DEALS, USERS)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Remembering, Told]]:
    with remembering(tmp_path_factory.mktemp("portal")) as past:
        let_contacts_live(past)
        yield past, past.tell(until=LATER)


def tables(folder: str, shape: str) -> CopiedTables:
    found = SHAPES[shape]
    return CopiedTables(tables_in(folder, map(found.spelled, found.tables)), found.spelled)


def told_of(past: Remembering, copied: CopiedTables) -> Told:
    setup = Setup("startup-inbound", words().people)
    return Told().take(copied_history(past.asked(until=LATER), setup, copied))


def comparable(rows: list[Mapping[str, Any]]) -> list[str]:
    return sorted(str(sorted(row.items())) for row in rows)


@pytest.mark.slow
@pytest.mark.parametrize(("shape", "write"), [("fivetran-hubspot", as_fivetran), ("airbyte-hubspot", as_airbyte)])
def test_copied_tables_tell_the_same_of_leads_as_the_portal(
    lived: tuple[Remembering, Told], tmp_path: Path, shape: str, write: Any
) -> None:
    past, wanted = lived
    found = told_of(past, tables(write(past, tmp_path / "copy"), shape))
    for table in TABLES:
        assert comparable(wanted.rows(table))
        assert comparable(found.rows(table)) == comparable(wanted.rows(table)), table.name
    unsaid = {each.what for each in wanted.untold if "deleted" not in each.what}
    assert {each.what for each in found.untold} == unsaid


@pytest.mark.slow
def test_what_was_not_copied_is_said_and_the_rest_is_told(lived: tuple[Remembering, Told], tmp_path: Path) -> None:
    past, wanted = lived
    folder = Path(as_fivetran(past, tmp_path / "copy"))
    for each in ("engagement_call", "deal_property_history", "owner"):
        (folder / f"{each}.csv").unlink()
    found = told_of(past, tables(str(folder), "fivetran-hubspot"))
    assert {each.what for each in found.untold} >= {
        "Each call", "Deals, and the stages that they show", "Who could own contacts, and who changed them"
    }  # fmt: skip
    assert set(found.shown(ACTIVITIES, "kind")) == {"email", "meeting"}
    assert comparable(found.rows(LEADS)) == comparable(wanted.rows(LEADS))
    (folder / "contact_property_history.csv").unlink()
    bare = told_of(past, tables(str(folder), "fivetran-hubspot"))
    assert [each.what for each in bare.untold] == ["Anything of contacts"]
    assert bare.pieces == []


@pytest.mark.slow
def test_whoever_was_merged_into_another_is_told_with_it_also_where_the_copy_keeps_the_row(
    lived: tuple[Remembering, Told], tmp_path: Path
) -> None:
    past, wanted = lived
    folder = Path(as_fivetran(past, tmp_path / "copy"))
    (merged, *_) = [each["lead"] for each in wanted.rows(LEADS) if each["merged_into"]]
    # Each property is in the history of a contact that was merged away, as long as it was there.
    for name, row in (("contact", {"id": merged, "_fivetran_deleted": "True", "property_createdate": "2026-10-05"}),
                      ("contact_property_history", {"contact_id": merged, "name": "hs_lead_status", "value": "OPEN",
                                                    "timestamp": "2026-10-05 18:00:00"})):  # fmt: skip
        with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
            columns = next(csv.reader(file))
        with (folder / f"{name}.csv").open("a", newline="", encoding="utf-8") as file:
            csv.DictWriter(file, columns).writerow(row)
    found = told_of(past, tables(str(folder), "fivetran-hubspot"))
    assert comparable(found.rows(LEADS)) == comparable(wanted.rows(LEADS))
    assert comparable(found.rows(STAGES)) == comparable(wanted.rows(STAGES))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1791190800000", "2026-10-05T09:00:00+00:00"),
        ("2026-10-05 09:00:00.000", "2026-10-05T09:00:00+00:00"),
        ("2026-10-05T11:00:00+02:00", "2026-10-05T09:00:00+00:00"),
        ("", None),
        ("lately", None),
    ],
)
def test_instants_are_read_as_tools_write_them(text: str, found: str | None) -> None:
    assert instant(text) == found
