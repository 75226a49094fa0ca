"""How to choose an architecture: the strategies, the supernet, and the search that trains it."""
