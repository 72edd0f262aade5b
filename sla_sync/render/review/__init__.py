"""A review as text, Markdown, JSON, JUnit, and as findings for SARIF and annotations."""
