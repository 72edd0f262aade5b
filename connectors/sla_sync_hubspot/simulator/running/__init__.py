"""Workflows run: who is enrolled, what each action does, when it is due, and what was sent."""
