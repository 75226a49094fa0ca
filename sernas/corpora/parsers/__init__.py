"""The corpora, one parser a file."""
