"""One judge for each subject of an agreement: it turns edits into amendments, which say what they mean together."""
