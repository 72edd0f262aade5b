"""Files: read as a tree, and written into one that others keep, all of them or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from sla_sync.errors import SlaSyncError
from sla_sync.files import read_tree, write_into


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
