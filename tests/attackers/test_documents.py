"""What a pull request may write runs no code, reads no file of others, and makes nobody wait.

Links, `..` and absolute paths in includes, holidays and people, and revisions that look like options of git, are judged in
tests/pipeline/test_revisions.py; hosts that a changed targets file names in tests/pipeline/test_trust.py; files made to exhaust
the reader in tests/fuzz/test_hostile.py.
"""

from __future__ import annotations

import ast
import shutil
import time
from datetime import date
from pathlib import Path

import pytest

from sla_sync.agreement.formats import FormatError
from sla_sync.agreement.hours import MOST_WINDOWS, parse_windows
from sla_sync.agreement.source import read_text_source
from sla_sync.errors import SlaSyncError
from sla_sync.pipeline.git import find_commit, is_commit
from sla_sync.pipeline.minutes import folder_of
from sla_sync.pipeline.validate import judge, read
from sla_sync.places import find_place
from tests.pipeline.repository import commit, repository

PROJECT = Path(__file__).parents[2]
SECONDS = 4
TODAY = date(2026, 10, 15)
TAGS = (
    "!!python/object/apply:os.system [touch owned]", "!!python/name:os.system", "!!python/module:os", "!!binary aGk=",
    "!include /etc/passwd", "!<tag:yaml.org,2002:python/object/new:os.system> [touch owned]", "!!set {a}", "!ENV ${HOME}",
)  # fmt: skip


@pytest.mark.parametrize("value", TAGS)
def test_no_tag_of_yaml_makes_anything_but_a_finding(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = read_text_source(f"apiVersion: sla-sync/v1\nkind: LeadSLA\nmetadata: {value}\n")
    assert "is not part of the language" in found.diagnostics[0].message
    assert found.data is not None
    assert found.data["metadata"] in (
        "touch owned",
        ["touch owned"],
        {"a": None},
        "",
        None,
        "aGk=",
        "/etc/passwd",
        "${HOME}",
    )
    assert not (tmp_path / "owned").exists()


MINUTES = [f"{n // 60:02}:{n % 60:02}-{n // 60:02}:{n % 60 + 1:02}" for n in range(0, 1439, 2)]
HOURS = [f"{n:02}:00-{n:02}:59" for n in range(24)]
DAYS = [f"{year}-{month:02}-{day:02}" for year in range(2027, 2033) for month in range(1, 13) for day in range(1, 29)]
EXTREMES = (
    ("from: 2026-10-01, until: 2026-12-31", "from: 0001-01-01, until: 9999-12-31"),
    ("from: 2026-10-01, until: 2026-12-31", "from: 2026-10-01, until: 2399-12-31"),
    ("notice: 10 business days", "notice: 25000 business days"),
    ("target: 1500000", "target: 1e300"),
    ("target: 1500000", "target: 1e999999999"),
    ("average_deal: 40000", "average_deal: 1e-300"),
    ("inquiry to mql: 12%", "inquiry to mql: 0.001%"),
    ("members: 2", "members: 1e300"),
    ("members: 2", "members: 1000000000"),
    ("capacity: 110 hours", "capacity: 9999999999999999999 hours"),
    ("hot: 15 business minutes", "hot: 25000 business days"),
    ("every: 30 days", "every: 1 second"),
    ("{A: 55,", "{A: 1e300,"),
    ("employees >= 200", "(" * 200 + "employees >= 200" + ")" * 200),
    ("employees >= 200", " and ".join(["(employees >= 1 or employees >= 2)"] * 400)),
    ("touches >= 6", f"touches >= {'9' * 500}"),
    ("mon-fri: 09:00-17:00", f"mon-sun: [{', '.join(MINUTES)}]"),
    ("mon-fri: 09:00-17:00", f"mon-sun: [{', '.join(HOURS)}]"),
    ("holidays: [", f"holidays: [{', '.join(DAYS)}, "),
)  # fmt: skip


@pytest.mark.parametrize(("agreed", "written"), EXTREMES, ids=[each[1][:40] for each in EXTREMES])
def test_no_number_makes_whoever_judges_an_agreement_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, agreed: str, written: str
) -> None:
    shutil.copytree(PROJECT / "configs/acme", tmp_path / "configs/acme")
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "configs/acme/agreement.yaml"
    text = file.read_text()
    assert agreed in text
    file.write_text(text.replace(agreed, written, 1))
    began = time.monotonic()
    judge(read(find_place(Path("configs/acme"), here=tmp_path)), today=TODAY)
    assert time.monotonic() - began < SECONDS


def test_a_day_has_no_more_windows_than_can_be_judged() -> None:
    assert len(parse_windows(HOURS)) == MOST_WINDOWS
    with pytest.raises(FormatError, match="A day has 25 windows"):
        parse_windows(MINUTES[: MOST_WINDOWS + 1])


@pytest.mark.parametrize("said", ["../elsewhere", "/etc", "acme/../../x", "link"])
def test_a_folder_of_minutes_lies_beside_the_agreement(tmp_path: Path, said: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "link").symlink_to(tmp_path)
    with pytest.raises(SlaSyncError, match="outside the folder of the agreement"):
        folder_of(said, home)


REVISIONS = (
    "--upload-pack=touch owned",
    "-x",
    "--output=owned",
    "HEAD:--x",
    "@{-1",
    "$(touch owned)",
    "`touch owned`",
    "a;b",
)


def test_no_revision_is_an_option_of_git_or_a_command_of_a_shell(tmp_path: Path) -> None:
    here = repository(tmp_path)
    for said in REVISIONS:
        assert not is_commit(said, here=here)
        with pytest.raises(SlaSyncError):
            find_commit(said, here=here)
    assert not list(here.glob("owned*"))


@pytest.mark.slow
def test_names_of_files_that_look_like_options_are_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = repository(tmp_path)
    monkeypatch.chdir(here)
    for name in ("--help.yaml", "-o owned.yaml", "$(touch owned).yaml"):
        (here / "configs/acme/bindings" / name).write_text("kind: Binding\n")
    assert is_commit(commit(here), here=here)
    found = read(find_place(Path("configs/acme"), here=here))
    assert {"--help.yaml", "$(touch owned).yaml"} <= {Path(each).name for each in map(str, found.sources)}
    assert not list(here.rglob("owned"))


# Where the program starts another one, imports by a name, or reads what could be more than data; every place is looked at here.
DANGEROUS = {
    "subprocess.run", "subprocess.Popen", "os.system", "os.popen", "eval", "exec", "__import__",
    "importlib.import_module", "pickle.loads", "pickle.load", "marshal.loads", "yaml.load", "ssl._create_unverified_context",
    "ast.literal_eval", "shelve.open", "tempfile.mktemp", "os.execvp", "os.spawnl",
}  # fmt: skip
KNOWN = {
    (
        "connectors/sla_sync_salesforce/signing_in.py",
        "subprocess.run",
    ),  # the Salesforce CLI, with an alias that is no option
    (
        "connectors/sla_sync_salesforce/simulator/packages/deployment.py",
        "pickle.loads",
    ),  # a copy of what was made a line before
    ("sla_sync/pipeline/branch.py", "subprocess.run"),  # git
    ("sla_sync/pipeline/build.py", "subprocess.run"),  # git
    ("sla_sync/pipeline/git.py", "subprocess.run"),  # git
    ("sla_sync/targets.py", "importlib.import_module"),  # keyring, by a name that stands there
}


def _calls(path: Path) -> set[tuple[str, str]]:
    file = path.relative_to(PROJECT).as_posix()
    found: set[tuple[str, str]] = set()
    text = path.read_text(encoding="utf-8")
    assert "from subprocess import" not in text, file
    assert "from os import" not in text, file
    suspect = any(each in text for each in (*DANGEROUS, "shell=", "verify="))
    for node in ast.walk(ast.parse(text)) if suspect else ():
        if isinstance(node, ast.Call):
            if ast.unparse(node.func) in DANGEROUS:
                found.add((file, ast.unparse(node.func)))
            said = {each.arg: ast.unparse(each.value) for each in node.keywords}
            assert said.get("shell") is None, file
            assert said.get("verify") not in {"False", "0"}, file
    return found


def test_other_programs_and_code_are_started_in_known_places_only_and_never_by_a_shell() -> None:
    modules = [path for folder in ("sla_sync", "connectors") for path in (PROJECT / folder).rglob("*.py")]
    found = set().union(*(_calls(path) for path in modules))
    assert found == KNOWN
