"""What apply asks before it touches a production target: real applies to simulators of which one counts as production."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import requests

from sla_sync.connector.simulation import serve
from sla_sync.diagnostics import Diagnostic, Severity
from sla_sync.errors import RefusedError
from sla_sync.pipeline.apply import Applied, apply
from sla_sync.pipeline.plan import plan
from sla_sync.pipeline.sign import sign
from sla_sync.places import Place, find_place
from sla_sync.registry import load_connector

pytestmark = pytest.mark.slow

CONFIGS = Path(__file__).parents[2] / "configs"
DAY = date(2026, 11, 16)
REQUIRED = ("vp_marketing", "vp_sales", "president")
HOT = ("hot: 15 business minutes", "hot: 30 business minutes")
STAGING, PRODUCTION = "hubspot-simulator", "hubspot-production"


@dataclass(frozen=True)
class Office:
    """A working copy with a staging target and a production target that is promoted from it."""

    folder: Path

    @property
    def place(self) -> Place:
        """Where its documents stand."""
        return find_place(self.folder / "configs" / "acme", here=self.folder)

    def change(self, *pieces: tuple[str, str], file: str = "acme/agreement.yaml") -> None:
        """Replace pieces of a file."""
        path = self.folder / "configs" / file
        text = path.read_text(encoding="utf-8")
        for old, new in pieces:
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    def sign(self, *roles: str, since: str | None = None) -> None:
        """Let roles sign what the agreement says now."""
        for role in roles:
            sign(self.place, role=role, evidence="https://a.example/1", on=DAY, since=since, here=self.folder)

    def apply(self, target: str, *, today: date = DAY) -> Applied:
        """Apply to a target, agreeing to everything."""
        return apply(self.place, target, environ={}, today=today)

    def refusals(self, *, today: date = DAY) -> list[tuple[str, str]]:
        """Return code and message of everything for which production is refused."""
        with pytest.raises(RefusedError) as refused:
            self.apply(PRODUCTION, today=today)
        return [(each.code, each.message) for each in refused.value.diagnostics]


def with_production(folder: Path) -> Path:
    """Copy the example, with a production target beside the one for HubSpot."""
    shutil.copytree(CONFIGS, folder / "configs", ignore=shutil.ignore_patterns("examples"))
    path = folder / "configs" / "targets.yaml"
    text = path.read_text(encoding="utf-8")
    own = text[text.index(f"  {STAGING}:") : text.index("# salesforce-production")]
    promoted = f"simulator: true\n    production: true\n    promoted_from: {STAGING}"
    copied = own.replace(f"  {STAGING}:", f"  {PRODUCTION}:").replace("simulator: true", promoted)
    path.write_text(text.replace(own, own + copied), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = with_production(tmp_path_factory.mktemp("staged"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        office = Office(folder)
        office.apply(STAGING)
        office.sign(*REQUIRED)
    return folder


@pytest.fixture
def office(staged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Return an agreement that is signed, and applied and clean on staging."""
    shutil.copytree(staged, tmp_path / "office")
    monkeypatch.chdir(tmp_path / "office")
    return Office(tmp_path / "office")


def change_by_hand(office: Office, target: str, name: str) -> None:
    """Let somebody describe a property otherwise, in the portal itself."""
    simulator = load_connector("hubspot").simulator
    assert simulator is not None
    data = office.folder / ".sla-sync" / target / "simulator"
    with serve(simulator(), data, clock=datetime(2026, 10, 1, tzinfo=UTC)) as running:
        answer = requests.patch(
            f"{running.url}/crm/v3/properties/contacts/{name}",
            json={"description": "Whatever."},
            headers={"Authorization": f"Bearer {running.token}"},
            timeout=10,
        )
        assert answer.ok, answer.text


def test_what_is_agreed_signed_in_force_and_clean_on_staging_is_applied(office: Office) -> None:
    result = office.apply(PRODUCTION).result
    assert result is not None
    assert result.complete


def unsigned(office: Office) -> None:
    (office.folder / "configs" / "acme" / "signatures.yaml").unlink()


def draft(office: Office) -> None:
    office.change(("status: agreed", "status: draft"))


def retired(office: Office) -> None:
    office.change(("status: agreed", "status: retired"))


def of_another(office: Office) -> None:
    office.change(("agreement: acme-inbound", "agreement: another"), file="acme/signatures.yaml")


REFUSED: list[tuple[Callable[[Office], None], str]] = [
    (draft, "is a draft"),
    (retired, "is retired"),
    (unsigned, "Nobody has signed agreement 'acme-inbound'"),
    (of_another, "is about 'another'"),
]


@pytest.mark.parametrize(("spoil", "said"), REFUSED)
def test_what_is_not_agreed_is_refused(office: Office, spoil: Callable[[Office], None], said: str) -> None:
    spoil(office)
    ((code, message),) = office.refusals()
    assert code == "SLA703"
    assert said in message


def test_what_is_not_in_force_yet_is_refused_until_that_day(office: Office) -> None:
    ((code, message),) = office.refusals(today=date(2026, 9, 30))
    assert code == "SLA703"
    assert "in force from 2026-10-01" in message


def test_a_change_is_refused_until_it_is_signed_by_whom_it_concerns_and_clean_on_staging(office: Office) -> None:
    shutil.copytree(office.folder / "configs" / "acme", office.folder / "before")
    office.change(HOT, ("from: 2026-10-01", "from: 2026-11-16"))
    (code, message), (other, not_there) = office.refusals()
    assert (code, other) == ("SLA703", "SLA823")
    assert "vp_marketing, vp_sales, president signed something else" in message
    assert "there the digest is" in not_there
    office.sign("vp_sales", since="before")
    assert "vp_marketing signed something else" in office.refusals()[0][1]
    office.sign("vp_marketing")
    assert [code for code, _ in office.refusals()] == ["SLA823"]
    office.apply(STAGING)
    assert office.apply(PRODUCTION).result is not None


def test_what_somebody_changed_by_hand_where_it_is_promoted_from_is_refused(office: Office) -> None:
    change_by_hand(office, STAGING, "sla_need")
    ((code, message),) = office.refusals()
    assert code == "SLA823"
    assert "1 setting differs there" in message


def test_what_is_not_clean_where_it_is_promoted_from_is_refused(office: Office) -> None:
    # The prefix is no meaning: the digest stays, and staging has the names of before.
    office.change(("prefix: SLA_", "prefix: OWN_"), file="acme/bindings/hubspot.yaml")
    ((code, message),) = office.refusals()
    assert code == "SLA823"
    assert "there" in message


def test_what_was_applied_here_is_put_back_while_staging_is_ahead(office: Office) -> None:
    office.apply(PRODUCTION)
    change_by_hand(office, PRODUCTION, "sla_need")
    change_by_hand(office, STAGING, "sla_authority")
    assert [code for code, _ in office.refusals()] == ["SLA823"]
    restored = apply(office.place, PRODUCTION, environ={}, today=DAY, only=["Property/contacts/sla_need"]).result
    assert restored is not None
    assert len(restored.outcomes) == 1


def test_a_target_that_cannot_be_looked_at_vouches_for_nothing(office: Office) -> None:
    office.change((f"promoted_from: {STAGING}", "promoted_from: nowhere"), file="targets.yaml")
    ((code, message),) = office.refusals()
    assert code == "SLA823"
    assert "has no target 'nowhere'" in message


def test_a_plan_is_not_refused_and_says_what_apply_will(office: Office) -> None:
    unsigned(office)
    made = plan(office.place, PRODUCTION, environ={}, today=DAY)
    (told,) = [each for each in made.diagnostics if each.code == "SLA703"]
    assert told.severity is Severity.WARNING
    assert told.message.startswith("Apply would refuse this: Nobody has signed")
    assert not made.refused


def of_signing(found: tuple[Diagnostic, ...]) -> list[str]:
    return [each.code for each in found if each.code in {"SLA703", "SLA823"}]


def test_a_target_that_is_not_production_is_held_to_none_of_it(office: Office) -> None:
    unsigned(office)
    draft(office)
    assert of_signing(plan(office.place, STAGING, environ={}, today=DAY).diagnostics) == []
    assert of_signing(office.apply(STAGING).warnings) == []
