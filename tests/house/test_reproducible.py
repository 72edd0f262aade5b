"""Who builds a release, where, when and under which mask does not show in its bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.reproducible import ELSEWHERE, HERE, PROJECT, built, digest, sums


@pytest.mark.slow
def test_a_wheel_that_is_built_twice_has_the_same_bytes(tmp_path: Path) -> None:
    one, other = (built(tmp_path, each) for each in (HERE, ELSEWHERE))
    assert one.parent != other.parent
    assert digest(one) == digest(other)


def test_digests_are_written_as_sha256sum_reads_them(tmp_path: Path) -> None:
    (tmp_path / "b.whl").write_bytes(b"b")
    (tmp_path / "a.whl").write_bytes(b"a")
    sums(tmp_path)
    sums(tmp_path)
    lines = (tmp_path / "SHA256SUMS").read_text().splitlines()
    assert [line.split("  ")[1] for line in lines] == ["a.whl", "b.whl"]
    assert lines[0].startswith("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb")


def test_a_source_archive_says_what_it_holds_and_not_what_lies_about() -> None:
    text = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    assert "only-include = [" in text.partition("[tool.hatch.build.targets.sdist]")[2].partition("\n\n")[0]
