"""Flows run: programs made of active versions, interviews with records, and what they look up, write and send."""
