"""The language of the agreement: documents, positions, durations, expressions."""
