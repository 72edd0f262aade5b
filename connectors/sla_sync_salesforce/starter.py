"""The binding of a first agreement, as `sla-sync init` writes it."""

STARTER = """\
prefix: SLA_                              # every name we create starts with this
stages:                                   # "add" creates the value where the org lacks it
  mql: {Lead.Status: [MQL], add: true}
  sal: {Lead.Status: [Working - Contacted]}
  rejected: {Lead.Status: [Closed - Not Converted]}
touch:                                    # meaning-bearing: both parties sign it
  any:
    - Task: {Type: [Call, Email, Meeting], Status: [Completed], by: owner}
    - Event: {by: owner}
"""
