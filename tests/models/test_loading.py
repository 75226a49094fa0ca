"""Nothing that is loaded can run code, whoever made the file."""

import ast
import io
import pickle
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest
import torch
import yaml

from sernas.base.errors import SernasError
from sernas.features.store import FORMAT, FeatureStore
from sernas.folds.split import read_split
from sernas.folds.statistics import Statistics
from sernas.models.model_file import load_model

ROOT = Path(__file__).parents[2]
MODULES = [p for folder in ("sernas", "scripts") for p in sorted((ROOT / folder).rglob("*.py"))]
LOADERS = {
    "load_model": load_model,
    "Statistics.load": Statistics.load,
    "FeatureStore": FeatureStore,
    "read_split": lambda path: read_split(path, ("sad",)),
}


class Evil:
    """Runs when it is unpickled."""

    def __init__(self, folder):
        self.mark = str(folder / "executed")

    def __reduce__(self):
        return (open, (self.mark, "w"))


def torch_legacy(path, evil):
    torch.save({"format": 1, "x": evil}, path, _use_new_zipfile_serialization=False)


def npz(path, evil):
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("mean", "std", "speakers"):
            member = io.BytesIO()
            np.save(member, np.array([evil], dtype=object), allow_pickle=True)
            archive.writestr(f"{name}.npy", member.getvalue())


def hdf5(path, evil):
    with h5py.File(path, "w") as file:
        file.attrs["format"], file.attrs["complete"] = FORMAT, True
        file.attrs["settings"] = np.void(pickle.dumps(evil))
        file["index/utterance"] = np.void(pickle.dumps(evil))


FORGERIES = {
    "a pickle": lambda path, evil: path.write_bytes(pickle.dumps(evil)),
    "torch": lambda path, evil: torch.save({"format": 1, "description": evil}, path),
    "torch, alone": lambda path, evil: torch.save(evil, path),
    "torch, legacy": torch_legacy,
    "npy": lambda path, evil: np.save(path.open("wb"), np.array([evil], dtype=object)),
    "npz": npz,
    "HDF5": hdf5,
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
@pytest.mark.parametrize("load", LOADERS.values(), ids=LOADERS)
def test_a_forged_file_is_an_error_and_runs_nothing(tmp_path, load, forge):
    path = tmp_path / "forged"
    forge(path, Evil(tmp_path))
    with pytest.raises(SernasError, match="forged: .*delete it and run again") as error:
        load(path)
    assert "weights_only" not in str(error.value)  # nobody is told how to run it after all
    assert not (tmp_path / "executed").exists()


@pytest.mark.parametrize("forge", ["a pickle", "torch, alone", "torch, legacy"])
def test_the_forgeries_are_loaded(tmp_path, forge):
    """Read by what trusts them they do run; else the test above says nothing."""
    path = tmp_path / "forged"
    FORGERIES[forge](path, Evil(tmp_path))
    if forge == "a pickle":
        pickle.loads(path.read_bytes())
    else:
        torch.load(path, weights_only=False)
    assert (tmp_path / "executed").exists()


def test_configurations_are_data():
    text = "!!python/object/apply:os.system ['true']"
    with pytest.raises(yaml.YAMLError):
        yaml.safe_load(text)


def calls(path):
    """(dotted name, node) of every call in a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def options(call):
    return {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}


def test_every_call_that_loads_is_told_not_to_run_anything():
    found = []
    for path in MODULES:
        for name, call in calls(path):
            where = f"{path.relative_to(ROOT)}:{call.lineno}: {name}"
            if name == "torch.load":
                found.append(name)
                assert options(call).get("weights_only") == "True", where
            elif name in ("np.load", "numpy.load"):
                found.append(name)
                assert options(call).get("allow_pickle", "False") == "False", where
            elif name.startswith("yaml."):
                if name == "yaml.load":  # all is text
                    assert ast.unparse(call.args[1]) == "yaml.BaseLoader", where
                else:  # compose makes no objects
                    assert "safe" in name or name == "yaml.compose", where
            assert name not in ("eval", "exec", "pd.read_pickle", "joblib.load"), where
    assert sorted(set(found)) == ["np.load", "torch.load"]


@pytest.mark.parametrize("module", ["pickle", "dill", "joblib", "shelve", "marshal", "cloudpickle"])
def test_no_module_that_runs_what_it_loads_is_imported(module):
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in getattr(node, "names", ())]
            names.append(getattr(node, "module", None) or "")
            assert module not in names, path
