"""What the README shows is what the commands print."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from sla_sync.pipeline.why import why
from sla_sync.places import find_place
from sla_sync.render.why import why_as_text
from tests.cli.conftest import Run
from tests.newcomer.path import typed

PROJECT = Path(__file__).parents[2]
README = (PROJECT / "README.md").read_text(encoding="utf-8")


def shown(what: str, *, page: str = README) -> str:
    """Return the block of the README, or of another page, that shows something."""
    found = re.search(rf"<!-- {re.escape(what)} -->\n```\w*\n(.*?)\n```\n<!-- end of", page, re.DOTALL)
    assert found, f"the page does not show {what}"
    return found[1]


@pytest.mark.slow
def test_the_demo_prints_what_the_readme_shows(run: Run) -> None:
    answer = run("demo")
    assert answer.code == 0
    _its_last_line_can_be_followed(run, answer.out)
    for page in (README, (PROJECT / "docs" / "demo.md").read_text(encoding="utf-8")):
        prints(answer.out, shown("output of: make demo", page=page))
    place = find_place(Path("configs/acme"), here=Path.cwd())
    pages = ((PROJECT / "docs" / name).read_text(encoding="utf-8") for name in ("why.md", "salesforce.md"))
    for told in (shown("output of: sla-sync why"), *(_story(page) for page in pages)):
        record = re.findall(r"\((00Q\w+)\)", told)[0]
        story, agreed = why(replace(place, state=place.state / "demo"), record, "salesforce-simulator", environ={})
        prints(why_as_text(story, agreed), told)


@pytest.mark.slow
def test_who_reads_nothing_but_the_readme_comes_to_a_plan_of_an_agreement_of_their_own(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (block,) = re.findall(r"(?ms)^```\n(\$ source .+?)^```$", README)
    opened, _, page = block.partition("\n")
    lines = re.findall(r"(?m)^\$ (.+)$", page)
    assert typed(README) == ["make demo", opened.removeprefix("$ "), *lines]
    (following,) = re.findall(r"(?m)^Next: (.+)$", page)
    assert following.split(" && ") == lines[1:], "the answer of the first asks for the others"
    monkeypatch.chdir(tmp_path)
    printed = ""
    for line in lines:
        words = line.split()
        if words[0] == "cd":
            monkeypatch.chdir(tmp_path / words[1])
        else:
            answer = run(*words[1:])
            assert answer.code == 0, answer.err
            printed += f"$ {line}\n{answer.out}{answer.err}"
    prints(printed, "\n".join(line for line in page.splitlines() if not line.startswith("$ cd ")))


def _story(page: str) -> str:
    """Return the story of a lead of the week that a page of the documentation tells."""
    (told,) = re.findall(
        r"^```\n(?:\$ sla-sync why [^\n]*\n)?(\w+ \w+ \([^\n]*\(00Q.*?)\n```$", page, re.MULTILINE | re.DOTALL
    )
    return str(told)


@pytest.mark.parametrize("command", ["coverage --target salesforce-simulator", "doctor --target salesforce-simulator"])
def test_a_question_is_answered_as_the_readme_shows(run: Run, command: str) -> None:
    prints(run(*command.split()).out, shown(f"output of: sla-sync {command}"))


def _its_last_line_can_be_followed(run: Run, output: str) -> None:
    *_, last = output.splitlines()
    command = last.removeprefix("Ask about a lead of the week: ").split()
    assert Path(command[0]).name == "sla-sync"
    asked = run(*command[1:])
    assert asked.code == 0, asked.err
    assert asked.out.startswith("Quinn Abe (Abe Ltd) (00Q")
    assert run(*command[1:-2]).code != 0, "the demo's leads are in a folder of their own"
    assert run(*command[1:-1], "nowhere").code == 2


def prints(output: str, block: str) -> None:
    """Hold every line of a block against an output, in its order; `…` stands for any lines."""
    printed = iter(output.splitlines())
    for line in block.splitlines():
        assert line == "…" or line in printed, f"this is not printed, or not in this order: {line}"


def test_the_smallest_agreement_in_the_readme_is_the_file() -> None:
    name = "configs/examples/first/agreement.yaml"
    assert shown(f"file: {name}") + "\n" == (PROJECT / name).read_text(encoding="utf-8")


def test_what_the_readme_measures_stands_on_the_third_page() -> None:
    prints((PROJECT / "docs" / "measured.md").read_text(encoding="utf-8"), shown("excerpt of: docs/measured.md"))


def test_the_commands_of_the_readme_exist(run: Run) -> None:
    names = set(re.findall(r"^\| `sla-sync (\w+(?: serve| clock| history)?)", README, re.MULTILINE))
    assert len(names) >= 8
    for name in names:
        assert run(*name.split(), "--help").code == 0
