"""Pure: figures and their arithmetic over plain rows."""
