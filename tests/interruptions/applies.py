"""What is wrong after an apply was struck at one of its requests; nothing, if it keeps what it promises."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from datetime import timedelta

from tests.interruptions.nursery import Ended
from tests.interruptions.stage import NAMES, Stage, Strike

PATIENCE = 120.0
"""Seconds in which a request must have come."""
_TRACEBACK = "Traceback (most recent call last)"


def unclean(ended: Ended, name: str) -> Iterator[str]:
    """Yield what is wrong with how a command ended that a signal struck."""
    number = NAMES[name]
    expected = -number if number == signal.SIGKILL else 128 + number
    if ended.code != expected:
        yield f"it left with {ended.code}, not {expected}: {ended.err[-300:]}"
    if _TRACEBACK in ended.err:
        yield f"it showed a traceback: {ended.err[-300:]}"
    if number != signal.SIGKILL and ended.err.count("error: Stopped by ") != 1:
        yield f"it did not say once that it was stopped: {ended.err[-300:]}"


def torn(journal: list[str]) -> Iterator[str]:
    """Yield what is wrong with a journal that at most one process was killed over."""
    broken = [line for line in journal if line and not _is_json(line)]
    if len(broken) > 1:
        yield f"{len(broken)} lines of the journal are torn: {broken[0]}"


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def not_repaired(stage: Stage) -> Iterator[str]:
    """Yield what is wrong with a target after the same apply was repeated without a fault."""
    again = stage.applied()
    if again.code:
        yield f"the repeated apply left with {again.code}: {again.err[-300:]}"
    plan = stage.run("plan", "--target", stage.target, "--exit-code")
    if plan.code:
        yield f"a plan after it left with {plan.code}: {plan.out[-300:]}{plan.err[-300:]}"
    if stage.locked():
        yield "the lock stands after it"
    yield from torn(stage.journal())


def wrong_after_strike(stage: Stage, at: int, name: str, *, lost: bool) -> list[str]:
    """Strike an apply at a request, repeat it, and return what is wrong."""
    ended, happened = stage.struck(Strike(at, NAMES[name], lost), "apply", "--target", stage.target, "--yes")
    if not happened:
        return [f"nothing struck: {ended.err[-300:]}"]
    wrong = list(unclean(ended, name))
    if name != "SIGKILL":
        if stage.locked():
            wrong.append("the lock stayed on the platform")
        wrong += [f"{each} was left behind" for each in stage.drafts()]
    return [*wrong, *not_repaired(stage)]


def wrong_with_two(stage: Stage, at: int) -> list[str]:
    """Hold an apply at a request, let another working copy apply, go on, and return what is wrong."""
    strike = Strike(at, signal.SIGSTOP)
    other = stage.another("other")
    with stage.striking(strike):
        first = stage.start("apply", "--target", stage.target, "--yes")
        strike.pid = first.pid
        if not strike.happened.wait(PATIENCE):
            return ["nothing struck"]
        held = stage.locked()
        strike.writes.clear()
        second = stage.run("apply", "--target", stage.target, "--yes", here=other)
        wrote = list(strike.writes)
        os.kill(first.pid, signal.SIGCONT)
        ended = first.wait()
    wrong: list[str] = []
    if held:
        told = all(word in second.err for word in ("is being applied to by ", " since ", "; the lock holds until "))
        idle = second.code == 0 and not wrote  # the first had done everything but give back the lock
        if not idle and (second.code != 1 or not told):
            wrong.append(f"the second was not told who applies: {second.code} {second.err[-300:]}")
        if wrote:
            wrong.append(f"the second wrote all the same: {wrote[0]}")
        if ended.code:
            wrong.append(f"the first did not go on: {ended.code} {ended.err[-300:]}")
    else:
        if second.code:
            wrong.append(f"the second could not apply: {second.code} {second.err[-300:]}")
        if ended.code not in {0, 4}:
            wrong.append(f"the first did not see that the world had moved: {ended.code} {ended.err[-300:]}")
    return [*wrong, *not_repaired(stage)]


def wrong_after_loss(stage: Stage, at: int) -> list[str]:
    """Hold an apply that has the lock until another took it over, go on, and return what is wrong.

    One call may still arrive: the one that follows the last look at the lock.
    """
    strike = Strike(at, signal.SIGSTOP)
    other = stage.another("other")
    with stage.striking(strike):
        first = stage.start("apply", "--target", stage.target, "--yes")
        strike.pid = first.pid
        if not strike.happened.wait(PATIENCE):
            return ["nothing struck"]
        if not stage.locked():
            os.kill(first.pid, signal.SIGCONT)
            first.wait()
            return []
        stage.served.run_until(stage.served.now + timedelta(minutes=31))
        strike.writes.clear()
        second = stage.run("apply", "--target", stage.target, "--yes", here=other)
        taken = bool(strike.writes)  # else there was nothing left to do, and the lock is still the first one's
        strike.writes.clear()
        os.kill(first.pid, signal.SIGCONT)
        ended = first.wait()
        own = ("DELETE", "/StaticResource/")  # by its id, which is its own lock's and nobody else's
        wrote = [
            f"{each.method} {each.path}"
            for each in strike.writes
            if not (each.method == own[0] and own[1] in each.path)
        ]
    wrong = []
    if second.code:
        wrong.append(f"a lock whose time is up still blocks: {second.code} {second.err[-300:]}")
    if taken and len(wrote) > 1:
        wrong.append(f"the first wrote on after it had lost the lock: {wrote}")
    if _TRACEBACK in ended.err:
        wrong.append(f"it showed a traceback: {ended.err[-300:]}")
    if taken and ended.code == 0 and wrote:
        wrong.append(f"the first wrote and said nothing: {ended.err[-300:]}")
    return [*wrong, *not_repaired(stage)]
