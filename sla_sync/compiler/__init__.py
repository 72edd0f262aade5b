"""Agreement and modes to resources: what the agreement needs to exist, in no platform's words."""
