"""Settings that come and go as packages: deployed, deleted, retrieved."""
