"""What everything stands on: errors, files, jobs, seeds. Nothing here knows speech."""
