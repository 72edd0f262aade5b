"""Connector under construction."""
