"""Pure rules: the query language and the order of the board."""
