"""What a change of targets.yaml does to where credentials go, and to the guards; told in a review, and used by nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from sla_sync.agreement.targets import Target
from sla_sync.diagnostics import Diagnostic, KeyPath, Severity, spell
from sla_sync.pipeline.validate import Documents
from sla_sync.reconcile.settings import Value
from sla_sync.render.words import spell_value

CODE = "SLA907"
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]+")
_HINT = "Have the steward look at it; credentials go where the revision says that is trusted, until this one is."


def changed_destinations(before: Documents, after: Documents) -> tuple[Diagnostic, ...]:
    """Return what changes in the targets, each target's host first; nothing where the old side names no targets."""
    if before.targets is None or after.targets is None:
        return ()
    old, new = before.targets.targets, after.targets.targets
    known = frozenset().union(*(_variables(each) for each in old.values()))
    found: list[Diagnostic] = []
    for name, target in new.items():
        told = _told(old[name], target) if name in old else _appeared(target, known)
        found += [_finding(after, name, path, sentence.format(target=f"target '{name}'")) for path, sentence in told]
    gone = [name for name in old if name not in new]
    found += [_finding(after, name, (), f"target '{name}' is gone.") for name in gone]
    return tuple(found)


def _told(old: Target, new: Target) -> Iterator[tuple[KeyPath, str]]:
    """Yield place and sentence of every difference; `{target}` stands for the name."""
    was, is_now = _flat(old), _flat(new)
    secrets = _spoken(_variables(new))
    before, after = _hosts(was), _hosts(is_now)
    if before != after and secrets:
        place = next((path for path in is_now if was.get(path) != is_now[path] and _host(is_now[path])), ())
        whither = f" ({_braces(', '.join(before) or 'its own')} → {_braces(', '.join(after) or 'its own')})"
        yield place, f"{{target}} would send {secrets} to another host{whither}."
    for path in dict.fromkeys((*was, *is_now)):
        one, other = was.get(path), is_now.get(path)
        if one != other and not (secrets and (_host(one) or _host(other))):
            yield (
                path,
                f"{{target}}: `{_braces(spell(path))}` {_braces(spell_value(one))} → {_braces(spell_value(other))}.",
            )


def _appeared(target: Target, known: frozenset[str]) -> Iterator[tuple[KeyPath, str]]:
    taken, hosts = _variables(target) & known, _hosts(_flat(target))
    if taken:
        whither = f"to {_braces(', '.join(hosts))}" if hosts else "to the platform's own host"
        yield (), f"{{target}} is new and would send {_spoken(taken)}, which another target uses, {whither}."
    else:
        yield (), "{target} is new."


def _finding(after: Documents, name: str, path: KeyPath, sentence: str) -> Diagnostic:
    place = ("targets", name, *path)
    source = after.sources.get(after.place.targets) if after.place.targets else None
    location = source.locate(place) if source else None
    return Diagnostic(CODE, Severity.WARNING, f"targets.yaml changed: {sentence}", place, location, _HINT)


def _flat(target: Target) -> Mapping[KeyPath, Value]:
    """Return every value that decides where one goes, as whom, and past which guards; people have no say in that."""
    said = target.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"people_said"})
    return dict(_leaves(said, ()))


def _leaves(value: Value, path: KeyPath) -> Iterator[tuple[KeyPath, Value]]:
    if isinstance(value, Mapping) and value:
        for key, each in value.items():
            yield from _leaves(each, (*path, str(key)))
    else:
        yield path, value


def _variables(target: Target) -> frozenset[str]:
    return frozenset(
        each for each in _flat(target).values() if isinstance(each, str) and _VARIABLE.fullmatch(each) is not None
    )


def _spoken(variables: frozenset[str]) -> str:
    names = sorted(variables)
    return f"the credential in {', '.join(names)}" if names else ""


def _hosts(flat: Mapping[KeyPath, Value]) -> tuple[str, ...]:
    return tuple(sorted({host for each in flat.values() if (host := _host(each))}))


def _host(value: Value) -> str:
    try:
        return (urlsplit(value).netloc.rpartition("@")[2] if isinstance(value, str) and "://" in value else "").lower()
    except ValueError:
        return "an address that cannot be read"


def _braces(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
