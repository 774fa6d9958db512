"""The screen of the review board: actions and whether they worked, decisions, feedback, members."""
