"""The weekly pack as people read it: one document in words, written as HTML, Markdown, text, JSON and CSV."""
