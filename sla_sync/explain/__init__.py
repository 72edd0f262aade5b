"""The agreement in words that its parties understand: prose to read aloud, and the page that they sign."""

from sla_sync.explain.aloud import explain_text
from sla_sync.explain.contents import explain_html, explain_markdown

__all__ = ["explain_html", "explain_markdown", "explain_text"]
