"""The main job as a story on the simulators, and a working week of leads on those that carry out what is pushed."""

from sla_sync.demo.story import run

__all__ = ["run"]
