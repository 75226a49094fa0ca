"""The settings of every stage, frozen dataclasses, a file a section."""
