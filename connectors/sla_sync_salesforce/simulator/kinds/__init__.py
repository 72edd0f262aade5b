"""One module per metadata type: what the platform refuses, and how it rewrites what it keeps."""
