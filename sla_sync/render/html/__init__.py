"""Reports for a browser: an audit, a night and a review, each one file without script and without anything from the network."""
