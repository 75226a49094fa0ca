"""A hook of MkDocs: what docstrings name by a role, ``:func:`sernas.a.b```, is a link to it."""

import re

ROLE = re.compile(r":(?:class|data|func|meth|mod):<code>(~?)([\w.]+)</code>")


def on_page_content(html, **_):
    """Link each name that a page of the reference has; others stay as they are."""
    return ROLE.sub(_linked, html)


def _linked(match):
    dotted = match[2]
    shown = dotted.rpartition(".")[2] if match[1] else dotted
    return f'<autoref optional identifier="{dotted}"><code>{shown}</code></autoref>'
