import subprocess
import sys

import pytest

from sernas.base.errors import CorpusError, SettingsError
from sernas.corpora.registry import CORPORA, label_files, read_corpus
from sernas.settings.corpus import CorpusSettings


def test_the_corpora():
    assert sorted(CORPORA) == [
        *("audformat", "crema_d", "demo", "emodb", "esd", "iemocap", "manifest", "meld"),
        *("msp_improv", "msp_podcast", "nemo", "ravdess", "savee", "tess"),
    ]


@pytest.mark.parametrize("ask", [read_corpus, label_files])
def test_an_unknown_corpus_names_the_known_ones(ask):
    with pytest.raises(SettingsError, match="'iemocp'.* one of .*demo, .*iemocap, manifest"):
        ask(CorpusSettings("iemocp", "somewhere", ("sad",)))


@pytest.mark.parametrize("name", CORPORA)
@pytest.mark.parametrize(
    ("make", "found"),
    [
        (lambda root: None, "does not exist"),
        (lambda root: root.mkdir(), "is empty"),
        (lambda root: (root / "IEMOCAP_full_release").mkdir(parents=True), "holds IEMOCAP_full_r"),
        (lambda root: root.touch(), "is not a folder"),
    ],
)
def test_a_folder_without_labels(tmp_path, name, make, found):
    root = tmp_path / "corpus"
    make(root)
    with pytest.raises(CorpusError) as error:
        read_corpus(CorpusSettings(name, str(root), ("sad",)))
    assert f"corpus folder {root} {found}" in str(error.value)
    assert "expected in it: " in str(error.value)
    assert "set corpus_root" in str(error.value)


def test_asking_for_label_files_loads_no_heavy_library():
    heavy = "{'pandas', 'scipy', 'soundfile', 'librosa', 'sklearn', 'torch'}"
    code = f"import sys, sernas.corpora.registry; print(sorted({heavy} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
