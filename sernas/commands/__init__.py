"""The command ``sernas``: one module a subcommand."""
