"""The words of letters: listed, shown as they would look, edited."""
