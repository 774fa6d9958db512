"""The desk's records: a tab a noun, one form for all."""
