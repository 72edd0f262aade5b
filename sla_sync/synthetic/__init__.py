"""Histories that never happened, drawn by a seed, with a truth that is known beforehand."""
