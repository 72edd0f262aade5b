"""What would not run, or not read, on Windows or macOS: only Linux is at hand, so calls and names are looked at."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

import pytest

PROJECT = Path(__file__).resolve().parents[2]
CODE = sorted(path for folder in ("sla_sync", "connectors") for path in (PROJECT / folder).rglob("*.py"))
POSIX_MODULES = frozenset({"fcntl", "grp", "posix", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty"})
POSIX_CALLS = frozenset(
    "os.chown os.fchmod os.fchown os.fork os.getegid os.geteuid os.getgid os.getpgid os.getuid os.kill os.killpg"
    " os.mkfifo os.nice os.pread os.pwrite os.setsid os.statvfs os.uname os.wait os.waitpid signal.SIGKILL signal.SIGHUP"
    " signal.alarm signal.pause signal.sigwait time.tzset".split()
)
NEAR = frozenset({"_text", *POSIX_MODULES, *(each.rpartition(".")[2] for each in POSIX_CALLS)})
"""One of these stands in every text of which something can be told: most modules need not be taken apart."""
RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")


def only_posix(tree: ast.AST) -> Iterator[str]:
    """Yield what a module imports or names that Windows does not have."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in POSIX_MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module in POSIX_MODULES:
            yield str(node.module)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if f"{node.value.id}.{node.attr}" in POSIX_CALLS:
                yield f"{node.value.id}.{node.attr}"
        elif isinstance(node, ast.Call):
            yield from _opened_as_text(node)


def _opened_as_text(node: ast.Call) -> Iterator[str]:
    """Yield a file that is read or written as text in whatever encoding the machine prefers."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    places = {"read_text": 0, "write_text": 1}
    if name in places and len(node.args) <= places[name] and not any(each.arg == "encoding" for each in node.keywords):
        yield f"{name} without an encoding"


def test_nothing_is_called_that_only_posix_has_and_no_text_is_read_in_the_machines_own_encoding() -> None:
    texts = ((path, path.read_text(encoding="utf-8")) for path in CODE)
    found = {
        path.relative_to(PROJECT).as_posix(): calls
        for path, text in texts
        if any(each in text for each in NEAR) and (calls := set(only_posix(ast.parse(text))))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import os\nos.geteuid()", "os.geteuid"),
        ("from fcntl import flock", "fcntl"),
        ("path.read_text()", "read_text without an encoding"),
        ("path.write_text(found)", "write_text without an encoding"),
    ],
)
def test_what_only_posix_has_is_told(code: str, told: str) -> None:
    assert list(only_posix(ast.parse(code))) == [told]
    assert any(each in code for each in NEAR)


def test_every_file_of_the_project_has_a_name_that_windows_can_have_and_no_two_differ_by_capitals_only() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout  # noqa: S607
    names = listed.splitlines()
    assert len({each.lower() for each in names}) == len(names)
    for name in names:
        for part in PureWindowsPath(name).parts:
            assert not RESERVED.fullmatch(part), name
            assert not re.search(r'[<>:"|?*\\]|[. ]$', part), name
        assert len(name) < 160, name  # below a folder of a hundred characters there is still room on Windows


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_into_a_file_everything_is_written_in_utf_8_whatever_the_machine_prefers(encoding: str, tmp_path: Path) -> None:
    environ = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "LC_ALL": "C"}
    command = [sys.executable, "-m", "sla_sync", "explain", str(PROJECT / "configs/acme")]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "–" in done.stdout.decode("utf-8")
