"""The papers whose tables are made anew, one a file."""
