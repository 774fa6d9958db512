"""The hot reads in plain SQL."""
