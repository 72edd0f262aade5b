"""Workflows as they are asked for and written; `running` carries them out."""
