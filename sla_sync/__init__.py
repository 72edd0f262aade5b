"""sla-sync: the agreement between marketing and sales, kept as code and kept true."""
