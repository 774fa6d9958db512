"""A ticket in the database: held for change, what hangs on it, and who follows its changes."""
