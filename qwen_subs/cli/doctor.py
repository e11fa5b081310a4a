"""``qwen-subs doctor``: what is installed, what is missing, and how to get it."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from qwen_subs import __version__
from qwen_subs.errors import ExitCode


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report.

    Attributes:
        name: What was looked for.
        found: Version, place or value; "" if it is missing.
        remedy: What to do if it is missing.
        needed: Whether the program cannot work without it.
    """

    name: str
    found: str
    remedy: str
    needed: bool = True


def doctor() -> int:
    """Check this machine: programs, packages, device and models, each with its remedy."""
    findings = list(_examine())
    width = max(len(finding.name) for finding in findings)
    for finding in findings:
        mark = "ok" if finding.found else "MISSING" if finding.needed else "absent"
        print(f"{mark:<8}{finding.name:<{width}}  {finding.found or finding.remedy}")
    missing = [finding.name for finding in findings if finding.needed and not finding.found]
    if missing:
        print(f"\nmissing: {', '.join(missing)}", file=sys.stderr)
        return ExitCode.ENVIRONMENT
    return ExitCode.OK


def _examine() -> Iterator[Finding]:
    yield Finding("qwen-subs", f"{__version__}, Python {sys.version.partition(' ')[0]}", "")
    for program in ("ffmpeg", "ffprobe"):
        yield Finding(program, _program_version(program), "install ffmpeg (apt install ffmpeg, brew install ffmpeg)")
    for package in ("torch", "transformers"):
        yield Finding(package, _package_version(package), f"pip install {package}")
    yield Finding("device", _describe_device(), "needs torch")
    yield from _examine_models()
    yield Finding("nagisa (Japanese)", _package_version("nagisa"), "pip install 'qwen-subs[ja]'", needed=False)


def _program_version(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        return ""
    try:
        answer = subprocess.run([path, "-version"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    words = answer.stdout.split()
    return f"{words[2]} ({path})" if answer.returncode == 0 and len(words) > 2 else ""


def _package_version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _describe_device() -> str:
    if find_spec("torch") is None:
        return ""
    import torch

    if torch.cuda.is_available():
        properties = torch.cuda.get_device_properties(0)
        return f"cuda: {properties.name}, {properties.total_memory / 2**30:.0f} GiB"
    if torch.backends.mps.is_available():
        return "mps: Apple GPU"
    return f"cpu: {torch.get_num_threads()} threads"


def _examine_models() -> Iterator[Finding]:
    from qwen_subs.checkpoints.catalog import list_models

    for model in list_models():
        place = "" if model.folder is None or model.problem else str(model.folder)
        remedy = f"qwen-subs models download {model.short_name or model.name}"
        yield Finding(model.name, place, f"{model.problem}; {remedy}" if model.problem else remedy, needed=False)
