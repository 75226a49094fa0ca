import pytest
import torch

from sernas.base.errors import SettingsError
from sernas.settings.training import OptimisationSettings
from sernas.training.devices import device_name, prepare, resolved
from sernas.training.gpus import gpu_names


def test_threads_are_those_of_the_rule():
    assert prepare("cpu", 2) == torch.device("cpu")
    assert torch.get_num_threads() == 2
    prepare("cpu", 1)


@pytest.mark.skipif(torch.cuda.is_available(), reason="needs a machine without CUDA")
def test_without_cuda_auto_is_the_cpu_and_cuda_an_error():
    assert prepare("auto", 1) == torch.device("cpu")
    with pytest.raises(SettingsError, match="set device: auto or cpu"):
        prepare("cuda", 1)


def test_cuda_repeats_and_fills_no_memory(modes, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)  # there need not be one
    monkeypatch.setenv("CUBLAS_WORKSPACE_CONFIG", ":16:8")
    assert prepare("auto", 1).type == "cuda"
    assert torch.are_deterministic_algorithms_enabled()
    assert torch.is_deterministic_algorithms_warn_only_enabled()
    assert not torch.utils.deterministic.fill_uninitialized_memory


@pytest.mark.gpu
def test_a_gpu_is_called_what_its_driver_calls_it():
    assert device_name(torch.device("cuda")) == gpu_names()[0]


@pytest.mark.parametrize(
    ("asked", "device", "fast", "got"),
    [
        ("auto", "cpu", True, "float32"),  # a processor with AMX, too
        ("auto", "cuda", True, "bfloat16"),
        ("auto", "cuda", False, "float32"),  # of before 2020
        ("tf32", "cuda", True, "tf32"),
        ("bfloat16", "cpu", False, "bfloat16"),
    ],
)
def test_auto_is_what_the_device_is_fast_in(asked, device, fast, got, monkeypatch, caplog):
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: fast)
    caplog.set_level("INFO")
    settings = resolved(OptimisationSettings(precision=asked), torch.device(device))
    assert settings == OptimisationSettings(precision=got)
    assert f"precision {got}" in caplog.text
