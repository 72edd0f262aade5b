"""Which settings a line of the Setup Audit Trail speaks of.

Inferred: a line names a setting by its API name or by its label, and a person by user name, alias or id; the platform
documents the columns and not the words. A line that names nothing of ours is nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sla_sync.connector import Address, Values
from sla_sync_salesforce.people import People

_PEOPLE_IN = ("GroupMember", "PermissionSetAssignment")
"""Types whose key says into what somebody was put, and who."""
_BY_WORDS = ("Holiday", "BusinessHours", "Queue", "Group")
"""Types with names that people chose: a line must hold the whole name, blanks included."""
_BY_SECTION: Mapping[str, re.Pattern[str]] = {
    "BusinessHours": re.compile(r"business hours", re.IGNORECASE),
    "Holiday": re.compile(r"business hours|holiday", re.IGNORECASE),
    "LeadConversionMapping": re.compile(r"lead (?:conversion|convert|field) mapping|mapped lead field", re.IGNORECASE),
    "LeadStatusValue": re.compile(r"lead ?status", re.IGNORECASE),
    "AssignmentRule": re.compile(r"assignment rule", re.IGNORECASE),
    "AssignmentRuleEntry": re.compile(r"assignment rule", re.IGNORECASE),
}
"""Parts of files of many, of which a line may name the file alone."""
_SHORT_ID = 15
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class AuditIndex:
    """Settings by everything that an audit line may call them."""

    by_name: Mapping[str, tuple[Address, ...]]
    by_label: Mapping[str, tuple[Address, ...]]
    by_words: Mapping[str, tuple[Address, ...]]
    of_people: Mapping[str, tuple[Address, ...]]
    """What somebody is put into → its members, in the words of the targets file."""
    of_files: Mapping[str, tuple[Address, ...]]
    people: People

    def named_in(self, text: str, section: str = "") -> tuple[Address, ...]:
        """Return the settings that a line speaks of: the most exactly named, or none."""
        words = tuple(dict.fromkeys(_WORD.findall(text)))
        of_people = [
            address for word in words for address in self.of_people.get(word, ()) if self._names_person(address, text)
        ]
        if of_people:
            return tuple(of_people)
        named = [each for word in words for each in self.by_name.get(word, ())] or _longest(self.by_words, text)
        if named:
            return _narrowed(named, words)
        return self._of_file(text) or _narrowed(_longest(self.by_label, text), words) or self._of_file(section)

    def _of_file(self, line: str) -> tuple[Address, ...]:
        return tuple(
            address
            for kind, addresses in self.of_files.items()
            if _BY_SECTION[kind].search(line)
            for address in addresses
        )

    def _names_person(self, address: Address, text: str) -> bool:
        person = address.key.partition("/")[2]
        users = self.people.found.get(person, ())
        names = {person, *(name for each in users for name in (each.username, each.alias, each.id[:_SHORT_ID]))}
        return any(_holds(text, each) for each in names)


def audit_index(addresses: Collection[Address], labels: Mapping[Address, Values], people: People) -> AuditIndex:
    """Return the index of these settings; `labels` are the values in which their labels stand, live or applied."""
    by_name: dict[str, list[Address]] = {}
    by_words: dict[str, list[Address]] = {}
    by_label: dict[str, list[Address]] = {}
    of_people: dict[str, list[Address]] = {}
    of_files: dict[str, list[Address]] = {}
    for address in sorted(addresses):
        if address.type in _PEOPLE_IN:
            of_people.setdefault(address.key.partition("/")[0], []).append(address)
            continue
        if address.type in _BY_SECTION:
            of_files.setdefault(address.type, []).append(address)
        if address.type in _BY_WORDS:
            by_words.setdefault(address.key, []).append(address)
        elif address.type not in _BY_SECTION:
            by_name.setdefault(re.split(r"[./]", address.key)[-1], []).append(address)
        for label in _labels(labels.get(address, {})):
            by_label.setdefault(label, []).append(address)
    return AuditIndex(
        _kept(by_name),
        _kept(by_label),
        _kept(by_words),
        of_people=_kept(of_people),
        of_files=_kept(of_files),
        people=people,
    )


def _kept(found: Mapping[str, list[Address]]) -> Mapping[str, tuple[Address, ...]]:
    return {name: tuple(each) for name, each in found.items()}


def _labels(values: Values) -> Iterator[str]:
    label = values.get("label")
    if isinstance(label, str) and label:
        yield label


def _longest(names: Mapping[str, tuple[Address, ...]], text: str) -> tuple[Address, ...]:
    """Return what the longest of these names stands for that a line holds: one name may begin with another."""
    return names.get(max((each for each in names if _holds(text, each)), key=len, default=""), ())


def _narrowed(found: Collection[Address], words: Collection[str]) -> tuple[Address, ...]:
    """Return those of several settings of one name that stand on an object that the line names too; one, or none."""
    unique = tuple(dict.fromkeys(found))
    if len(unique) == 1:
        return unique
    within = tuple(each for each in unique if each.key.partition(".")[0] in words)
    return within if len(within) == 1 else ()


def _holds(text: str, name: str) -> bool:
    # Thousands of names are held against thousands of lines: the plain search comes first.
    return (
        name.lower() in text.lower() and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None
    )
