"""A test that is left out in silence proves nothing; `.ci/run` refuses it."""

from __future__ import annotations

import pytest

from tests.house.skips import AGREED, unexplained_skips

REPORT = """<testsuites><testsuite>
<testcase classname="tests.test_a" name="test_runs"/>
<testcase classname="tests.test_a" name="test_is_left_out"><skipped type="pytest.skip" message="{}"/></testcase>
</testsuite></testsuites>"""


def test_a_skip_without_an_agreed_reason_is_named() -> None:
    assert unexplained_skips(REPORT.format("too slow today")) == ["tests.test_a::test_is_left_out: too slow today"]


@pytest.mark.parametrize("reason", AGREED)
def test_a_skip_for_an_agreed_reason_passes(reason: str) -> None:
    assert unexplained_skips(REPORT.format(f"{reason}: this machine has none")) == []
