"""What an audit sees in an org beside its settings, and what harm was done meanwhile."""
