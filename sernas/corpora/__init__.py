"""What was said, by whom, with which emotion: one parser a corpus, all in one registry."""
