"""Records as they are asked for and written: one by one, in batches, by search, by forms, and with each other."""
