"""Taking a call: who, urgent or not, what is wrong; everything else fills itself in."""
