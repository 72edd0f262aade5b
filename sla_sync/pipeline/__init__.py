"""A module for each command, and for what several commands share; the only place where the stages meet.

load → validate → compile → translate → read → diff → plan → apply → record, and drift beside them.
"""
