"""Rules across the parts of an agreement; one file per hundred codes."""
