"""Who trains, validates and tests: splits, leak checks, statistics and segments."""
