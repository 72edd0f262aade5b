"""Shipped with the wheel, so that a third party's connector runs the same suite as ours."""
