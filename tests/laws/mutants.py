"""Seeded mutants of the engine: each is one wrong line, and the laws must notice every one of them."""

from __future__ import annotations

from tests.mistakes import Mutant

_MISTAKES = (
    ("foreign settings are updated instead of adopted", "diff", "if not is_ours(live, manifest):", "if False:"),
    ("everything on the platform counts as ours", "diff", "return bool(live.managed) or (", "return True or ("),
    ("the manifest is not asked what is ours", "diff", "live.address in manifest.applied)", "False)"),
    ("what a name alone marks is deleted", "diff", "return setting_type.mark is Mark.DESCRIPTION and", "return"),
    ("what stood there before us is deleted", "diff", "live.address in manifest.displaced:", "False:"),
    ("requirements are forgotten", "diff", "return change.desired.requires if change.desired else ()", "return ()"),
    ("ties are broken by input order", "diff", "address = heapq.heappop(ready)", "address = ready.pop()"),
    ("what we let go of is left running", "diff", "if found.get(member) == acting", "if False"),
    ("what somebody else made is stopped", "diff", "if we_made(live, setting_type, manifest) else {}", ""),
    ("what was let go is let go again", "diff", "(manifest and address in manifest.released)", "False"),
    ("an unreadable setting is created", "diff", "if address in snapshot.unreadable:", "if False:"),
    ("an unreadable setting is forgotten", "manifest", "applied[each.address] = previous.applied", "{}[each.address] = previous.applied"),
    ("displaced values are not kept first", "manifest", "{**coming.displaced, **before.displaced}", "before.displaced"),
    ("what is begun is not kept first", "manifest", "before.begun | (coming.created - before.created)", "before.begun"),
    ("what is adopted counts as begun", "manifest", "    begun -= coming.displaced.keys()\n", ""),
    ("what one cut off made is forgotten", "manifest", "*made_by_one_cut_off(previous, snapshot)", ""),
    ("what one cut off made stays behind", "diff", "(live.address in manifest.begun and live.managed)", "False"),
    ("displaced values are overwritten later", "manifest", "displaced = dict(previous.displaced) if previous else {}", "displaced: dict[Address, Values] = {}"),
    ("keyed lists are compared in order", "canonical", "    if member is not None:\n", "    if False:\n"),
    ("scalars without order are compared in order", "canonical", "return sorted(entries, key=_spelling)", "return entries"),
    ("nulls are compared", "canonical", "(live and value is None)", "False"),
    ("numbers spelled as text differ", "canonical", "value = float(value)", "value = value"),
    ("line endings count", "canonical", '.replace("\\r\\n", "\\n").replace("\\r", "\\n")', ""),
    ("HTML escapes count", "canonical", "html.unescape(value)", "value"),
    ("defaults are not filled in", "canonical", "if below.default is not None and", "if False and"),
    ("an update drops what others put there", "canonical", "merged = dict(live)", "merged = {}"),
    ("an update replaces keyed lists", "canonical", "if member and is_list(before)", "if False and is_list(before)"),
    ("references never match", "values", "or (live is not None and str(live) == handle(desired.address))", ""),
    ("keys that nobody named are compared", "values", "for key, value in desired.items():\n            yield", "for key, value in (live or desired).items():\n            yield"),
    ("true equals 1", "values", "return desired is live", "return desired == live"),
    ("drift is taken for pending", "audit", "if not scene.lost and (not known or equal(applied, live, handle)):", "if True:"),
    ("pending is taken for drift", "audit", "(not known or equal(applied, live, handle)):", "not known:"),
    ("conflicts are not told apart", "audit", "if known and not equal(wanted, applied, handle):", "if False:"),
    ("manual steps are forgotten in the audit", "audit", "if each.status != DONE", "if False"),
    ("unreadable settings are counted as matching", "audit", "if each.address in snapshot.unreadable:\n            continue", "if each.address in snapshot.unreadable:\n            matched += 1\n            continue"),
    ("the fingerprint ignores values", "plan", "plain(value_at(found, path))", "None"),
)  # fmt: skip

MUTANTS = tuple(Mutant(name, f"sla_sync.reconcile.{module}", right, wrong) for name, module, right, wrong in _MISTAKES)
