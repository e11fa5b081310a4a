"""The device and the number type that models run on."""

import torch

from qwen_subs.errors import MissingDependencyError, UsageError

DTYPES: dict[str, torch.dtype] = {
    "float32": torch.float32,
    "bfloat16": torch.bfloat16,
    "float16": torch.float16,
}
# 3.4 GB of weights in bfloat16, 1.8 GB for the aligner beside it, and the activations of a batch.
BYTES_FOR_1_7B = 8 * 2**30


def choose_device(name: str) -> torch.device:
    """Return the device of a ``--device`` value: ``auto``, ``cpu``, ``cuda``, ``cuda:N`` or ``mps``.

    Raises:
        UsageError: If there is no device of such a name.
        MissingDependencyError: If the device was asked for and this machine, or the installed torch, has none.
    """
    if name == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda", torch.cuda.current_device())
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    kind, _, number = name.partition(":")
    if kind not in ("cpu", "cuda", "mps") or (":" in name and not (kind == "cuda" and number.isdecimal())):
        raise UsageError(f"unknown device {name!r}", hint="known: auto, cpu, cuda, cuda:N, mps")
    if kind == "cuda":
        if not torch.cuda.is_available():
            fact = "this torch was built without it" if torch.version.cuda is None else "no GPU was found"
            raise MissingDependencyError(
                f"device {name} is not available: {fact}", hint="use --device cpu, or install torch for your GPU"
            )
        index = int(number) if number else torch.cuda.current_device()
        if index >= torch.cuda.device_count():
            raise MissingDependencyError(
                f"device {name} is not available: {torch.cuda.device_count()} GPU(s) found, counted from 0",
                hint="choose another number, or --device auto",
            )
        return torch.device("cuda", index)
    if kind == "mps" and not torch.backends.mps.is_available():
        raise MissingDependencyError("device mps is not available on this machine", hint="use --device auto")
    return torch.device(kind)


def choose_dtype(name: str, device: torch.device) -> torch.dtype:
    """Return the number type of a ``--dtype`` value.

    ``auto`` is bfloat16, in which the published weights are stored, where the GPU computes with it; float16 on other
    GPUs; float32 on the CPU.

    Raises:
        UsageError: If there is no number type of such a name.
    """
    if name == "auto":
        if device.type == "cpu":
            return torch.float32
        native_bfloat16 = device.type == "cuda" and torch.cuda.get_device_capability(device) >= (8, 0)
        return torch.bfloat16 if native_bfloat16 else torch.float16
    if name not in DTYPES:
        raise UsageError(f"unknown dtype {name!r}", hint=f"known: auto, {', '.join(DTYPES)}")
    return DTYPES[name]


def holds_large_model(device: torch.device) -> bool:
    """Return whether the device is a GPU with enough free memory for the 1.7B recognizer, an aligner and a batch."""
    if device.type != "cuda":
        return False
    free, _ = torch.cuda.mem_get_info(device)
    return free >= BYTES_FOR_1_7B


def describe_dtype(dtype: torch.dtype) -> str:
    """Return the name of a number type, as ``--dtype`` takes it."""
    return str(dtype).removeprefix("torch.")
