"""Files: which format, which encoding, whole or not at all."""

import os
import resource
import stat
from pathlib import Path

import pytest

from qwen_subs.errors import InputError, OutputError, UsageError
from qwen_subs.formats import files, load_transcript, save_transcript
from qwen_subs.transcript import Cue, Segment, Transcript, Word

WORDS = (Word(0, 400, "Hé"), Word(400, 900, "llo."))
TRANSCRIPT = Transcript(
    "a.wav", 1_000, (Segment(0, 1_000, "Hé llo.", "en"),), WORDS, (Cue(0, 900, ("Hé llo.",), WORDS),)
)
SRT = "1\n00:00:00,000 --> 00:00:00,900\nHé llo.\n"


@pytest.mark.parametrize(
    "name", ["a.srt", "a.VTT", "a.ass", "a.ttml", "a.TextGrid", "a.textgrid", "a.json", "a.tsv", "-dash '\" é\n.srt"]
)
def test_the_extension_says_the_format(name: str, tmp_path: Path) -> None:
    save_transcript(TRANSCRIPT, tmp_path / name)
    back = load_transcript(tmp_path / name)
    assert back.text == "Hé llo."
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_bytes_are_utf8_with_line_feeds(tmp_path: Path) -> None:
    save_transcript(TRANSCRIPT, tmp_path / "a.srt")
    assert (tmp_path / "a.srt").read_bytes() == SRT.encode()


def test_a_named_format_beats_the_extension(tmp_path: Path) -> None:
    save_transcript(TRANSCRIPT, tmp_path / "a.srt", "vtt")
    assert (tmp_path / "a.srt").read_text(encoding="utf-8").startswith("WEBVTT")


def test_an_unknown_extension_cannot_be_guessed_when_writing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no format has the extension '.doc'") as caught:
        save_transcript(TRANSCRIPT, tmp_path / "a.doc")
    assert "srt" in (caught.value.hint or "")


@pytest.mark.parametrize("name", ["srt", "vtt", "ass", "ttml", "textgrid", "json", "tsv"])
def test_an_unknown_extension_is_told_by_the_content_when_reading(name: str, tmp_path: Path) -> None:
    save_transcript(TRANSCRIPT, tmp_path / "a.data", name)
    assert load_transcript(tmp_path / "a.data").text == "Hé llo."


def test_content_of_no_format(tmp_path: Path) -> None:
    (tmp_path / "a.data").write_text("hello")
    with pytest.raises(InputError, match=r"a\.data: not a transcript in any known format"):
        load_transcript(tmp_path / "a.data")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, newline: str, tmp_path: Path) -> None:
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    (tmp_path / "a.srt").write_bytes((mark + SRT.replace("\n", newline)).encode(encoding))
    assert load_transcript(tmp_path / "a.srt").cues == (Cue(0, 900, ("Hé llo.",)),)


@pytest.mark.parametrize("data", [SRT.encode("cp1252"), b"\xff\xfe1", b"\x89PNG\r\n\x1a\n\xff\xff"])
def test_another_encoding_is_refused_with_a_remedy(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_bytes(data)
    with pytest.raises(InputError, match=r"a\.srt: not UTF-(8|16) text") as caught:
        load_transcript(tmp_path / "a.srt")
    assert "iconv" in (caught.value.hint or "")


def test_errors_of_readers_name_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    with pytest.raises(InputError, match=r"a\.json: JSON without segments"):
        load_transcript(tmp_path / "a.json")
    with pytest.raises(InputError, match=r"b\.json: cannot be read: no such file"):
        load_transcript(tmp_path / "b.json")
    with pytest.raises(InputError, match="cannot be read: is a directory"):
        load_transcript(tmp_path)


def test_what_stood_there_is_replaced_and_permissions_are_the_users(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_text("old")
    before = os.umask(0o027)
    try:
        save_transcript(TRANSCRIPT, path)
    finally:
        os.umask(before)
    assert path.read_text(encoding="utf-8") == SRT
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_symbolic_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link = tmp_path / "a.srt"
    link.symlink_to(tmp_path / "there" / "b.srt")
    save_transcript(TRANSCRIPT, link)
    assert link.is_symlink()
    assert (tmp_path / "there" / "b.srt").read_text(encoding="utf-8") == SRT


def test_a_device_is_written_to_not_replaced() -> None:
    save_transcript(TRANSCRIPT, "/dev/null", "srt")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.srt"
    path.write_text("old")
    long = Transcript("a.wav", 10**6, cues=tuple(Cue(i * 100, i * 100 + 90, ("x" * 100,)) for i in range(1000)))
    # The limit would also cut off byte code that Python writes meanwhile, and leave it broken for later runs.
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(OutputError, match=r"a\.srt: cannot be written: file too large") as caught:
            save_transcript(long, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.hint
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.srt"]


def test_control_c_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        save_transcript(TRANSCRIPT, tmp_path / "a.srt")
    assert list(tmp_path.iterdir()) == []


def test_folders_that_are_missing_or_in_the_way(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written: no such file") as caught:
        save_transcript(TRANSCRIPT, tmp_path / "no" / "a.srt")
    assert caught.value.hint == "make the folder first"
    (tmp_path / "b.srt").mkdir()
    with pytest.raises(OutputError, match="is a directory"):
        save_transcript(TRANSCRIPT, tmp_path / "b.srt")
    with pytest.raises(OutputError, match="file name too long"):
        save_transcript(TRANSCRIPT, tmp_path / f"{'x' * 300}.srt")


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write everywhere")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OutputError, match="permission denied"):
            save_transcript(TRANSCRIPT, tmp_path / "a.srt")
    finally:
        tmp_path.chmod(0o700)
