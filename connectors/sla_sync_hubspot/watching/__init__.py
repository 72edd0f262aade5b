"""What an audit sees in a portal beside its settings, and what harm was done meanwhile."""
