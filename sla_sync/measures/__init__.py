"""What was promised and what became of it: each report of a pack over a past, with its definition and what it leaves out."""
