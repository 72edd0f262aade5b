"""People in a portal: an administrator, those of a story, others beside us."""
