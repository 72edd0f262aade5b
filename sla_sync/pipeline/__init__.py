"""One module for each command; the only place where the stages meet.

load → validate → compile → translate → read → diff → plan → apply → record, and drift beside them.
"""
