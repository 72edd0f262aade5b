"""Desired against live: canonical forms, diff, plan, guard, apply, drift, manifest, journal."""
