"""Candidate operations, and the layers that mix them."""
