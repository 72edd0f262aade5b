"""An agreement may be made of several files inside one folder; each key comes from one of them."""

from pathlib import Path

import pytest

from sla_sync.agreement.source import Source, read_source, read_text_source
from sla_sync.diagnostics import Location


def read(folder: Path, **files: str) -> Source:
    """Write `name` as `name.yaml` and read `main.yaml`."""
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return read_source(folder / "main.yaml", root=folder, shown="configs/main.yaml")


def refusal(source: Source, code: str = "SLA106") -> str:
    (finding,) = source.diagnostics
    assert finding.code == code
    assert finding.hint
    assert source.data is None or code == "SLA107"
    return f"{finding.location}: {finding.message}"


def test_an_included_file_adds_its_sections(tmp_path: Path) -> None:
    source = read(tmp_path, main="include: scoring.yaml\nroles: {}\n", scoring="scoring:\n  person: {threshold: 100}\n")
    assert source.diagnostics == ()
    assert source.data == {"roles": {}, "scoring": {"person": {"threshold": 100}}}
    place = source.locate(("scoring", "person", "threshold"))
    assert place == Location("configs/scoring.yaml", 2, 23)
    assert source.excerpt(place).endswith("| " + " " * 22 + "^")


def test_a_list_of_files_and_files_that_include_more_are_read(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "deep.yaml").write_text("include: ../last.yaml\nc: 3\n")
    source = read(tmp_path, main="include:\n  - b.yaml\n  - parts/deep.yaml\na: 1\n", b="b: 2\n", last="d: 4\n")
    assert source.diagnostics == ()
    assert source.data == {"a": 1, "b": 2, "c": 3, "d": 4}
    assert source.locate(("d",)).file == "configs/last.yaml"


@pytest.mark.parametrize(
    "written", ["gone.yaml", "../outside.yaml", "/etc/hosts", "loop", "''", "7", "{a: b}", '"a\\0b"']
)
def test_a_file_that_may_not_be_included_is_refused_where_it_is_asked_for(tmp_path: Path, written: str) -> None:
    folder = tmp_path / "configs"
    folder.mkdir()
    (tmp_path / "outside.yaml").write_text("b: 2\n")
    (folder / "loop").symlink_to(folder / "loop")
    assert refusal(read(folder, main=f"a: 1\ninclude: [{written}]\n")).startswith("configs/main.yaml:2:11: ")


def test_a_link_does_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "configs"
    folder.mkdir()
    (tmp_path / "outside.yaml").write_text("b: 2\n")
    (folder / "inside.yaml").symlink_to(tmp_path / "outside.yaml")
    assert "`inside.yaml` lies outside the folder" in refusal(read(folder, main="include: inside.yaml\n"))


def test_a_folder_reached_through_a_link_is_still_that_folder(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real)
    assert read(link, main="include: b.yaml\n", b="b: 2\n").data == {"b": 2}


def test_a_circle_of_includes_is_refused(tmp_path: Path) -> None:
    source = read(tmp_path, main="include: b.yaml\n", b="include: main.yaml\nb: 2\n")
    assert refusal(source) == "configs/b.yaml:1:10: `main.yaml` includes itself, directly or through others."


def test_a_file_is_included_once(tmp_path: Path) -> None:
    source = read(tmp_path, main="include: [b.yaml, ./b.yaml]\n", b="b: 2\n")
    assert refusal(source) == "configs/main.yaml:1:19: `./b.yaml` is included twice."


def test_a_key_in_two_files_is_refused_with_both_places(tmp_path: Path) -> None:
    source = read(tmp_path, main="include: b.yaml\nroles: {x: 1}\n", b="a: 1\nroles: {y: 2}\n")
    said = refusal(source, "SLA107")
    assert said == (
        "configs/b.yaml:2:1: `roles` stands in two files: at configs/main.yaml:2:1 and at configs/b.yaml:2:1."
    )
    assert source.data == {"roles": {"x": 1}, "a": 1}


def test_a_broken_included_file_is_found_in_that_file(tmp_path: Path) -> None:
    source = read(tmp_path, main="include: b.yaml\na: 1\n", b="b: [\n")
    assert refusal(source, "SLA100") == "configs/b.yaml:2:1: A value is missing before the end."


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    files = {f"f{n}": f"include: f{n + 1}.yaml\nk{n}: 1\n" for n in range(60)}
    assert "`f49.yaml` is one file too many" in refusal(read(tmp_path, main="include: f0.yaml\n", **files))


@pytest.mark.slow
def test_all_files_together_are_bounded(tmp_path: Path) -> None:
    many = "".join(f"{{0}}{n}: x\n" for n in range(15_000))
    files = {f"f{n}": many.replace("{0}", f"k{n}_") for n in range(4)}
    source = read(tmp_path, main=f"include: [{', '.join(f'{name}.yaml' for name in files)}]\n", **files)
    assert "configs/f3.yaml" in refusal(source, "SLA100")


def test_a_text_without_a_file_includes_nothing() -> None:
    assert "cannot include" in refusal(read_text_source("include: b.yaml\na: 1\n"))


def test_files_are_named_from_the_current_folder_or_else_from_their_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "acme").mkdir()
    path = tmp_path / "acme" / "a.yaml"
    path.write_text("a: 1\n")
    monkeypatch.chdir(tmp_path)
    assert read_source(path, root=tmp_path / "acme").file == "acme/a.yaml"
    monkeypatch.chdir("/")
    assert read_source(Path("/") / path, root=path.parent).file == path.as_posix().lstrip("/")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert read_source(path, root=tmp_path / "acme").file == "a.yaml"
    assert read_source(path, root=tmp_path / "elsewhere").file == path.as_posix()
