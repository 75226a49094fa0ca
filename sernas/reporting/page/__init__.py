"""One page that says what a run found: ``report.html``, which needs no other file."""
