"""Compile: an agreement becomes resources, what it needs to exist, in no platform's words."""

from sla_sync.compiler.compile import compile_agreement

__all__ = ["compile_agreement"]
