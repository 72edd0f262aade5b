"""SOQL and what can be asked with it: the tables of each API, conditions, sums, rows as the platform writes them."""
