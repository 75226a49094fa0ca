import pytest

from sernas.base import digests
from sernas.base.digests import code_digest


@pytest.fixture
def package(tmp_path, monkeypatch):
    root = tmp_path / "sernas"
    (root / "a").mkdir(parents=True)
    for path, text in {
        "__init__.py": '"""s"""',
        "a/__init__.py": "",
        "a/one.py": "from sernas.a.two import f\nfrom sernas import c, d\n",
        "a/two.py": '"""Two."""\ndef f():\n    return 1\n',
        "b.py": "x = 1\n",
        "c.py": "y = 1\n",
        "page.html": "<p>",
        "d.py": 'class C:\n    x: int = key(1, "said", redoes="all")\n',
    }.items():
        (root / path).write_text(text)
    monkeypatch.setattr(digests, "PACKAGE", root)

    def digest():
        for function in (digests._tree, digests._imports, digests._meaning):
            function.cache_clear()
        return code_digest("sernas.a.one")

    yield root, digest
    for function in (digests._tree, digests._imports, digests._meaning):
        function.cache_clear()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a/one.py", "from sernas.a.two import f\n"),
        ("a/two.py", "def f():\n    return 2\n"),
        ("c.py", "y = 2\n"),
        ("d.py", 'class C:\n    x: int = key(2, "said", redoes="all")\n'),
        ("a/__init__.py", "z = 1"),
        ("page.html", "<h1>"),
    ],
)
def test_an_edit_of_what_is_imported_changes_the_digest(package, path, text):
    root, digest = package
    before = digest()
    (root / path).write_text(text)
    assert digest() != before


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("b.py", "x = 2\n"),  # not imported
        ("a/two.py", 'def f():\n    """Said at last."""\n    return 1\n'),
        ("d.py", 'class C:\n    x: int = key(1, "said otherwise", redoes="more")\n'),
        ("a/two.py", '"""Other words."""\n# a comment\ndef f():\n    "what"\n    return 1\n'),
    ],
)
def test_other_edits_do_not(package, path, text):
    root, digest = package
    if "what" in text:
        (root / "a/two.py").write_text('"""Two."""\ndef f():\n    "is"\n    return 1\n')
    before = digest()
    (root / path).write_text(text)
    assert digest() == before


def test_neither_does_the_bytecode_of_a_package_that_is_a_module_now(package):
    root, digest = package
    before = digest()
    (root / "c/__pycache__").mkdir(parents=True)
    assert digest() == before
