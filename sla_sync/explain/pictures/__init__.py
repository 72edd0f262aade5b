"""The drawings of the page, each a function from values to SVG."""
