"""A changed agreement over what has already happened: what would have been, before and after, and what nobody can know."""
