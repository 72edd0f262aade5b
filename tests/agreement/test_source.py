"""A YAML file becomes plain values with places; nothing in it makes the loader fail or hang."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sla_sync.agreement.characters import LARGEST
from sla_sync.agreement.compose import DEEPEST, MOST_FINDINGS
from sla_sync.agreement.source import Source, read_source, read_text_source
from sla_sync.diagnostics import Diagnostic, Location
from tests.haste import examples


def only(source: Source) -> Diagnostic:
    (finding,) = source.diagnostics
    return finding


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("NO", "NO"),
        ("on", "on"),
        ("yes", "yes"),
        ("10:00", "10:00"),
        ("1_000", "1_000"),
        ("2026-10-01", "2026-10-01"),
        ("0b11", "0b11"),
        ("010", 10),
        ("0o17", 15),
        ("0x1F", 31),
        ("-3", -3),
        ("+3", 3),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("true", True),
        ("False", False),
        ("tRUE", "tRUE"),
        ("null", None),
        ("~", None),
        ("", None),
        ("'1'", "1"),
        ('"true"', "true"),
        ("70%", "70%"),
    ],
)
def test_plain_values_follow_the_core_schema_of_yaml_1_2(written: str, value: object) -> None:
    source = read_text_source(f"a: {written}\n")
    assert source.diagnostics == ()
    assert source.data == {"a": value}
    assert source.data is not None
    assert type(source.data["a"]) is type(value)


@pytest.mark.parametrize("written", [".nan", ".inf", "-.INF", "1e999", "9" * 5000])
def test_a_number_that_nobody_can_agree_to_is_refused(written: str) -> None:
    source = read_text_source(f"a:\n  b: {written}\n")
    assert only(source).location == Location("agreement.yaml", 2, 6)
    assert only(source).path == ("a", "b")
    assert source.data is None


def test_a_duplicate_key_is_refused_with_both_lines() -> None:
    source = read_text_source("a:\n  x: 1\n  y: 2\n  x: 3\n")
    finding = only(source)
    assert (finding.code, finding.path, str(finding.location)) == ("SLA100", ("a", "x"), "agreement.yaml:4:3")
    assert "line 2" in finding.message
    assert "line 4" in finding.message
    assert source.data == {"a": {"x": 1, "y": 2}}, "the first of the two counts for the other findings"


def test_a_quoted_key_and_a_plain_one_of_the_same_text_are_duplicates() -> None:
    assert "`1` stands twice" in only(read_text_source("1: a\n'1': b\n")).message


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("a: !!str 1", "1:4", "The tag `!!str`"),
        ("a: !own {b: c}", "1:4", "The tag `!own`"),
        ("a: ! b", "1:4", "The tag `!`"),
        ("a: &x {b: c}\nd:\n  <<: *x\n", "3:3", "merge key"),
        ("true: x", "1:1", "The key `true` is not a text"),
        ("~: x", "1:1", "The key `~` is not a text"),
        ("1.5: x", "1:1", "The key `1.5` is not a text"),
        ("-1: x", "1:1", "The key `-1` is not a text"),
        (".nan: x", "1:1", "The key `.nan` is not a text"),
        ("? \n: x", "1:2", "A key is empty"),
        ("? [a, b]\n: c", "1:3", "A key is not a text"),
        ("a: &x b\n*x : c", "2:1", "A key is not a text"),
        ("a: *x", "1:4", "The alias `*x` has no anchor before it"),
        ("a: &x [*x]", "1:8", "The alias `*x` stands inside its own anchor"),
    ],
)
def test_what_the_language_leaves_out_is_refused(text: str, place: str, said: str) -> None:
    finding = only(read_text_source(text))
    assert (finding.code, str(finding.location)) == ("SLA100", f"agreement.yaml:{place}")
    assert said in finding.message
    assert finding.hint


def test_digits_are_kept_as_text_where_they_are_keys() -> None:
    assert read_text_source("{1: 60, 02: 30, NO: x, 2026-10: 9}").data == {"1": 60, "02": 30, "NO": "x", "2026-10": 9}


def test_a_quoted_merge_key_is_an_ordinary_key() -> None:
    assert read_text_source("'<<': x").data == {"<<": "x"}


def test_an_alias_stands_for_the_value_of_its_anchor() -> None:
    source = read_text_source("a: &who [pat, sam]\nb: *who\n")
    assert source.data == {"a": ["pat", "sam"], "b": ["pat", "sam"]}
    assert source.locate(("b",)) == Location("agreement.yaml", 2, 4)
    assert read_text_source("&name mql: {next: *name}").data == {"mql": {"next": "mql"}}
    assert source.locate(("b", 1)) == Location("agreement.yaml", 1, 15)


def test_the_latest_anchor_of_a_name_counts() -> None:
    assert read_text_source("a: &x 1\nb: &x 2\nc: *x\n").data == {"a": 1, "b": 2, "c": 2}


def test_all_findings_of_a_file_are_shown_at_once() -> None:
    source = read_text_source("a: 1\na: 2\nb: !!str x\nc: *x\ntrue: 1\n")
    assert [each.location.line for each in source.diagnostics if each.location] == [2, 3, 4, 5]


def test_a_file_of_nothing_but_mistakes_ends_after_fifty_findings() -> None:
    assert len(read_text_source("a: b\n" * 200_000).diagnostics) == MOST_FINDINGS


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("a:\n\tb: c", "2:1", "A tab stands in the indentation"),
        ("a:\n  b:\n  \tc: d", "3:3", "A tab stands in the indentation"),
        ("a:\n\u00a0 b: c\n  d: e", "2:1", "A space of another kind stands in the indentation"),
        ("a: {b: c #1, d: e}\nf: g\n", "2:1", "lacks a comma or its `}`. It begins in line 1."),
        ("a: b: c", "1:5", "A `:` makes a key of a text"),
        ("a: [1, 2\nb: c\n", "2:2", "lacks a comma or its `]`. It begins in line 1."),
        ("a: {b: c\n", "2:1", "lacks a comma or its `}`. It begins in line 1."),
        ("a: 'x", "1:4", "A quotation mark is opened and never closed"),
        ('a: "\\q"', "1:5", "A backslash in double quotes"),
        ("a: @x", "1:4", "A value cannot begin with `@`."),
        ("a: `x`", "1:4", "A value cannot begin with a back quote."),
        ("a: %x", "1:4", "A value cannot begin with `%`."),
        ("a:\n  b: 1\n c: 2", "3:2", "does not fit what stands above it"),
        ("a: 'b' c", "1:8", "does not fit what stands above it"),
        ("a: *", "1:5", "`*` begins the name of an anchor"),
        ("a: &", "1:5", "`&` begins an anchor"),
        ("a: }", "1:4", "A value is missing before `}`."),
        ("{a: b}}", "1:7", "Something follows the end of the document"),
        ("a: |3x\n b", "1:6", "After `|` or `>`"),
        ("a: !x!y z", "1:4", "A tag (`!…`) cannot be read"),
        ("%FOO\n---\na: b", "1:5", "A line that begins with `%`"),
        ("key: - a", "1:6", "A list begins where no list can begin"),
        ("a: 1\nb\nc: 2", "2:1", "A line has no `:`"),
        ("a: 1\n---\nb: 2\n", "2:1", "A second document begins here"),
        ("", "1:1", "The file is empty"),
        ("# only a comment\n", "1:1", "The file is empty"),
        ("---\n", "1:1", "The file is empty"),
        ("- a\n", "1:1", "The file holds a list"),
        ("just text", "1:1", "The file holds a single value"),
        ("a: \0", "1:4", "a NUL byte"),
        ("a: \x1b[31m", "1:4", "the control character U+001B"),
        ("a: \ud800", "1:4", "the control character U+D800"),
        ("a: x\u202ey", "1:5", "an invisible character, U+202E (right-to-left override)"),
    ],
)
def test_a_broken_text_gives_one_finding_with_place_sentence_and_hint(text: str, place: str, said: str) -> None:
    source = read_text_source(text)
    finding = only(source)
    assert source.data is None
    assert (finding.code, str(finding.location)) == ("SLA100", f"agreement.yaml:{place}")
    assert said in finding.message
    assert finding.message.endswith(".")
    assert finding.hint.endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 1_000_000,
        "{" * 1_000_000,
        "- " * 500_000,
        "? " * 500_000,
        "[a: " * 250_000,
        "[\n" * 300_000,
        "x: " + "&a " * 300_000,
        "]" * 1_000_000,
        "\t" * 1_000_000,
        "%A\n" * 300_000,
        "---\n" * 200_000,
        "k" * 2_000 + ": x",
        "".join(f"k{n}:\n" for n in range(60_000)),
        "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"b{n}: &{'bcdefghi'[n]} [{', '.join(['*' + 'abcdefgh'[n]] * 9)}]\n" for n in range(8)),
        "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 5000)),
    ],
    ids=lambda text: repr(text[:12]),
)
def test_a_text_made_to_exhaust_the_loader_gives_one_finding(text: str) -> None:
    assert only(read_text_source(text)).code == "SLA100"


def test_forty_levels_are_read_and_forty_one_are_not() -> None:
    def nested(levels: int) -> str:
        return "".join(f"{' ' * level}a:\n" for level in range(levels - 1))

    assert read_text_source(nested(DEEPEST)).diagnostics == ()
    assert f"more than {DEEPEST} levels" in only(read_text_source(nested(DEEPEST + 1))).message


@pytest.mark.parametrize(
    ("content", "place", "said"),
    [
        (b"a: b\nc: \xe9\n", "2:4", "Byte 8 of the file (0xe9) is not UTF-8"),
        ("a: b".encode("utf-16"), "1:1", "written in UTF-16"),
        ("a: b".encode("utf-32"), "1:1", "written in UTF-32"),
        ("a: b".encode("utf-16-le"), "1:2", "a NUL byte"),
        (b"a: " + b"x" * LARGEST, "1:1", "larger than 1,048,576 bytes"),
    ],
)
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, content: bytes, place: str, said: str) -> None:
    path = write(tmp_path, "broken.yaml", content)
    finding = only(read_source(path, root=tmp_path))
    assert str(finding.location) == f"broken.yaml:{place}"
    assert said in finding.message


def test_a_byte_order_mark_and_any_line_ending_are_tolerated(tmp_path: Path) -> None:
    path = write(tmp_path, "a.yaml", b"\xef\xbb\xbfa:\r\n  b: 1\r\n\r\n  c: 2\r\n")
    source = read_source(path, root=tmp_path)
    assert source.data == {"a": {"b": 1, "c": 2}}
    assert source.locate(("a", "c")) == Location("a.yaml", 4, 6)


def test_a_file_that_cannot_be_opened_is_a_finding(tmp_path: Path) -> None:
    assert "`gone.yaml` does not exist" in only(read_source(tmp_path / "gone.yaml", root=tmp_path)).message
    assert "is a folder" in only(read_source(tmp_path, root=tmp_path.parent)).message
    assert "cannot be read" in only(read_source(tmp_path / ("x" * 300), root=tmp_path)).message
    os.mkfifo(tmp_path / "pipe.yaml")
    assert "is not a regular file" in only(read_source(tmp_path / "pipe.yaml", root=tmp_path)).message


def test_a_place_is_found_for_every_value_and_for_what_is_missing() -> None:
    source = read_text_source("stages:\n  mql: {means: Ready., next: [sal, lost]}\n  sal:\n    means: Worked.\n")
    assert source.locate(("stages", "mql", "next", 1)) == Location("agreement.yaml", 2, 36)
    assert source.locate_key(("stages", "mql", "next")) == Location("agreement.yaml", 2, 24)
    assert source.locate(("stages", "sal", "accountable")) == Location("agreement.yaml", 3, 3), "the key of the stage"
    assert source.locate(("nowhere",)) == Location("agreement.yaml", 1, 1)
    assert source.locate(()) == Location("agreement.yaml", 1, 1)


@pytest.mark.parametrize(
    ("written", "line", "column"),
    [
        ("x: mql to sal", 1, 11),
        ("x: 'mql to sal'", 1, 12),
        ('x: "mql to sal"', 1, 12),
        ("x: &a mql to sal", 1, 14),
        ("x: mql\n   to\n   sal", 3, 4),
        ("x: >-\n  mql to\n  sal", 3, 3),
        ("x: |\n  mql to sal", 2, 10),
        ("x: &a 'mql\n  to sal'", 2, 6),
        ('x: "\\x6dql to sal"', 1, 4),
    ],
)
def test_a_character_inside_a_text_has_its_own_place(written: str, line: int, column: int) -> None:
    source = read_text_source(written)
    assert source.locate_character(("x",), len("mql to ")) == Location("agreement.yaml", line, column)


def test_the_place_after_a_text_is_where_something_is_missing() -> None:
    source = read_text_source("x: mql to\ny: [1]\n")
    assert source.locate_character(("x",), len("mql to")) == Location("agreement.yaml", 1, 10)
    assert source.locate_character(("x",), 999) == Location("agreement.yaml", 1, 4)
    assert source.locate_character(("gone",), 3) == Location("agreement.yaml", 1, 1)
    assert source.locate_character(("y",), 3) == Location("agreement.yaml", 2, 4)


def test_an_excerpt_shows_the_line_with_a_caret_below_the_place() -> None:
    source = read_text_source("a: 1\nwhen: source is 東京 x\n")
    line, caret = source.excerpt(source.locate_character(("when",), 13)).split("\n")
    assert line == "    2 | when: source is 東京 x"
    assert caret == "      | " + " " * len("when: source is 東京 ") + "  ^", "a wide character takes two columns"
    assert source.excerpt(Location("agreement.yaml", 99)) == ""
    assert source.excerpt(Location("other.yaml")) == ""


def test_an_excerpt_of_a_long_or_hostile_line_is_safe_to_print() -> None:
    long = read_text_source("a: " + "x" * 5_000 + "\x1b[2J")
    shown = long.excerpt(Location("agreement.yaml", 1, 5_004))
    line, caret = shown.split("\n")
    assert len(line) < 120
    assert "\x1b" not in shown
    assert line[caret.index("^") :] == " [2J", "the caret stands below the escape character, shown as a space"


def test_an_excerpt_is_shown_of_a_file_that_is_not_text(tmp_path: Path) -> None:
    source = read_source(write(tmp_path, "a.yaml", b"a: caf\xe9\n"), root=tmp_path)
    place = only(source).location
    assert place is not None
    assert source.excerpt(place) == "    1 | a: caf\N{REPLACEMENT CHARACTER}\n      |       ^"


ALPHABET = st.sampled_from([*list("ab1:-?,[]{}&*!|>'\"%@#~<\\. \n\r\t"), "é", "<<", ": ", "- ", "\n  ", "include: "])


@settings(max_examples=examples(400), deadline=None, derandomize=True)
@given(st.one_of(st.lists(ALPHABET, max_size=30).map("".join), st.text(max_size=40)))
@example("a: [1, 2")
@example("\ud800")
@example("a: !!binary x")
def test_no_text_makes_the_loader_fail(text: str) -> None:
    source = read_text_source(text)
    lines = source.text_of(source.file)
    assert (source.data is not None) or source.diagnostics
    for finding in source.diagnostics:
        assert finding.location is not None
        assert finding.message.endswith(".")
        assert finding.hint
        assert finding.location.line <= max(1, len(lines))
        source.excerpt(finding.location)


@settings(max_examples=examples(100), deadline=None, derandomize=True)
@given(st.binary(max_size=60))
def test_no_bytes_make_the_loader_fail(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = write(tmp_path_factory.mktemp("bytes"), "a.yaml", content)
    source = read_source(path, root=path.parent)
    assert all(finding.location is not None for finding in source.diagnostics)


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-1000, 1000), st.text("abcXYZ :#-'\"1%", max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text("abc: ", min_size=1), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=examples(100), deadline=None, derandomize=True)
@given(st.dictionaries(st.text("abcdef", min_size=1), VALUES, min_size=1, max_size=4))
def test_what_json_writes_is_read_back(data: dict[str, object]) -> None:
    source = read_text_source(json.dumps(data, indent=1))
    assert source.diagnostics == ()
    assert source.data == data
