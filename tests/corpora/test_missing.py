import unicodedata

import pytest

from sernas.corpora.missing import why_missing


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("a.wav", "A.WAV"),
        ("a.wav", "a.flac"),
        ("1.wav", "01.wav"),
        (unicodedata.normalize("NFC", "\u00e9.wav"), unicodedata.normalize("NFD", "\u00e9.wav")),
    ],
)
def test_a_file_of_another_name_is_named(tmp_path, asked, there):
    (tmp_path / there).touch()
    said = why_missing(tmp_path / asked)
    assert said.startswith("audio file is missing; there is one of another name: ")
    assert ascii(there) in said


def test_a_pointer_is_named(tmp_path):
    (tmp_path / "a.wav").symlink_to("../.git/annex/objects/1/2/x.wav")
    said = why_missing(tmp_path / "a.wav")
    assert "a pointer of git-annex" in said
    assert "git annex get" in said


@pytest.mark.parametrize("path", ["a.wav", "no/a.wav", "a\0/b.wav"])
def test_nothing_of_the_kind(tmp_path, path):
    (tmp_path / "a.wav").symlink_to("gone")
    assert why_missing(tmp_path / path) == "audio file is missing"
