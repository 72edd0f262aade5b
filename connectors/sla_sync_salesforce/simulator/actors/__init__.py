"""People in an org: an administrator, those of a story, others beside us."""
