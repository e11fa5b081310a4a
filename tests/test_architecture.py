"""The layers hold: who may import whom, and which heavy packages are imported where."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "qwen_subs"
MODULES = sorted(PACKAGE.rglob("*.py"))

LAYERS = {
    0: {"errors", "frames", "timecode", "languages", "registry"},
    1: {"transcript", "waveform", "boundaries", "grammar", "presets", "settings", "records", "progress", "checkpoints"},
    2: {"media", "chunking", "recognition", "alignment", "segmentation", "formats", "quality"},
    3: {"groups", "pipeline", "mending", "checking"},
    4: {"cli"},
}
LAYER_OF = {name: layer for layer, names in LAYERS.items() for name in names}
STAGES = LAYERS[2]

# Heavy or optional package -> where it may be imported.
HOMES = {
    "torch": ("checkpoints/", "recognition/", "alignment/", "cli/doctor.py"),
    "transformers": ("checkpoints/", "recognition/", "alignment/"),
    "huggingface_hub": ("checkpoints/",),
    "typer": ("cli/",),
    "rich": ("cli/",),
    "ffmpeg": ("media/",),
    "soundfile": ("media/",),
    "praatio": ("formats/",),
    "nagisa": ("alignment/",),
}


def imports_of(path: Path) -> Iterator[str]:
    """Yield the modules that a file imports, anywhere in it, but for those that only a type checker sees."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    hidden = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


def part_of(path: Path) -> str:
    """Return the part of the package that a file belongs to: its stage, or its own name."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_respect_the_layers(path: Path) -> None:
    part = part_of(path)
    if part in {"__init__", "__main__"}:
        return
    for module in imports_of(path):
        if not module.startswith("qwen_subs."):
            continue
        other = module.split(".")[1]
        if other == part:
            continue
        assert LAYER_OF[other] <= LAYER_OF[part], f"{part} (layer {LAYER_OF[part]}) imports {other} above it"
        assert not (part in STAGES and other in STAGES), f"stage {part} imports stage {other}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_heavy_packages_stay_at_home(path: Path) -> None:
    relative = path.relative_to(PACKAGE).as_posix()
    for module in imports_of(path):
        home = HOMES.get(module.split(".")[0])
        assert home is None or relative.startswith(home), f"{relative} imports {module}"
        assert module.split(".")[0] != "click", "Typer carries its own copy of Click"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_stay_small(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= 300, "a noun is missing"


@pytest.mark.parametrize(
    "statement", ["import qwen_subs", "from qwen_subs import Settings", "import qwen_subs.cli.app"]
)
def test_light_imports_do_not_load_the_models_libraries(statement: str) -> None:
    code = f"{statement}; import sys; print([m for m in ('torch', 'transformers', 'numpy') if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_every_public_name_can_be_imported() -> None:
    import qwen_subs

    for name in qwen_subs.__all__:
        assert getattr(qwen_subs, name) is not None
    assert set(qwen_subs.__all__) <= set(dir(qwen_subs))
    with pytest.raises(AttributeError):
        _ = qwen_subs.nonsense
