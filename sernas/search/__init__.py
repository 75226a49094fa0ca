"""How to choose: none, random, joint, sampling, dropout."""
