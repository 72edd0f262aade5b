"""Fuzz a target with inputs that reach new lines of the code: documents, expressions or layouts.

    python tests/fuzz/coverage_guided.py documents [--seconds 60] [--runs 100000]

It ends with 0 where every input was answered: without a crash, within five seconds and 256 MiB. An input that was not is
left in build/fuzz/TARGET, and found again by giving its path behind the target.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris  # type: ignore[import-untyped]

ROOT = Path(__file__).parents[2]
MEBIBYTES = 256
SECONDS_FOR_ONE = 5
LONGEST = 16_384
"""Bytes of an input; what is larger than a file may be is refused before it is read."""

with atheris.instrument_imports(include=["sla_sync", "yaml", "lark"]):
    sys.path.insert(0, str(ROOT))
    # Imported only when it is needed, and then too late to be watched.
    from sla_sync.agreement.expressions import build, explain, grammar
    from tests.fuzz import targets

    del build, explain, grammar


def target_of(name: str, folder: Path) -> Callable[[bytes], None]:
    """Return what a target does with one input."""
    return {
        "documents": lambda content: targets.documents(content, folder),
        "expressions": lambda content: targets.expressions(content.decode("utf-8", errors="replace")),
        "layouts": targets.layouts,
    }[name]


def main() -> None:
    """Fuzz one target; libFuzzer ends the process."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("target", choices=["documents", "expressions", "layouts"])
    asked.add_argument("inputs", nargs="*", type=Path, help="run these inputs and no others")
    asked.add_argument("--runs", type=int, default=-1)
    asked.add_argument("--seconds", type=int, default=60)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--afresh", action="store_true", help="begin with the seeds, not with what earlier runs found")
    wishes = asked.parse_args()
    kept = ROOT / "build" / "fuzz" / wishes.target
    corpus = kept / ("afresh" if wishes.afresh else "corpus")
    if wishes.afresh:
        shutil.rmtree(corpus, ignore_errors=True)
    corpus.mkdir(parents=True, exist_ok=True)
    for name, content in targets.seeds(wishes.target).items():
        (corpus / name).write_bytes(content)
    words = kept / "words.txt"
    words.write_text("".join(f'"{each}"\n' for each in targets.words()), encoding="ascii")
    limits = [
        f"-dict={words}",
        f"-rss_limit_mb={MEBIBYTES}",
        f"-timeout={SECONDS_FOR_ONE}",
        f"-max_len={LONGEST}",
        f"-artifact_prefix={kept}/",
        f"-seed={wishes.seed}",
        "-print_final_stats=1",
    ]
    bounds = [f"-runs={wishes.runs}", f"-max_total_time={wishes.seconds}"]
    arguments = [*limits, *(map(str, wishes.inputs) if wishes.inputs else [*bounds, str(corpus)])]
    with tempfile.TemporaryDirectory(prefix="sla-sync-fuzz-") as folder:
        atheris.Setup([sys.argv[0], *arguments], target_of(wishes.target, Path(folder)))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
