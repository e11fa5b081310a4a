import pytest
import torch

from qwen_subs.checkpoints.devices import choose_device, choose_dtype, holds_large_model
from qwen_subs.errors import ExitCode, MissingDependencyError, UsageError

CPU = torch.device("cpu")
needs_no_gpu = pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")


def test_the_cpu_computes_in_float32():
    assert choose_device("cpu") == CPU
    assert choose_dtype("auto", CPU) == torch.float32
    assert not holds_large_model(CPU)


@needs_no_gpu
@pytest.mark.parametrize("name", ["cuda", "cuda:0", "cuda:1"])
def test_a_gpu_that_was_asked_for_and_is_absent(name):
    with pytest.raises(MissingDependencyError, match=f"device {name} is not available") as caught:
        choose_device(name)
    assert caught.value.exit_code == ExitCode.ENVIRONMENT
    assert "--device cpu" in (caught.value.hint or "")


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_gpu_computes_in_16_bit():
    device = choose_device("auto")
    assert device.type == "cuda"
    assert choose_dtype("auto", device) in (torch.bfloat16, torch.float16)
    with pytest.raises(MissingDependencyError, match="counted from 0"):
        choose_device("cuda:99")


@pytest.mark.parametrize("name", ["tpu", "cuda:", "cuda:x", "cpu:0", "", "CUDA"])
def test_an_unknown_device(name):
    with pytest.raises(UsageError, match="unknown device"):
        choose_device(name)


def test_an_unknown_dtype():
    with pytest.raises(UsageError, match="unknown dtype 'int8'"):
        choose_dtype("int8", CPU)
