"""A trained network to take away: a folder that says all that a prediction needs."""
