"""A role signs what an agreement means: what is written, what is refused, and who must sign after a change."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from sla_sync.agreement.load import load_signatures
from sla_sync.agreement.signatures import Signatures
from sla_sync.authoring.rewriting import in_layout
from sla_sync.errors import DocumentError, SlaSyncError
from sla_sync.pipeline.review import review
from sla_sync.pipeline.sign import sign
from sla_sync.places import Place
from sla_sync.render.signing import signed_as_plain, signed_as_text
from sla_sync.review.outcome import Review
from sla_sync.review.signed import Signed

BEFORE = Path(__file__).parents[1] / "invalid" / "changes" / "before.yaml"
LINK = "https://acme.example/minutes/2026-11-02"
ON = date(2026, 11, 2)


@dataclass(frozen=True)
class Desk:
    """Two folders with the same agreement, of which one was signed first."""

    old: Path
    new: Path

    def sign(self, role: str, *, evidence: str = LINK, since: str | None = None) -> Signed:
        """Return what came of it that a role signed the new folder."""
        place = Place(self.new / "agreement.yaml", None, self.new / "state")
        return sign(place, role=role, evidence=evidence, on=ON, since=since, here=self.old.parent)

    def change(self, *pieces: tuple[str, str]) -> None:
        """Replace pieces of the agreement in the new folder."""
        path = self.new / "agreement.yaml"
        text = path.read_text(encoding="utf-8")
        for old, new in pieces:
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    @property
    def signatures(self) -> Signatures:
        """What stands in the file of the new folder."""
        found = load_signatures(self.new / "signatures.yaml", root=self.new)
        assert found.value is not None, found.diagnostics
        return found.value


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    made = Desk(tmp_path / "old", tmp_path / "new")
    for folder in (made.old, made.new):
        folder.mkdir()
        shutil.copy(BEFORE, folder / "agreement.yaml")
    return made


@pytest.fixture
def signed(desk: Desk) -> Desk:
    for role in ("vp_marketing", "vp_sales"):
        desk.sign(role)
    return desk


LONGER = (("within: 4 business hours", "within: 8 business hours"), ("from: 2026-10-01", "from: 2026-11-17"))


def test_a_signature_binds_a_role_to_the_meaning_with_its_evidence(desk: Desk) -> None:
    found = desk.sign("vp_sales")
    (entry,) = desk.signatures.signed
    assert (entry.role, entry.digest, entry.on, entry.evidence) == ("vp_sales", found.revision.digest, ON, LINK)
    assert entry.version == "2026-10-01"
    assert found.missing == ("vp_marketing",)
    assert desk.sign("vp_marketing").missing == ()


def test_signing_touches_neither_the_agreement_nor_its_digest_nor_comments_of_the_file(desk: Desk) -> None:
    first = desk.sign("vp_sales")
    path = desk.new / "signatures.yaml"
    path.write_text(f"# Kept by revenue operations.\n{path.read_text()}   # signed in the room\n", encoding="utf-8")
    second = desk.sign("vp_marketing")
    assert (desk.new / "agreement.yaml").read_bytes() == BEFORE.read_bytes()
    assert first.revision.digest == second.revision.digest
    assert path.read_text().startswith("# Kept by revenue operations.\n")
    assert "# signed in the room" in path.read_text()


def test_a_signature_outlives_comments_layout_and_the_step_from_draft_to_agreed(desk: Desk) -> None:
    desk.change(("status: agreed", "status: draft"))
    desk.sign("vp_sales")
    desk.change(
        ("status: draft", "status: agreed   # by both"), ("{statement: Win a million.,", "{ statement: Win a million.,")
    )
    assert desk.sign("vp_marketing").missing == ()


def test_a_second_signature_of_the_same_meaning_changes_nothing_and_says_so(signed: Desk) -> None:
    path = signed.new / "signatures.yaml"
    before = path.read_bytes()
    found = signed.sign("vp_sales", evidence="https://acme.example/another")
    assert found.already
    assert path.read_bytes() == before
    assert "'vp_sales' signed this on 2026-11-02" in signed_as_text(found)


def test_after_a_change_only_whom_it_concerns_must_sign_again(signed: Desk) -> None:
    signed.change(*LONGER)
    found = signed.sign("vp_marketing", since="old")
    assert found.missing == ()
    (step,) = signed.signatures.amended
    assert found.since is not None
    assert (step.since, step.digest) == (found.since.before.digest, found.revision.digest)
    assert step.needs == ("vp_marketing",)
    text = signed_as_text(found)
    assert "Changed since old" in text
    assert "4 → 8 business hours" in text
    assert "This needs vp_marketing" in text


def test_without_since_everybody_must_sign_anew(signed: Desk) -> None:
    signed.change(*LONGER)
    assert signed.sign("vp_marketing").missing == ("vp_sales",)


def test_the_step_is_written_once_and_stays_whoever_signs_next(signed: Desk) -> None:
    signed.change(*LONGER, ("target: 1000000", "target: 1200000"))
    assert signed.sign("vp_marketing", since="old").missing == ("vp_sales",)
    assert signed.sign("vp_sales", since="old").missing == ()
    assert len(signed.signatures.amended) == 1


def test_a_step_that_asks_too_few_is_not_signed_over(signed: Desk) -> None:
    signed.change(*LONGER)
    signed.sign("vp_marketing", since="old")
    path = signed.new / "signatures.yaml"
    path.write_text(path.read_text().replace("needs: [vp_marketing]", "needs: [revops]"))
    with pytest.raises(SlaSyncError, match="also asks vp_marketing"):
        signed.sign("vp_sales", since="old")


@pytest.mark.parametrize(
    ("role", "evidence", "since", "said"),
    [
        ("ceo", LINK, None, "'ceo' is not a role"),
        ("vp_sales", "minutes/2026-11-02.md", None, "There is no file"),
        ("vp_sales", "../old/agreement.yaml", None, "no path inside the repository"),
        ("vp_sales", "way.md", None, "There is no file"),
        ("vp_sales", "http://acme.example", None, "no link"),
        ("vp_sales", LINK, "nowhere", "nowhere"),
        ("vp_sales", LINK, "other", "has the agreement 'other'"),
    ],
)
def test_what_cannot_be_signed_is_refused_and_nothing_is_written(
    desk: Desk, role: str, evidence: str, since: str | None, said: str
) -> None:
    other = desk.old.parent / "other"
    other.mkdir()
    (other / "agreement.yaml").write_text(BEFORE.read_text().replace("name: small", "name: other"))
    (desk.new / "way.md").symlink_to(BEFORE)
    with pytest.raises(SlaSyncError, match=said):
        desk.sign(role, evidence=evidence, since=since)
    assert not (desk.new / "signatures.yaml").exists()


def test_minutes_beside_the_agreement_are_evidence(desk: Desk) -> None:
    (desk.new / "minutes").mkdir()
    (desk.new / "minutes" / "2026-11-02.md").write_text("Agreed.\n")
    assert not desk.sign("vp_sales", evidence="minutes/2026-11-02.md").already


def test_an_agreement_with_errors_is_not_signed(desk: Desk) -> None:
    desk.change(("next: [sal, rejected]", "next: [sal, nowhere]"))
    with pytest.raises(DocumentError):
        desk.sign("vp_sales")


def test_signatures_of_another_agreement_are_not_mixed_with_these(signed: Desk) -> None:
    path = signed.new / "signatures.yaml"
    path.write_text(path.read_text().replace("agreement: small", "agreement: another"))
    with pytest.raises(SlaSyncError, match="is about 'another'"):
        signed.sign("revops")


def test_a_role_that_the_change_removes_can_still_consent_to_it(signed: Desk) -> None:
    signed.change(("  vp_sales: {party: sales}", "  cro: {party: sales}"), ("vp_sales", "cro"))
    found = signed.sign("vp_sales", since="old")
    assert found.amended is not None
    assert "vp_sales" in found.amended.needs
    assert found.missing == ("vp_marketing", "cro")


def test_scripts_get_the_same_as_people(signed: Desk) -> None:
    signed.change(*LONGER)
    plain = signed_as_plain(signed.sign("vp_marketing", since="old"))
    assert plain["written"] is True
    assert plain["missing"] == []
    assert plain["amended"] is not None


def test_a_review_finds_a_forged_step_at_its_place_and_counts_no_signature_by_it(signed: Desk) -> None:
    signed.change(*LONGER)
    signed.sign("vp_marketing", since="old")
    path = signed.new / "signatures.yaml"
    kept = [line for line in path.read_text().splitlines() if "2026-11-17" not in line]
    path.write_text("\n".join(kept).replace("needs: [vp_marketing]", "needs: [revops]") + "\n")
    found = review("old", "new", here=signed.old.parent, today=ON)
    assert isinstance(found, Review)
    assert found.consent.missing == ("vp_marketing",)
    at = {each.location.file for each in found.diagnostics if each.code == "SLA702" and each.location}
    assert at == {"new/agreement.yaml", "new/signatures.yaml"}


def test_what_is_signed_stays_as_fmt_lays_it_out(signed: Desk) -> None:
    signed.change(*LONGER)
    signed.sign("vp_marketing", since="old")
    (laid_out,) = in_layout([signed.new / "signatures.yaml"])
    assert not laid_out.changes, laid_out.difference
