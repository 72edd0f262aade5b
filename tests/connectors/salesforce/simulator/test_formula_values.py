"""What formulas result in: a table, and the laws of dates and numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_sync_salesforce.simulator.formulas.functions import FormulaError, Value
from sla_sync_salesforce.simulator.formulas.values import evaluate, holds, outward
from sla_sync_salesforce.simulator.running.paths import Viewpoint, field_at
from sla_sync_salesforce.simulator.running.world import world_of
from tests.connectors.salesforce.simulator.live import MONDAY, Live, live

NOON = datetime(2026, 3, 1, 12, 30, 15, tzinfo=UTC)


@dataclass(frozen=True)
class Names:
    """What the names of the table stand for."""

    now: datetime = NOON
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("America/New_York"))
    is_new: bool = False
    values: dict[str, Value] = field(
        default_factory=lambda: {
            "Text": "Hello World",
            "No_Text": None,
            "Number": Decimal("7.5"),
            "Minus": Decimal("-2.5"),
            "No_Number": None,
            "Yes": True,
            "No": False,
            "Day": date(2026, 1, 31),
            "Instant": NOON,
            "No_Instant": None,
            "Chosen": "New",
            "Several": "Red;Green",
            "No_Choice": None,
        }
    )
    before: dict[str, Value] = field(default_factory=lambda: {"Text": "before", "Number": Decimal("7.5")})

    def value(self, name: str) -> Value:
        """Return the value of a name."""
        return self.values[name]

    def prior(self, name: str) -> Value:
        """Return the value that a name had before."""
        return self.before.get(name)


CASES: list[tuple[str, Value]] = [
    # arithmetic
    ("1 + 2 * 3 - 4 / 8", Decimal("6.5")),
    ("-Number + 1", Decimal("-6.5")),
    ("2 ^ 3 ^ 1", Decimal(8)),
    ("0.1 + 0.2", Decimal("0.3")),
    ("No_Number + 1", None),
    ("2 * No_Number", None),
    ("-No_Number", None),
    ("1 / 3 * 3 = 1", False),  # the platform's numbers are decimal too
    # blanks in comparisons
    ("No_Number > 1", False),
    ("No_Number <= 1", False),
    ("NOT(No_Number > 1)", True),
    ("No_Number = 1", False),
    ("No_Number <> 1", True),
    ("No_Number = NULL", True),
    ("No_Text = ''", True),
    ("No_Text <> 'x'", True),
    ("No_Text = No_Instant", True),
    ("IF(No_Number > 1, 'more', 'not')", "not"),
    ("AND(Yes, No_Number > 1)", False),
    # logic
    ("AND(Yes, NOT(No))", True),
    ("OR(No, No)", False),
    ("Yes && !No || No", True),
    ("OR(Yes, 1 / 0 > 1)", True),
    ("AND(No, 1 / 0 > 1)", False),
    ("IF(Yes, 1, 1 / 0)", Decimal(1)),
    ("CASE(Chosen, 'Old', 1, 'New', 2, 3)", Decimal(2)),
    ("CASE(Number, 1, 'one', 'other')", "other"),
    ("CASE(No_Text, '', 'blank', 'known')", "blank"),
    ("BLANKVALUE(No_Number, 0) + 1", Decimal(1)),
    ("BLANKVALUE(Text, 'none')", "Hello World"),
    ("NULLVALUE(No_Instant, Instant) = Instant", True),
    ("ISBLANK(No_Text)", True),
    ("ISBLANK(Number)", False),
    ("ISBLANK('')", True),
    ("ISNULL(No_Number)", True),
    # texts
    ("Text & ' ' & TEXT(Number)", "Hello World 7.5"),
    ("Text + No_Text", "Hello World"),
    ("No_Text & 'x'", "x"),
    ("LEFT(Text, 5)", "Hello"),
    ("RIGHT(Text, 5)", "World"),
    ("RIGHT(Text, 0)", ""),
    ("MID(Text, 7, 3)", "Wor"),
    ("LEN(Text)", Decimal(11)),
    ("LEN(No_Text)", Decimal(0)),
    ("FIND('World', Text)", Decimal(7)),
    ("FIND('world', Text)", Decimal(0)),
    ("FIND('o', Text, 6)", Decimal(8)),
    ("CONTAINS(Text, 'lo W')", True),
    ("CONTAINS(No_Text, 'x')", False),
    ("BEGINS(Text, 'Hello')", True),
    ("BEGINS(Text, 'hello')", False),
    ("SUBSTITUTE(Text, 'o', '0')", "Hell0 W0rld"),
    ("UPPER(Text)", "HELLO WORLD"),
    ("LOWER(Text)", "hello world"),
    ("TRIM('  a  ')", "a"),
    ("LPAD('7', 3, '0')", "007"),
    ("RPAD('7', 3)", "7  "),
    ("LPAD('1234', 3, '0')", "123"),
    ("VALUE('12.50')", Decimal("12.50")),
    ("VALUE('')", None),
    ("ISNUMBER('12.5')", True),
    ("ISNUMBER('twelve')", False),
    ("REGEX(Text, '[A-Z][a-z]+ [A-Z][a-z]+')", True),
    ("REGEX(Text, 'Hello')", False),
    ("TEXT(1.50)", "1.5"),
    ("TEXT(100)", "100"),
    ("TEXT(Day)", "2026-01-31"),
    ("TEXT(Instant)", "2026-03-01 12:30:15Z"),
    ("'it\\'s'", "it's"),
    ("BR()", "\n"),
    ("Text = 'hello world'", False),
    # picklists
    ("ISPICKVAL(Chosen, 'New')", True),
    ("ISPICKVAL(Chosen, 'new')", False),
    ("ISPICKVAL(No_Choice, '')", True),
    ("TEXT(Chosen)", "New"),
    ("TEXT(No_Choice) = ''", True),
    ("INCLUDES(Several, 'Green')", True),
    ("INCLUDES(Several, 'Gre')", False),
    # rounding
    ("ROUND(2.5, 0)", Decimal(3)),
    ("ROUND(Minus, 0)", Decimal(-3)),
    ("ROUND(149, -2)", Decimal(100)),
    ("FLOOR(2.9)", Decimal(2)),
    ("FLOOR(Minus)", Decimal(-2)),
    ("MFLOOR(Minus)", Decimal(-3)),
    ("CEILING(2.1)", Decimal(3)),
    ("CEILING(Minus)", Decimal(-3)),
    ("MCEILING(Minus)", Decimal(-2)),
    ("TRUNC(2.99, 1)", Decimal("2.9")),
    ("MOD(7, 3)", Decimal(1)),
    ("MOD(7.5, 2)", Decimal("1.5")),
    ("MAX(1, Number, 3)", Decimal("7.5")),
    ("MIN(1, Number, 3)", Decimal(1)),
    ("MAX(1, No_Number)", None),
    ("ABS(Minus)", Decimal("2.5")),
    ("SQRT(9)", Decimal(3)),
    # dates and instants
    ("Day + 1", date(2026, 2, 1)),
    ("Day - 31", date(2025, 12, 31)),
    ("DATE(2026, 2, 1) - Day", Decimal(1)),
    ("Instant + 0.5", NOON + timedelta(hours=12)),
    ("Instant + 30 / 1440", NOON + timedelta(minutes=30)),
    ("(Instant + 1 - Instant) * 1440", Decimal(1440)),
    ("Instant - No_Instant", None),
    ("No_Instant + 1", None),
    ("Instant > NOW() - 1", True),
    ("NOW() = Instant", True),
    ("No_Instant < NOW()", False),
    ("TODAY()", date(2026, 3, 1)),
    ("DATEVALUE(DATETIMEVALUE('2026-03-01 03:00:00'))", date(2026, 2, 28)),
    ("DATEVALUE('2026-03-01')", date(2026, 3, 1)),
    ("DATETIMEVALUE(Day)", datetime(2026, 1, 31, tzinfo=UTC)),
    ("YEAR(Day) * 10000 + MONTH(Day) * 100 + DAY(Day)", Decimal(20260131)),
    ("WEEKDAY(DATE(2026, 3, 1))", Decimal(1)),
    ("ADDMONTHS(Day, 1)", date(2026, 2, 28)),
    ("ADDMONTHS(DATE(2026, 2, 28), 1)", date(2026, 3, 31)),
    ("ADDMONTHS(DATE(2026, 1, 15), 12)", date(2027, 1, 15)),
    ("HOUR(TIMEVALUE(Instant)) * 100 + MINUTE(TIMEVALUE(Instant))", Decimal(1230)),
    ("SECOND(TIMENOW())", Decimal(15)),
    # the record before
    ("ISCHANGED(Text)", True),
    ("ISCHANGED(Number)", False),
    ("PRIORVALUE(Text)", "before"),
    ("ISNEW()", False),
    ("CASESAFEID('0015g0000000001')", "0015g0000000001AAA"),
]


@pytest.mark.parametrize(("formula", "expected"), CASES)
def test_a_formula_results_in_what_the_platform_documents(formula: str, expected: Value) -> None:
    result = evaluate(formula, Names())
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(("formula", "expected"), [("ISCHANGED(Text)", False), ("PRIORVALUE(Text)", "Hello World")])
def test_on_a_new_record_nothing_has_changed(formula: str, expected: Value) -> None:
    assert evaluate(formula, Names(is_new=True)) == expected


@pytest.mark.parametrize(
    "formula", ["1 / 0", "MOD(1, 0)", "VALUE('x')", "SQRT(-1)", "DATE(2026, 2, 30)", "DATEVALUE('soon')", "LN(0)"]
)
def test_a_formula_without_a_result_says_so(formula: str) -> None:
    with pytest.raises(FormulaError):
        evaluate(formula, Names())


def test_a_number_is_rounded_half_up_to_its_scale() -> None:
    assert outward(Decimal("2.675"), 2) == 2.68
    assert outward(Decimal("2.5"), 0) == 3
    assert outward(Decimal("-2.5"), 0) == -3
    assert isinstance(outward(Decimal("3.00"), 4), int)
    assert outward(time(9, 30)) == "09:30:00.000"


@given(st.integers(0, 10_000_000), st.integers(0, 90_000))
def test_minutes_added_as_a_part_of_a_day_come_back_to_the_millisecond(seconds: int, minutes: int) -> None:
    start = NOON + timedelta(seconds=seconds)
    names = Names(values={"Start": start, "Minutes": Decimal(minutes)})
    assert evaluate("Start + Minutes / 1440", names) == start + timedelta(minutes=minutes)


@given(st.integers(0, 100_000_000), st.integers(-100_000, 100_000))
def test_a_comparison_of_instants_is_that_of_their_difference_with_zero(seconds: int, between: int) -> None:
    one = NOON + timedelta(seconds=seconds)
    other = one + timedelta(seconds=between)
    names = Names(values={"One": one, "Other": other})
    assert holds("One < Other", names) == (one < other) == holds("One - Other < 0", names)


@pytest.fixture
def org(tmp_path: Path) -> Live:
    org = live(tmp_path)
    org.field("Lead.Points__c", "Number")
    org.field("Lead.Due__c", "DateTime")
    return org


def read(org: Live, identity: str, path: str) -> object:
    view = Viewpoint(world_of(org.desk), org.now, org.admin.id)
    return field_at(view, "Lead", org.row("Lead", identity), path)


@pytest.mark.parametrize(
    ("blanks", "formula", "expected"),
    [
        ("BlankAsZero", "Points__c + 1", 1),
        ("BlankAsBlank", "Points__c + 1", None),
        ("BlankAsZero", "IF(ISBLANK(Points__c), 1, 2)", 2),
        ("BlankAsBlank", "IF(ISBLANK(Points__c), 1, 2)", 1),
        ("BlankAsBlank", "IF(ISBLANK(Due__c), 1, 2)", 1),
        ("BlankAsZero", "IF(ISBLANK(Due__c), 1, 2)", 1),
    ],
)
def test_a_formula_field_takes_blank_numbers_as_it_is_told(
    blanks: str, formula: str, expected: object, org: Live
) -> None:
    org.field("Lead.Sum__c", "Number", formula=formula, formulaTreatBlanksAs=blanks, scale="2")
    assert read(org, org.lead(), "Sum__c") == expected


def test_a_formula_field_follows_the_clock_and_other_formula_fields(org: Live) -> None:
    org.field("Lead.Late__c", "Checkbox", formula="Due__c < NOW()")
    org.field("Lead.State__c", "Text", formula='IF(Late__c, "late", "in time")')
    lead = org.lead(Due__c=MONDAY)
    assert read(org, lead, "State__c") == "in time"
    org.until(MONDAY + timedelta(seconds=1))
    assert read(org, lead, "State__c") == "late"


def test_a_formula_field_without_a_result_reads_as_blank(org: Live) -> None:
    org.field("Lead.Share__c", "Number", formula="1 / Points__c", scale="2")
    assert read(org, org.lead(), "Share__c") is None


def test_paths_lead_to_owners_be_they_people_or_queues(org: Live) -> None:
    queue = org.keep("Queue", "Overflow", {"name": "Overflow", "queueSobject": [{"sobjectType": "Lead"}]})
    mine, waiting = org.lead(), org.lead(OwnerId=queue.id)
    assert read(org, mine, "Owner:User.Username") == "integration@acme.example"
    assert read(org, waiting, "Owner:User.Username") is None
    assert read(org, waiting, "Owner:Queue.DeveloperName") == "Overflow"
    assert read(org, mine, "Owner.Name") == "Integration"


def test_global_variables_lead_to_metadata_settings_permissions_and_the_user(org: Live) -> None:
    org.keep("CustomObject", "T__mdt", {"label": "T"})
    org.field("T__mdt.Points__c", "Number")
    org.keep("CustomMetadata", "T.MQL", {"label": "MQL", "values": [{"field": "Points__c", "value": {"text": "60.0"}}]})
    org.keep("CustomObject", "Switch__c", {"label": "Switch", "customSettingsType": "Hierarchy"})
    org.field("Switch__c.Silent__c", "Checkbox", defaultValue="false")
    org.rule("Lead.Few", "Points__c < $CustomMetadata.T__mdt.MQL.Points__c", "Too few.")
    org.rule("Lead.Hush", "$Setup.Switch__c.Silent__c", "Silent.")
    org.rule("Lead.Bypass", "AND($User.Username = 'sam@acme.example', NOT($Permission.Bypass))", "Not you.")
    org.keep("CustomPermission", "Bypass", {"label": "Bypass"})
    org.lead(Points__c=60)
    with pytest.raises(Exception, match="Too few"):
        org.lead(Points__c=59)
    with pytest.raises(Exception, match="Not you"):
        org.lead(by=org.user("sam"), Points__c=60)
    org.save("Switch__c", SetupOwnerId=org.desk.organization.id, Silent__c=True, Name="Org")
    with pytest.raises(Exception, match="Silent"):
        org.lead(Points__c=60)
    org.save("Switch__c", SetupOwnerId=org.admin.id, Silent__c=False, Name="User")
    org.lead(Points__c=60)
