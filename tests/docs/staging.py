"""The pages of the site: docs/ as it is, and what it links to outside, so that each link works there as it does on GitHub.

    python -m tests.docs.staging FOLDER     FOLDER/pages is made anew, and FOLDER/zensical.toml written

README, CONTRIBUTING and the like become pages beside the others. A file of the repository that a page links to becomes a
page that shows it, a folder one that lists it, both under `files/`. The navigation is that of docs/index.md: its headings
and the links under them.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
DOCS = PROJECT / "docs"
LINK = re.compile(r"(?<!!)(?P<said>\[[^\]]*\])\((?P<target>[^)\s]+)\)")
FENCED = re.compile(r"(^```.*?^```$\n?)", re.MULTILINE | re.DOTALL)
_SHOWN = {".yaml": "yaml", ".yml": "yaml", ".py": "python", ".toml": "toml", ".json": "json"}
_ASIDE = "---\nsearch:\n  exclude: true\nhide:\n  - navigation\n---\n\n"


def outside_pages() -> Mapping[Path, str]:
    """Return the documents at the top of the project, each with its name on the site."""
    return {path: f"project/{path.name.lower()}" for path in sorted(PROJECT.glob("*.md"))}


def place_of(path: Path) -> str:
    """Return where on the site a file or folder of the project stands."""
    if path.is_relative_to(DOCS) and path.is_file():
        return path.relative_to(DOCS).as_posix()
    top = outside_pages()
    return top[path] if path in top else f"files/{path.relative_to(PROJECT).as_posix()}.md"


def links(text: str) -> Iterator[str]:
    """Yield the targets of a document's links to files, without those of its code."""
    for found in LINK.finditer(FENCED.sub("", text)):
        if not re.match(r"[a-z]+:|#", found["target"]):
            yield found["target"].partition("#")[0]


def moved(text: str, path: Path) -> str:
    """Return a document with its links as they are on the site."""
    here = PurePosixPath(place_of(path)).parent

    def on_site(found: re.Match[str]) -> str:
        name, hash_, anchor = found["target"].partition("#")
        if not name or re.match(r"[a-z]+:", found["target"]):
            return found[0]
        there = place_of((path.parent / name).resolve())
        return f"{found['said']}({os.path.relpath(there, here).replace(os.sep, '/')}{hash_}{anchor})"

    parts = FENCED.split(text)
    return "".join(part if part.startswith("```") else LINK.sub(on_site, part) for part in parts)


def shown(path: Path) -> str:
    """Return a document as it is on the site, or the page that shows another file of the project or lists a folder."""
    name = path.relative_to(PROJECT).as_posix()
    if path.is_dir():
        up = "../" * len(path.relative_to(PROJECT).parts)
        names = [(each.relative_to(path).as_posix(), each) for each in sorted(path.rglob("*.*")) if _kept(each)]
        rows = [
            f"- [{said}]({up}{each.relative_to(DOCS).as_posix()})" if each.is_relative_to(DOCS) else f"- `{said}`"
            for said, each in names
        ]
        return "\n".join([f"{_ASIDE}# {name}", "", "A folder of the repository:", "", *rows, ""])
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return moved(text, path)
    return f"{_ASIDE}# {name}\n\n```{_SHOWN.get(path.suffix, 'text')}\n{text}```\n"


def _kept(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts


def entries(index: str) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield the links of the index: under which headings, the title, and where on the site the page is."""
    under: tuple[str, ...] = ()
    for level, heading, title, target in re.findall(r"^(##+) (.+)$|^- \[([^\]]+)\]\(([^)]+)\)", index, re.MULTILINE):
        if level:
            under = (*under[: len(level) - 2], heading)
        else:
            yield under, title, place_of((DOCS / target).resolve())


def navigation(index: str) -> str:
    """Return the navigation of the site as TOML; JSON spells names and lists in the same way."""
    root: list[Any] = [("Home", "index.md")]
    for under, title, page in entries(index):
        inside = root
        for heading in under:
            if not inside or inside[-1][0] != heading:
                inside.append((heading, []))
            inside = inside[-1][1]
        inside.append((title, page))
    return f"nav = {_spelled(root)}\n"


def _spelled(nodes: list[Any]) -> str:
    inside = (
        f"{{ {json.dumps(name)} = {_spelled(at) if isinstance(at, list) else json.dumps(at)} }}" for name, at in nodes
    )
    return f"[{', '.join(inside)}]"


def stage(folder: Path) -> None:
    """Write the pages of the site into a folder, made anew, and what builds the site from them."""
    pages = folder / "pages"
    shutil.rmtree(pages, ignore_errors=True)
    shutil.copytree(DOCS, pages, ignore=shutil.ignore_patterns("settings.toml", "__pycache__"))
    waiting = [*sorted(DOCS.rglob("*.md")), *outside_pages()]
    while waiting:
        path = waiting.pop()
        page = pages / place_of(path)
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(shown(path), encoding="utf-8")
        linked = (
            {(path.parent / each).resolve() for each in links(path.read_text("utf-8"))}
            if path.suffix == ".md"
            else set()
        )
        waiting += [each for each in sorted(linked) if not (pages / place_of(each)).exists()]
    config = (DOCS / "site/settings.toml").read_text(encoding="utf-8")
    nav = navigation((DOCS / "index.md").read_text(encoding="utf-8"))
    (folder / "zensical.toml").write_text(config.replace("[project]\n", f"[project]\n{nav}", 1), encoding="utf-8")


if __name__ == "__main__":
    stage(Path(sys.argv[1]))
