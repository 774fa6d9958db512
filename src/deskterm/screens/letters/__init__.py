"""The letters that go out: what waits, what failed and why, and what to do about it."""
