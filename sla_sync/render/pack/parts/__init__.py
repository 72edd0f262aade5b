"""The nine parts of the pack, one module each, in the order in which a meeting reads them."""
