"""What people do for a line of the agreement that no platform holds: terms, the goal, reviews, signatures."""

from __future__ import annotations

from collections.abc import Mapping

from sla_sync.diagnostics import KeyPath, spell

_ADVICE: Mapping[tuple[str, ...], str] = {
    ("metadata", "title"): "Put the title over every paper about this agreement: {value}.",
    ("metadata", "status"): "Change the status when the agreement is signed or ends; now it says: {value}.",
    ("metadata", "effective"): "Work by this agreement from and until these days only: {value}.",
    ("metadata", "timezone"): "Count days, weeks and months in every report by the clocks of {value}.",
    ("metadata", "currency"): "State every amount in {value}.",
    ("metadata",): "Look at {place} when the agreement is renewed: {value}.",
    ("roles",): "Name the person behind the role {name} in the targets file, and tell them what they answer for.",
    ("approval", "required"): "Let these sign before a change takes force: {value}.",
    ("approval", "notice"): "Announce a change so long before it takes force: {value}.",
    ("approval",): "Ask for consent before a change takes force, as {place} says: {value}.",
    ("terms",): "Use the word {name} as agreed, and read it out where somebody is new: {value}",
    ("goal",): "Put the goal on the first page of every review: {value}",
    ("goals",): "Put the goal {name} into the reviews it concerns: {value}",
    (
        "calendars",
        "*",
        "events",
    ): "Tell the teams of {name} before it begins, so that they plan for the leads it brings.",
    ("calendars",): "Look at {place} when hours or holidays change: {value}.",
    ("teams", "*", "capacity"): "Hold the working time of the team against {value} in every review.",
    ("teams", "*", "effort"): "Measure now and then whether a lead takes {value}, and correct it.",
    ("teams", "*", "members"): "Correct the number of members when somebody joins or leaves: {value}.",
    ("teams",): "Keep {place} true by hand: {value}.",
    ("sources",): "Record the source {name} on every lead that comes this way: {value}",
    ("scoring", "*", "threshold"): "Set the threshold of {parent} in the product that scores leads: {value} points.",
    ("scoring", "*", "exclude"): "Let the product that scores leads give no points to: {value}.",
    ("scoring", "*", "grade"): "Set the grades of {parent} in the product that scores leads: {value}.",
    ("scoring", "*", "*", "max"): "Cap the points for {parent} in the product that scores leads at {value}.",
    ("scoring", "*", "*", "decay"): "Let points for {parent} fade in the product that scores leads: {value}.",
    ("scoring", "*", "*", "add"): "Give the points «{name}» in the product that scores leads: {value}.",
    ("scoring",): "Set {place} in the product that scores leads: {value}.",
    ("stages", "*", "max_age"): "Look in every review for leads that have been in {parent} longer than {value}.",
    ("stages", "*", "next"): "Move leads from {parent} only into: {value}.",
    ("stages", "*", "contact_if"): "Write to or call people in {parent} only where {value}.",
    ("stages", "*", "tracks"): "Put people in {section} on the track {name} by hand: {value}.",
    ("stages", "*", "again_after"): "Leave people in {parent} alone before this has passed: {value}.",
    ("stages", "*", "enter_when"): "Move a lead into {parent} when: {value}.",
    ("stages", "*", "reasons"): "Ask for a reason of the list {value} whenever a lead enters {parent}.",
    ("stages", "*", "resets"): "Clear this when a lead enters {parent}: {value}.",
    ("stages", "*", "needs"): "Fill these fields before a lead enters {parent}: {value}.",
    ("stages",): "Keep {place} by hand when leads are moved: {value}.",
    ("priorities",): "Look at the priority {name} by hand: {value}",
    ("commitments", "*", "clock"): "Time every lead by hand for {parent}: {value}.",
    ("commitments", "*", "within"): "Look by hand whether a lead is still within: {value}.",
    ("commitments", "*", "warn"): "Warn the owner by hand when so much of the time for {parent} has passed: {value}.",
    ("commitments", "*", "on_breach"): "Do this by hand when the time is over: {value}.",
    ("commitments", "*", "measure"): "Count it for the review, from the records or a report: {value}.",
    ("commitments", "*", "target"): "Hold the count against the target in every review: {value}.",
    ("commitments", "*", "stretch"): "Name the stretch target in every review, beside the target: {value}.",
    ("commitments", "*", "on_time"): "Hold the share that was on time against {value} in every review.",
    ("commitments", "*", "aim"): "Hold the times in the report against the aim in every review: {value}.",
    ("commitments", "*", "gap_covered_by"): "Let {value} make up in every review for what {parent} lacks.",
    ("commitments", "*", "excused_if"): "Take a miss of {parent} out of the count by hand where this holds: {value}.",
    ("commitments", "*", "excused_by"): "Take a miss of {parent} out of the count by hand after: {value}.",
    ("commitments", "*", "serves"): "Report {parent} beside the goal that it serves: {value}.",
    ("commitments",): "Keep {place} by hand, and report it in the review: {value}.",
    ("reasons", "*", "*", "note"): "Write a note with the reason {parent} of the list {section}; it is {value}.",
    ("reasons", "*", "*", "revisit"): "Note when to come back to a lead that left for {parent}: {value}.",
    (
        "reasons",
        "*",
        "*",
        "at_most",
    ): "Look in every review whether {parent} is more than {value} of the reasons of the list {section}.",
    ("reasons", "*", "*", "then"): "Do this after the reason {parent} of the list {section} was given: {value}.",
    ("reasons", "*", "*", "*"): "Keep to this {name} of the reason {parent} of the list {section}: {value}.",
    ("reasons",): "Give the reason {name} as agreed: {value}",
    ("feedback",): "Send the reasons of the list {name} before every review to: {value}.",
    ("routing", "when_owner_leaves"): "Give the leads of somebody who leaves to: {value}.",
    ("routing", "otherwise"): "Give a lead that no line of the routing fits to: {value}.",
    ("routing", "first_match"): "Give leads to their owner by hand: {value}.",
    ("routing",): "Give leads to their owner by hand as {place} says: {value}.",
    ("handoff",): "Tell sales with every lead: {value}.",
    ("quality", "retention"): "Delete people after {value}; no setting of ours deletes a record.",
    ("quality",): "Keep {place} by hand: {value}.",
    ("reviews",): "Put the {name} review into people's calendars, and keep minutes: {value}.",
    ("reports",): "Send the report {name} by hand: {value}.",
    ("moved",): "Use the new name; what was renamed is kept for the history: {value}.",
    ("accepted",): "Look again before its last day at the finding that was accepted: {value}.",
}
"""Beginning of a place, `*` for any one step → what to do; the longest that fits counts."""

_LONGEST = 160


def advice_for(path: KeyPath, value: object) -> str:
    """Return what people do for a line: a sentence that starts with a verb."""
    pattern = next((each for each in sorted(_ADVICE, key=len, reverse=True) if _fits(each, path)), None)
    text = "Keep {place} by hand: {value}." if pattern is None else _ADVICE[pattern]
    parent = path[-2] if len(path) > 1 else path[-1]
    section = path[1] if len(path) > 1 else path[0]
    said = text.format(place=spell(path), name=path[-1], parent=parent, section=section, value=_said(value).rstrip("."))
    return said if said.endswith(".") else f"{said}."


def _fits(pattern: tuple[str, ...], path: KeyPath) -> bool:
    return len(pattern) <= len(path) and all(asked in {"*", step} for asked, step in zip(pattern, path, strict=False))


def _said(value: object) -> str:
    """Return a value of the agreement in one line, by what it means where it says so."""
    if isinstance(value, Mapping):
        for key in ("statement", "means", "promise"):
            if value.get(key):
                return str(value[key]).replace("{target}", str(value.get("target", value.get("on_time"))))
        text = ", ".join(f"{key} {_said(each).rstrip('.')}" for key, each in value.items())
    elif isinstance(value, list | tuple):
        text = ", ".join(map(_said, value))
    else:
        text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"
