"""What happened to the leads of an org, told as rows of the neutral tables: queried in bulk, in agreed words, read only."""
