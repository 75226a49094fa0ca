"""Where what the workflow makes for itself is, by its name in the configuration."""

DEMO_ROOT = "resources/demo"
"""The demo corpus."""

TINY_MODEL = "resources/tiny_speech_model"
"""The speech model of the demo, of random weights."""
