"""What helps people to write documents: a first set of files, one layout, and the way to a newer version of the language."""
