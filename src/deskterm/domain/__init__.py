"""The vocabulary: enums, rows, lifecycle, errors, clock, hostile text. Standard library only."""
