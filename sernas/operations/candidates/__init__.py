"""The operations that there are: each module adds cards to the registry. Light."""
