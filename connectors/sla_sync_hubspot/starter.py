"""The binding of a first agreement, as `sla-sync init` writes it."""

STARTER = """\
prefix: SLA_                              # every property we create starts with this, in lower case
stages:                                   # "add" creates the value where the portal lacks it
  mql: {hs_lead_status: [MQL], add: true}
  sal: {hs_lead_status: [IN_PROGRESS, ATTEMPTED_TO_CONTACT, CONNECTED]}
  rejected: {hs_lead_status: [UNQUALIFIED]}
touch:                                    # meaning-bearing: both parties sign it
  any:
    - {activity: call, by: owner}
    - {activity: email, by: owner}
    - {activity: meeting, by: owner}
"""
