"""Formulas: read and checked, and then evaluated for records."""
