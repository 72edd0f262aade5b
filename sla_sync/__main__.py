"""`python -m sla_sync` is the command `sla-sync`."""

import sys

from sla_sync.cli import main

sys.exit(main())
