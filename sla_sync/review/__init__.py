"""Two revisions of an agreement: what changed in its meaning, who gains, who must consent, and when it can take force."""
