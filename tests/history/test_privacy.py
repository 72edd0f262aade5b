"""What is kept of people: pseudonyms, agreed words, that something was known; and nothing else, in no byte of the folder."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.agreement.expressions.tree import Text, TextTest
from sla_sync.errors import SlaSyncError, TargetError
from sla_sync.history.keys import NAME, key_of
from sla_sync.history.leaving import drop_older, forget
from sla_sync.history.privacy import KNOWN, OTHER, UNAGREED, Privacy
from sla_sync.history.tables import ACTIVITIES, DEALS, FACTS, LEADS, OWNERS, STAGES, USERS
from sla_sync.history.wanted import Use, Wanted, wanted_by
from tests.haste import examples
from tests.history.telling import DAY, NOW, SINCE, WANTED, Source, held, keeping, plain, told
from tests.semantics.leads import agreement

PEOPLE = ("ada.lovelace@buyer.example", "Ada Lovelace", "Lovelace & Sons", "+44 20 7946 0958", "00Q5g00000AbCdE")


def everything(folder: Path) -> str:
    """Return all that stands in a folder, as bytes and as what they mean, also of rows that are in no month yet."""
    files = [each for each in folder.rglob("*") if each.is_file()]
    raw = "".join(each.read_bytes().decode("latin-1") for each in files)
    rows = "".join(str(pq.read_table(each).to_pylist()) for each in files if each.suffix == ".parquet")
    return raw + rows + "".join(each.name for each in files)


@pytest.mark.parametrize("dies", [True, False])
def test_no_id_address_name_or_number_of_a_person_is_in_any_byte_of_the_folder(tmp_path: Path, *, dies: bool) -> None:
    email, name, company, phone, lead = PEOPLE
    export = keeping(tmp_path, Privacy(b"key", WANTED))
    facts = {"email": email, "country": name, "company": company, "phone": phone, "score": email, "need": phone}
    rows = [{"lead": lead, "at": SINCE, "field": field, "value": value, "by": lead} for field, value in facts.items()]
    export.put(FACTS, rows, ("lead", "field", "at"))
    export.put(STAGES, [{"lead": lead, "at": SINCE, "stage": name, "reason": email, "by": lead}], ("lead", "at"))
    export.put(OWNERS, [{"lead": lead, "at": SINCE, "owner": lead, "queue": company}], ("lead", "at"))
    export.put(LEADS, [{"lead": lead, "created_at": SINCE, "batch": lead, "excluded": name}], ("lead",))
    export.put(USERS, [{"user": email, "since": SINCE, "team": name}], ("user",))
    if dies:
        export.flush()
    else:
        export.finish()
    kept = everything(tmp_path)
    assert len(kept) > 1000
    assert not [each for each in PEOPLE if each in kept]
    if not dies:
        values = {each["field"]: each["value"] for each in held(tmp_path)["facts"]}
        assert values == {
            "email": KNOWN, "country": OTHER, "company": KNOWN, "phone": KNOWN, "score": KNOWN, "need": KNOWN,
        }  # fmt: skip
        (lead_kept,) = {
            each["lead"] for table in ("facts", "stages", "owners", "leads") for each in held(tmp_path)[table]
        }
        assert held(tmp_path)["owners"][0]["owner"] == lead_kept
        assert held(tmp_path)["owners"][0]["queue"] == UNAGREED


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("country", "DE", "DE"),
        ("country", "France", OTHER),
        ("score", "120", "120"),
        ("score", "a lot", KNOWN),
        ("consent", "yes", "yes"),
        ("consent", "False", "False"),
        ("company", "Hillside", KNOWN),
        ("company", "4711", KNOWN),
    ],
)
def test_a_value_is_kept_as_far_as_the_agreement_compares_it(field: str, value: str, kept: str) -> None:
    row = {"lead": "L", "at": SINCE, "field": field, "value": value}
    assert plain().kept(FACTS, row)["value"] == kept


def test_that_a_watched_value_became_another_stays_known() -> None:
    privacy = plain(wanted=Wanted({"owner_of_account": Use(is_watched=True)}, {}))
    row = {"lead": "L", "at": SINCE, "field": "owner_of_account"}
    found = [str(privacy.kept(FACTS, {**row, "value": each})["value"]) for each in ("Ada", "Bob", "Ada")]
    assert found[0] == found[2] != found[1]
    assert not [each for each in found if "Ada" in each or "Bob" in each]


TESTS = st.lists(
    st.builds(Text, st.just("email"), st.sampled_from(TextTest), st.text("ab@.", min_size=1, max_size=3)), max_size=4
)


@settings(max_examples=examples(200))
@given(TESTS, st.text("ab@.c", max_size=12))
def test_of_a_text_nothing_is_kept_but_what_the_agreement_names(tests: list[Text], text: str) -> None:
    privacy = plain(wanted=Wanted({"email": Use(tests=tests)}, {}))
    kept = str(privacy.kept(FACTS, {"lead": "L", "at": SINCE, "field": "email", "value": text})["value"])
    parts = {each.text for each in tests}
    assert kept in {KNOWN, OTHER, "…", "yes", "no"} or set(kept.split("…")) <= {*parts, ""}


def test_a_test_of_a_text_still_holds_for_what_is_kept_of_it() -> None:
    ends = Text("email", TextTest.ENDS_WITH, "@acme.example")
    privacy = plain(wanted=Wanted({"email": Use(tests=[ends, Text("email", TextTest.CONTAINS, "test")])}, {}))
    row = {"lead": "L", "at": SINCE, "field": "email"}
    said = [privacy.kept(FACTS, {**row, "value": each})["value"] for each in ("ada@acme.example", "ada@b.example")]
    assert said == ["…@acme.example", OTHER]


def test_the_words_are_those_of_every_version_of_the_agreement() -> None:
    found = wanted_by(
        [agreement(), agreement(groups={"dach": ["AT"]}, segments={"region": {"dach": "country is in dach"}})]
    )
    assert "AT" in found.fields["country"].words
    assert found.fields["region"].words == {"dach"}
    assert found.columns["stage"] >= set(agreement().stages)


def test_generated_rows_are_never_taken_for_real_ones() -> None:
    with pytest.raises(SlaSyncError, match="SYN0001"):
        Privacy(b"key", WANTED).kept(LEADS, {"lead": "SYN0001", "created_at": SINCE})


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    key = key_of("staging", None, tmp_path, {})
    assert key == key_of("staging", None, tmp_path, {})
    assert key != key_of("staging", None, tmp_path / "other", {})
    assert (tmp_path / NAME).stat().st_mode & 0o077 == 0
    assert key_of("staging", "KEY", tmp_path, {"KEY": "secret"}) == key_of("live", "KEY", tmp_path, {"KEY": "secret"})
    with pytest.raises(TargetError, match="KEY"):
        key_of("staging", "KEY", tmp_path, {})


@pytest.mark.slow
def test_what_is_too_old_leaves_and_where_leads_stood_that_live_on_stays(tmp_path: Path) -> None:
    export = keeping(tmp_path)
    told().tell(export)
    export.finish()
    begin = SINCE + 61 * DAY
    dropped = drop_older(tmp_path, begin)
    assert dropped["stages"] == dropped["activities"] == ("2026-09", "2026-10")
    assert dropped["leads"] == dropped["facts"] == ("2026-10",)
    left = held(tmp_path)
    # L0 was called in November, L1 was deleted then, and L2 left all stages.
    assert {each["lead"] for each in left["leads"]} == {"L0", "L1", "L2", "L6", "L7"}
    assert [(each["lead"], each["at"], each["stage"]) for each in left["stages"] if each["at"] < begin] == [
        ("L0", SINCE + DAY, "sal"), ("L1", SINCE + 12 * DAY, "sal"), ("L2", SINCE + 23 * DAY, "sal")
    ]  # fmt: skip
    assert [(each["lead"], each["value"]) for each in left["facts"]] == [(f"L{n}", f"{n}") for n in (0, 1, 2, 6, 7)]
    assert min(each["at"] for each in left["activities"]) >= begin
    assert len(left["users"]) == 1
    assert drop_older(tmp_path, begin) == {}
    again = keeping(tmp_path, begin=begin)
    again.standing = replace(again.standing, marks={})
    told().tell(again)
    again.finish()
    drop_older(tmp_path, begin)
    assert held(tmp_path) == left
    assert set(drop_older(tmp_path, NOW + timedelta(days=300))) == {"leads", "stages", "facts", "activities"}
    assert set(held(tmp_path)) == {"users"}


def test_what_was_done_since_a_lead_came_to_where_it_stood_stays(tmp_path: Path) -> None:
    begin = SINCE + 30 * DAY
    source = Source([
        (LEADS, [{"lead": "L", "created_at": SINCE}], ("lead",)),
        (STAGES, [{"lead": "L", "at": SINCE + each * DAY, "stage": "mql"} for each in (1, 20)], ("lead", "at")),
        (OWNERS, [{"lead": "L", "at": SINCE + each * DAY, "owner": "ann"} for each in (2, 25, 31)], ("lead", "at")),
        (ACTIVITIES, [{"lead": "L", "at": SINCE + each * DAY, "activity": f"A{each}", "kind": "call", "counts": True,
                       "inbound": False} for each in (21, 25, 29)], ("activity",)),
        (DEALS, [{"deal": f"D{end}", "lead": lead, "opened_at": SINCE, "closed_at": end and SINCE + end * DAY}
                 for lead, end in (("L", 10), ("L", 40), ("L", None), ("M", None))], ("deal", "lead")),
    ])  # fmt: skip
    export = keeping(tmp_path, begin=begin)
    source.tell(export)
    export.finish()
    assert export.too_old == 1
    drop_older(tmp_path, begin)
    left = held(tmp_path)
    assert [each["at"] for each in left["stages"]] == [SINCE + 20 * DAY]
    assert [each["at"] for each in left["owners"]] == [SINCE + 25 * DAY, SINCE + 31 * DAY]
    assert [each["activity"] for each in left["activities"]] == ["A25", "A29"]
    assert [(each["deal"], each["lead"]) for each in left["deals"]] == [("D40", "L"), ("DNone", "L")]


@pytest.mark.slow
def test_of_a_lead_that_is_forgotten_nothing_is_left_and_nothing_comes_back(tmp_path: Path) -> None:
    source = told()
    source.pieces.append((LEADS, [{"lead": "L9", "created_at": SINCE, "merged_into": "L2", "gone_at": NOW}], ("lead",)))
    export = keeping(tmp_path)
    source.tell(export)
    export.flush()
    gone, removed = forget(tmp_path, frozenset({"L2"}))
    assert gone == {"L2", "L9"}
    assert removed == {"leads": 2, "facts": 1, "stages": 3, "activities": 1}
    after = held(tmp_path)
    assert not [row for rows in after.values() for row in rows if row.get("lead") in gone]
    assert len(after["facts"]) == 7
    privacy = plain()
    again = keeping(tmp_path / "again", plain(forgotten=frozenset(map(privacy.hashed, gone))))
    source.tell(again)
    again.finish()
    assert held(tmp_path / "again")["leads"] == after["leads"]
