"""The man pages are those of the command line as it is, and render without a complaint."""

import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest

MAN = Path(__file__).parent.parent / "man"


def load_generator() -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("make_man", MAN / "make_man.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    pages: dict[str, str] = module.make_pages()
    return pages


def test_pages_are_up_to_date() -> None:
    pages = load_generator()
    assert {path.name for path in MAN.glob("*.1")} == set(pages)
    for name, content in pages.items():
        assert (MAN / name).read_text(encoding="utf-8") == content, f"{name} is stale: run `make man`"


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="mandoc is not installed")
@pytest.mark.parametrize("page", sorted(MAN.glob("*.1")), ids=lambda page: page.name)
def test_pages_are_clean(page: Path) -> None:
    lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page], capture_output=True, text=True, check=False)
    assert (lint.returncode, lint.stdout) == (0, "")
