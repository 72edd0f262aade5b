"""Properties as they are asked for and written, with their groups and their rules."""
