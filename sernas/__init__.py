"""Neural architecture search for speech emotion recognition."""
