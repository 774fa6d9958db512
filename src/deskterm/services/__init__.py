"""Use cases: one method opens a unit of work, asks the rules, writes and commits once."""
