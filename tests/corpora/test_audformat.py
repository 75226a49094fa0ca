import subprocess
import sys

import pytest

from sernas.base.errors import CorpusError
from sernas.corpora.label_files import SPEAKER_UNKNOWN
from sernas.corpora.registry import label_files, labelled, read_corpus
from sernas.settings.corpus import CorpusSettings

EMOTIONS = {"a/1.wav": "anger", "a/2.wav": "happiness", "b/3.flac": "calm"}
SPEAKERS = {"a/1.wav": "s1", "a/2.wav": "s2", "b/3.flac": None}


def settings(root, **others):
    emotions = ("angry", "happy")
    return CorpusSettings("audformat", str(root), **{"emotions": emotions} | others)


def column(table, name, values, scheme=None):
    audformat = pytest.importorskip("audformat")
    table[name] = audformat.Column(scheme_id=scheme)
    table[name].set(list(values.values()), index=audformat.filewise_index(list(values)))


def add_table(database, table, name, values, scheme=None):
    audformat = pytest.importorskip("audformat")
    database[table] = audformat.Table(audformat.filewise_index(list(values)))
    column(database[table], name, values, scheme)


@pytest.fixture
def database():
    """As of audb: emotions in parts, speakers with what is known of them."""
    audformat = pytest.importorskip("audformat")
    database = audformat.Database("mine")
    known = {"s1": {"gender": "female"}, "s2": {"gender": "male"}}
    database.schemes["speaker"] = audformat.Scheme(labels=known)
    database.schemes["emotion"] = audformat.Scheme("str")
    first, *others = EMOTIONS.items()
    add_table(database, "emotion.train", "emotion", dict([first]), "emotion")
    add_table(database, "emotion.test", "emotion", dict(others), "emotion")
    add_table(database, "files", "speaker", SPEAKERS, "speaker")
    return database


def test_columns_of_all_tables_of_files_are_read(tmp_path, database):
    database.save(str(tmp_path))
    rows = labelled(settings(tmp_path))
    keys = ("utterance", "path", "speaker", "gender", "emotion", "reason")
    assert sorted(tuple(row[key] for key in keys) for row in rows) == [
        ("a/1", "a/1.wav", "s1", "F", "angry", ""),
        ("a/2", "a/2.wav", "s2", "M", "happy", ""),
        ("b/3", "b/3.flac", "", "", "calm", SPEAKER_UNKNOWN),
    ]
    assert label_files(settings(tmp_path)) == [str(tmp_path / "db.yaml")]


def test_files_that_are_there_are_used(tmp_path, database):
    database.save(str(tmp_path))
    (tmp_path / "a").mkdir()
    (tmp_path / "a/1.wav").touch()
    corpus = read_corpus(settings(tmp_path, emotions=("angry",)))
    assert list(corpus.utterances["utterance"]) == ["a/1"]
    assert corpus.warnings == []


def test_two_labels_of_a_file_are_an_error(tmp_path, database):
    add_table(database, "more", "emotion", {"a/1.wav": "sadness"}, "emotion")
    database.save(str(tmp_path))
    with pytest.raises(CorpusError, match=r"one emotion of a/1.wav, found anger and sadness in tw"):
        labelled(settings(tmp_path))


def test_a_database_without_speakers(tmp_path, database):
    database.drop_tables("files")
    database.save(str(tmp_path))
    with pytest.raises(CorpusError, match=r"db.yaml: expected .*column speaker, found tables emot"):
        labelled(settings(tmp_path))


def test_a_header_that_is_none(tmp_path):
    pytest.importorskip("audformat")
    (tmp_path / "db.yaml").write_text("[1, 2")
    with pytest.raises(CorpusError, match=r"db.yaml: expected a database .*found one that does no"):
        labelled(settings(tmp_path))


def test_without_the_package_one_error_names_the_extra(tmp_path, monkeypatch):
    (tmp_path / "db.yaml").write_text("name: mine")
    monkeypatch.setitem(sys.modules, "audformat", None)
    with pytest.raises(CorpusError, match=r"package audformat .*pip install .*'\.\[audformat\]'"):
        labelled(settings(tmp_path))


def test_label_files_are_named_without_the_package(tmp_path):
    (tmp_path / "db.yaml").write_text("name: mine")
    code = (
        "import sys; sys.modules['audformat'] = None\n"
        "from sernas.corpora.registry import label_files\n"
        "from sernas.settings.corpus import CorpusSettings\n"
        f"label_files(CorpusSettings('audformat', {str(tmp_path)!r}, ('sad',)))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
