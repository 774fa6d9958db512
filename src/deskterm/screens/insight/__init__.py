"""How the desk works, in figures: steps, mistakes, customers."""
