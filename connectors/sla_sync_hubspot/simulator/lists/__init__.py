"""Lists as they are asked for and written, and the shape of their filters."""
