"""The screens of releases: all of them in a list, and one with everybody it concerns."""
