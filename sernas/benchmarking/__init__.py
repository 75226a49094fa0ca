"""How fast it is: every figure a ratio of what ran in turns, in one process."""
