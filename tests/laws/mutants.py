"""Seeded mutants of the engine: each is one wrong line, and the laws must notice every one of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """In `module`, the text `right` becomes `wrong`."""

    name: str
    module: str
    right: str
    wrong: str


MUTANTS = (
    Mutant("foreign settings are updated instead of adopted", "diff", "if not is_ours(live, manifest):", "if False:"),
    Mutant("everything on the platform counts as ours", "diff", "return bool(live.managed) or (", "return True or ("),
    Mutant("the manifest is not asked what is ours", "diff", "live.address in manifest.applied)", "False)"),
    Mutant("what a name alone marks is deleted", "diff", "return setting_type.mark is Mark.DESCRIPTION and", "return"),
    Mutant("what stood there before us is deleted", "diff", "live.address in manifest.displaced:", "False:"),
    Mutant("requirements are forgotten", "diff", "return change.desired.requires if change.desired else ()", "return ()"),
    Mutant("ties are broken by input order", "diff", "address = heapq.heappop(ready)", "address = ready.pop()"),
    Mutant("what we let go of is left running", "diff", "if found.get(member) == acting", "if False"),
    Mutant("what somebody else made is stopped", "diff", "if we_made(live, setting_type, manifest) else {}", ""),
    Mutant("what was let go is let go again", "diff", "(manifest and address in manifest.released)", "False"),
    Mutant("an unreadable setting is created", "diff", "if address in snapshot.unreadable:", "if False:"),
    Mutant("an unreadable setting is forgotten", "manifest", "applied[each.address] = previous.applied", "{}[each.address] = previous.applied"),
    Mutant("displaced values are not kept first", "manifest", "return replace(before, displaced=coming.displaced)", "return before"),
    Mutant("displaced values are overwritten later", "manifest", "displaced = dict(previous.displaced) if previous else {}", "displaced: dict[Address, Values] = {}"),
    Mutant("keyed lists are compared in order", "canonical", "    if member is not None:\n", "    if False:\n"),
    Mutant("scalars without order are compared in order", "canonical", "return sorted(entries, key=_spelling)", "return entries"),
    Mutant("nulls are compared", "canonical", "(live and value is None)", "False"),
    Mutant("numbers spelled as text differ", "canonical", "value = float(value)", "value = value"),
    Mutant("line endings count", "canonical", '.replace("\\r\\n", "\\n").replace("\\r", "\\n")', ""),
    Mutant("HTML escapes count", "canonical", "html.unescape(value)", "value"),
    Mutant("defaults are not filled in", "canonical", "if below.default is not None and", "if False and"),
    Mutant("an update drops what others put there", "canonical", "merged = dict(live)", "merged = {}"),
    Mutant("an update replaces keyed lists", "canonical", "if member and is_list(before)", "if False and is_list(before)"),
    Mutant("references never match", "values", "or (live is not None and str(live) == handle(desired.address))", ""),
    Mutant("keys that nobody named are compared", "values", "for key, value in desired.items():\n            yield", "for key, value in (live or desired).items():\n            yield"),
    Mutant("true equals 1", "values", "return desired is live", "return desired == live"),
    Mutant("drift is taken for pending", "audit", "if not scene.lost and (not known or equal(applied, live, handle)):", "if True:"),
    Mutant("pending is taken for drift", "audit", "(not known or equal(applied, live, handle)):", "not known:"),
    Mutant("conflicts are not told apart", "audit", "if known and not equal(wanted, applied, handle):", "if False:"),
    Mutant("manual steps are forgotten in the audit", "audit", "if each.status != DONE", "if False"),
    Mutant("unreadable settings are counted as matching", "audit", "if each.address in snapshot.unreadable:\n            continue", "if each.address in snapshot.unreadable:\n            matched += 1\n            continue"),
    Mutant("the fingerprint ignores values", "plan", "plain(value_at(found, path))", "None"),
)  # fmt: skip
