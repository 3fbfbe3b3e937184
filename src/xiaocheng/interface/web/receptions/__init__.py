"""Pages of the showroom and the hotline: the register, the turn, what came of it."""
