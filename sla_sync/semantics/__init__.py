"""The agreement as an executable model: what its words mean for one lead, as pure functions over values.

calendars → time; a history of events → cycles and legs → clocks, scores, stages, priorities, routes.
It reads no file, asks no clock and knows no platform; docs/semantics.md states each meaning with its test.
"""
