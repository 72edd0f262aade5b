"""`python -m sla_sync` is the command `sla-sync`."""

from sla_sync.cli import main

main()
