"""Files: read as a tree, and written into one that others keep, all of them or none."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sla_sync.errors import SlaSyncError
from sla_sync.files import new_folder, read_tree, write_atomically, write_into, write_new, write_tree


def test_a_tree_is_read_without_what_is_hidden_linked_or_a_tool_s_own(tmp_path: Path) -> None:
    for name in ("a.txt", "b/c.txt", ".git/config", "b/.hidden", "node_modules/x.js"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    assert read_tree(tmp_path) == {"a.txt": b"a.txt", "b/c.txt": b"b/c.txt"}


def test_what_is_no_folder_cannot_be_read_as_a_tree(tmp_path: Path) -> None:
    with pytest.raises(SlaSyncError, match="no folder"):
        read_tree(tmp_path / "absent")


def test_files_are_written_among_others_that_stay(tmp_path: Path) -> None:
    (tmp_path / "others.txt").write_text("theirs")
    (tmp_path / "ours.txt").write_text("old")
    write_into(tmp_path, {"ours.txt": b"new", "sub/more.txt": b"more"})
    assert read_tree(tmp_path) == {"others.txt": b"theirs", "ours.txt": b"new", "sub/more.txt": b"more"}


def test_where_one_file_cannot_be_written_none_is(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old")
    (tmp_path / "blocked").write_text("a file where a folder must be")
    with pytest.raises(OSError, match="blocked"):
        write_into(tmp_path, {"a.txt": b"new", "blocked/b.txt": b"new"})
    assert read_tree(tmp_path) == {"a.txt": b"old", "blocked": b"a file where a folder must be"}


def drafts(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir() if each.name.endswith(".new"))


def test_a_draft_of_somebody_else_is_neither_used_nor_taken_away(tmp_path: Path) -> None:
    (tmp_path / "a.txt.new").write_text("theirs")
    (tmp_path / "out.new").mkdir()
    write_atomically(tmp_path / "a.txt", b"new")
    write_tree(tmp_path / "out", {"b.txt": b"b"})
    assert drafts(tmp_path) == ["a.txt.new", "out.new"]
    assert (tmp_path / "a.txt.new").read_text() == "theirs"


def test_what_a_dead_process_left_goes_with_a_later_write_and_what_is_being_written_stays(tmp_path: Path) -> None:
    dead, living = tmp_path / ".a.txt.0123abcd.new", tmp_path / ".a.txt.4567cdef.new"
    dead.write_text("half")
    living.write_text("half")
    os.utime(dead, (0, 0))
    write_atomically(tmp_path / "a.txt", b"new")
    assert drafts(tmp_path) == [living.name]


@pytest.mark.parametrize("write", [write_atomically, write_new])
def test_where_the_disk_refuses_the_old_file_stays_and_the_error_names_it(
    tmp_path: Path, write: Callable[[Path, bytes], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "a.txt"
    if write is write_atomically:
        path.write_text("old")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left") as raised:
            write(path, b"new")
    assert raised.value.filename == str(path)
    assert [each.read_text() for each in tmp_path.iterdir()] == (["old"] if write is write_atomically else [])


def test_the_rights_of_a_file_stay_and_a_secret_has_narrow_ones_from_its_first_byte(tmp_path: Path) -> None:
    path, key = tmp_path / "a.sh", tmp_path / "key"
    path.write_text("old")
    path.chmod(0o750)
    write_atomically(path, b"new")
    assert write_new(key, b"secret", mode=0o600)
    assert [each.stat().st_mode & 0o777 for each in (path, key)] == [0o750, 0o600]


def test_a_new_file_is_written_once(tmp_path: Path) -> None:
    assert write_new(tmp_path / "a.txt", b"first")
    assert not write_new(tmp_path / "a.txt", b"second")
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("a.txt", b"first")]


def test_what_is_no_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    handle = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_atomically(pipe, b"said")
        assert os.read(handle, 10) == b"said"
    finally:
        os.close(handle)
    assert pipe.is_fifo()


def test_a_folder_that_could_not_be_filled_is_not_there(tmp_path: Path) -> None:
    def half() -> None:
        with new_folder(tmp_path / "out") as draft:
            (draft / "half").write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert list(tmp_path.iterdir()) == []
    with new_folder(tmp_path / "out") as draft:
        (draft / "whole").write_text("whole")
    assert read_tree(tmp_path) == {"out/whole": b"whole"}
