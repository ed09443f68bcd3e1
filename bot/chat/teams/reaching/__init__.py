"""How Teams reaches us: one door for signed requests, each thing taken once and always answered."""
