"""What is disputed is written down beside the agreement as long as its month is open, and only where it counts."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from sla_sync.attainment.past import Past
from sla_sync.errors import SlaSyncError
from sla_sync.pipeline.disputes import Wish, dispute, disputes_of
from sla_sync.pipeline.past import past_of
from sla_sync.pipeline.validate import read, validate
from sla_sync.places import Place
from tests.pipeline.exported import copied, exported, worked

WISH = Wish("L1", "first-response", "The phones\nwere down: see #12.", "vp_sales")
OPEN = date(2026, 11, 10)


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Past:
    folder = tmp_path_factory.mktemp("past")
    return past_of(copied(folder), history=exported(folder / "history", **worked("10", 3, touched=0, accepted=2)))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return copied(tmp_path)


@pytest.mark.slow
def test_a_dispute_is_written_beside_the_agreement(place: Place, past: Past) -> None:
    written = dispute(read(place), past, WISH, today=OPEN)
    assert (written.file, written.open_until) == (place.disputes, OPEN)
    assert written.entry.sentence == (
        "vp_sales disputes lead L1 under first-response since 2026-11-10: The phones were down: see #12."
    )
    place.disputes.write_text(
        place.disputes.read_text(encoding="utf-8") + "  # both parties look on Tuesday\n", encoding="utf-8"
    )
    dispute(read(place), past, replace(WISH, commitment="mql-volume", by="vp_marketing"), today=OPEN)
    leg = dispute(read(place), past, replace(WISH, lead="L2", leg="L2-1-1"), today=OPEN)
    assert "(assignment L2-1-1)" in leg.entry.sentence
    assert "# both parties look on Tuesday" in place.disputes.read_text(encoding="utf-8")
    found = read(place)
    assert not found.diagnostics
    assert [each.identity for each in disputes_of(found)] == [
        ("first-response", "L1", None),
        ("mql-volume", "L1", None),
        ("first-response", "L2", "L2-1-1"),
    ]
    before = place.disputes.read_bytes()
    again = dispute(read(place), past, WISH, today=OPEN - timedelta(days=1))
    assert again.entry == disputes_of(found)[0], "a command that was cut off at its end is repeated"
    with pytest.raises(SlaSyncError, match="Lead 'L1' is in dispute under 'first-response' already"):
        dispute(read(place), past, replace(WISH, because="For another reason."), today=OPEN)
    assert place.disputes.read_bytes() == before


@pytest.mark.parametrize(
    ("wish", "today", "sentence", "hint"),
    [
        (replace(WISH, lead="L9"), OPEN, "The history knows no lead 'L9'.", "by the id"),
        (replace(WISH, commitment="first-respons"), OPEN, "'first-respons' is not a commitment", "`first-response`"),
        (replace(WISH, by="vp_sale"), OPEN, "'vp_sale' is not a role of the agreement.", "`vp_sales`"),
        (replace(WISH, because=" \n"), OPEN, "Nothing is disputed without a reason.", "--because"),
        (replace(WISH, commitment="mql-volume", leg="L1-1-1"), OPEN, "'mql-volume' counts leads and not", "--leg"),
        (replace(WISH, leg="L2-1-1"), OPEN, "Assignment 'L2-1-1' of lead 'L1' does not count", "commitment"),
        (replace(WISH, commitment="follow-up"), OPEN, "Lead 'L1' does not count under 'follow-up'", "commitment"),
        (
            WISH,
            date(2026, 11, 11),
            "What is disputed counted on 2026-10-08, and the numbers of October 2026 were frozen after 2026-11-10.",
            "next review",
        ),
    ],
)  # fmt: skip
def test_what_is_unknown_does_not_count_or_is_frozen_is_not_disputed(
    place: Place, past: Past, wish: Wish, today: date, sentence: str, hint: str
) -> None:
    with pytest.raises(SlaSyncError) as error:
        dispute(read(place), past, wish, today=today)
    assert error.value.message.startswith(sentence)
    assert hint in error.value.hint
    assert not place.disputes.exists()


def test_nothing_is_added_to_a_file_that_cannot_be_read(place: Place, past: Past) -> None:
    place.disputes.write_text("kind: Disputes\n", encoding="utf-8")
    with pytest.raises(SlaSyncError):
        dispute(read(place), past, WISH, today=OPEN)
    assert place.disputes.read_text(encoding="utf-8") == "kind: Disputes\n"


def test_validate_finds_what_disputes_name_and_the_agreement_does_not(place: Place) -> None:
    place.disputes.write_text(
        "apiVersion: sla-sync/v1\n"
        "kind: Disputes\n"
        "agreement: acme-outbound\n"
        "disputes:\n"
        "  - {lead: L1, commitment: first-respons, because: No., by: vp_sales, on: 2026-11-04}\n"
        "  - {lead: L1, commitment: verdict, because: No., by: nobody, on: 2026-11-04}\n",
        encoding="utf-8",
    )
    found = [
        each for each in validate(place, today=OPEN).diagnostics if each.location and "disputes" in each.location.file
    ]
    assert [(each.code, each.location and each.location.line, each.message) for each in found] == [
        ("SLA102", 3, "The disputes are about 'acme-outbound', and the agreement is 'acme-inbound'."),
        ("SLA102", 5, "'first-respons' is not a commitment of the agreement."),
        ("SLA102", 6, "'nobody' is not a role of the agreement."),
    ]


def test_validate_finds_a_dispute_that_is_badly_written(place: Place) -> None:
    place.disputes.write_text(
        "apiVersion: sla-sync/v1\n"
        "kind: Disputes\n"
        "agreement: acme-inbound\n"
        "disputes:\n"
        "  - {lead: L 1, commitment: verdict, because: No., by: vp_sales, on: yesterday, why: no}\n",
        encoding="utf-8",
    )
    found = [
        each for each in validate(place, today=OPEN).diagnostics if each.location and "disputes" in each.location.file
    ]
    assert {each.location.line for each in found if each.location} == {5}
    assert {each.code for each in found} == {"SLA101", "SLA103"}
