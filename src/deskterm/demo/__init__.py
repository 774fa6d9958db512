"""The demo company: a year of a help desk, told anew from a seed, relative to a given now."""
