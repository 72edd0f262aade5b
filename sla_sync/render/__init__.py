"""What people read: every renderer takes values and returns a string."""
