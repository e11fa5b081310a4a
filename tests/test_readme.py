"""What the README says is so: every command line runs, every Python example runs, every table is that of the code."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qwen_subs.cli import main
from qwen_subs.errors import ExitCode
from qwen_subs.formats import iterate_formats
from qwen_subs.presets import NO_LIMIT, PRESETS, load_preset

REPOSITORY = Path(__file__).parent.parent
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
PUBLISHED = {"Qwen3-ASR-0.6B-hf": "recognizer", "Qwen3-ForcedAligner-0.6B-hf": "aligner"}
# Commands about other programs, which the tests cannot or need not run; `make demo` is the subject of a test below.
OTHERS = ("git clone", "make demo", "sudo apt", "pip install")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE)


def command_lines() -> list[str]:
    lines = [line[2:].split("   #")[0].strip() for block in blocks("console") for line in block.splitlines()]
    return [line for line in lines if not line.startswith(OTHERS)]


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like a user's: media, a script, weights, and a model cache that holds the demo checkpoints."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "fixtures").symlink_to(REPOSITORY / "fixtures")
    (folder / "man").symlink_to(REPOSITORY / "man")
    (folder / "weights").mkdir()
    for name, demo in PUBLISHED.items():
        model = REPOSITORY / "fixtures" / "models" / demo
        (folder / "weights" / name).symlink_to(model)
        repository = folder / "cache" / f"models--Qwen--{name}"
        shutil.copytree(model, repository / "snapshots" / ("0" * 40))
        (repository / "refs").mkdir()
        (repository / "refs" / "main").write_text("0" * 40)
    sample = REPOSITORY / "fixtures" / "media" / "sample"
    for name in ("film.mp4", "a.mp4", "b.mp4"):
        shutil.copy(sample.with_suffix(".mp4"), folder / name)
    subprocess.run(["ffmpeg", "-v", "error", "-i", folder / "film.mp4", "-vn", folder / "talk.wav"], check=True)
    shutil.copy(sample.with_suffix(".txt"), folder / "script.txt")
    return folder


@pytest.fixture
def as_user(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(workplace)
    monkeypatch.setenv("HF_HUB_CACHE", str(workplace / "cache"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(workplace / "cache"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")
    return workplace


@pytest.mark.slow
@pytest.mark.parametrize("line", command_lines())
def test_command_line(as_user: Path, line: str, capfd: pytest.CaptureFixture[str]) -> None:
    for leftover in [*as_user.glob("film.*"), *as_user.glob("talk.*")]:
        if leftover.suffix not in {".mp4", ".wav"}:
            leftover.unlink()
    if "|" in line:
        process = subprocess.run(["bash", "-o", "pipefail", "-c", line], check=False)
        code = process.returncode
    else:
        code = main(shlex.split(line)[1:])
    assert code == 0, capfd.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("code", blocks("python"))
def test_python_example(as_user: Path, code: str) -> None:
    exec(compile(code, "README.md", "exec"), {})


def test_the_sample_output_is_what_the_program_prints(capsys: pytest.CaptureFixture[str]) -> None:
    models = REPOSITORY / "fixtures" / "models"
    flags = ["--model", str(models / "recognizer"), "--aligner-model", str(models / "aligner"), "--max-chunk", "20"]
    assert main(["subtitle", str(REPOSITORY / "fixtures" / "media" / "sample.mp4"), "-o", "-", *flags]) == 0
    (sample,) = blocks("srt")
    printed = capsys.readouterr().out
    assert printed.startswith(sample.removesuffix("…\n"))


def test_every_format_is_in_the_table() -> None:
    for output_format in iterate_formats():
        assert f"| `{output_format.name}` | `{output_format.extensions[0]}` |" in README


def test_every_preset_is_in_the_table() -> None:
    for name, preset in PRESETS.items():
        english = preset.for_language("en")
        durations = f"{english.min_duration_ms / 1000:g}–{english.max_duration_ms / 1000:g}"
        width, cps = ("–" if value >= NO_LIMIT else f"{value:g}" for value in (english.max_line_width, english.max_cps))
        row = (name, width, english.max_line_count, cps, durations)
        assert "| " + " | ".join(map(str, row)) + f" | {english.min_gap_ms / 1000:g} |" in README


def test_the_example_of_a_preset_is_one(tmp_path: Path) -> None:
    (example,) = blocks("toml")
    (tmp_path / "house.toml").write_text(example, encoding="utf-8")
    preset = load_preset(tmp_path / "house.toml")
    assert (preset.max_line_width, preset.for_language("ja").max_line_width) == (37, 24)


def test_every_exit_code_is_in_the_table() -> None:
    for code in ExitCode:
        assert re.search(rf"^\| {int(code)} \| ", README, flags=re.MULTILINE), code.name
