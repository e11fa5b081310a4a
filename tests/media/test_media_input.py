"""Bad, broken and hostile input: one clear line, or what can be had and a notice."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from qwen_subs.errors import InputError, MissingDependencyError
from qwen_subs.media import load_waveform, probe_media
from tests.media.conftest import CLICKS_MS, Make, Recorder, find_clicks, run_ffmpeg

HLS = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{0}\n#EXT-X-ENDLIST\n"


def assert_refused(path: Path | str, *facts: str) -> InputError:
    for function in (load_waveform, probe_media):
        with pytest.raises(InputError) as caught:
            function(path)
        line = str(caught.value)
        assert "\n" not in line and all(fact in line for fact in facts), line
    return caught.value


def cut(path: Path, share: float) -> Path:
    data = path.read_bytes()
    short = path.with_stem("cut")
    short.write_bytes(data[: int(len(data) * share)])
    return short


class TestFiles:
    def test_missing(self, tmp_path: Path) -> None:
        assert_refused(tmp_path / "film.mp4", "film.mp4: no such file")

    def test_missing_is_said_even_without_ffmpeg(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        assert_refused(tmp_path / "film.mp4", "no such file")

    def test_folder(self, tmp_path: Path) -> None:
        assert_refused(tmp_path, "is a folder")

    def test_empty(self, tmp_path: Path) -> None:
        (tmp_path / "film.mp4").touch()
        assert_refused(tmp_path / "film.mp4", "the file is empty")

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_no_permission(self, make: Make) -> None:
        path = make("a.wav")
        path.chmod(0)
        assert_refused(path, "no permission")

    def test_device(self) -> None:
        assert_refused("/dev/zero", "is a device")

    def test_name_that_no_file_can_have(self, tmp_path: Path) -> None:
        assert_refused(tmp_path / ("x" * 5000), "cannot be opened")
        assert_refused("film\0.mp4", "cannot be opened")

    @pytest.mark.parametrize("name", ["film.mp4", "film.wav", "film.mkv"])
    def test_text_under_another_name(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).write_text("this is no film\n" * 500)
        assert_refused(tmp_path / name, name, "is not media")

    def test_text_and_pictures_and_subtitles(self, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_text("this is no film\n" * 500)
        assert_refused(tmp_path / "notes.txt", "is text")
        run_ffmpeg("-f", "lavfi", "-i", "testsrc=s=160x120:d=1", "-frames:v", "1", tmp_path / "img%03d.jpg")
        assert_refused(tmp_path / "img001.jpg", "is a picture")
        (tmp_path / "film.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nHello\n")
        with pytest.raises(InputError, match=r"no audio stream \(found: subtitle\)"):
            load_waveform(tmp_path / "film.srt")

    def test_video_without_sound(self, make: Make) -> None:
        with pytest.raises(InputError, match=r"film\.mkv: no audio stream \(found: video\)"):
            load_waveform(make("film.mkv", "-an", picture=()))

    def test_sound_of_no_length(self, make: Make) -> None:
        for name in ("a.wav", "a.mka"):
            with pytest.raises(InputError, match=r"holds no sound|no audio stream|before any sound"):
                load_waveform(make(name, "-t", "0"))

    def test_a_tenth_of_a_second(self, make: Make) -> None:
        for name in ("a.wav", "a.flac", "a.mka"):
            options = ("-c:a", "pcm_s16le") if name == "a.mka" else ()
            assert load_waveform(make(name, "-t", "0.1", *options)).duration_ms == 100

    def test_encrypted(self, make: Make) -> None:
        key = ("-encryption_key", "76a6c65c5ea762046bd749a2e632ccbb", "-encryption_kid", "0" * 31 + "1")
        path = make("a.mp4", "-c:a", "aac", "-encryption_scheme", "cenc-aes-ctr", *key)
        with pytest.raises(InputError, match="encrypted"):
            load_waveform(path)


class TestDamage:
    def test_index_missing(self, make: Make) -> None:
        error = assert_refused(cut(make("a.mp4", "-c:a", "aac", picture=()), 0.5), "index is missing")
        assert error.hint is not None

    @pytest.mark.parametrize(
        ("name", "options"),
        [
            ("a.mov", ("-c:a", "pcm_s16le", "-movflags", "+faststart")),
            ("a.mkv", ("-c:a", "pcm_s16le")),
            ("a.mp3", ()),
            ("a.wav", ()),
            ("a.aiff", ()),
        ],
    )
    def test_breaks_off(self, make: Make, recorder: Recorder, name: str, options: tuple[str, ...]) -> None:
        path = cut(make(name, *options), 0.6)
        found = find_clicks(load_waveform(path, reporter=recorder))
        assert found == pytest.approx(CLICKS_MS[:2], abs=10)
        (notice,) = recorder.notices
        assert notice.startswith(f"{path}: ") and "decoded 3." in notice and "claims 6.0 s" in notice

    def test_broken_in_the_middle_keeps_its_time(self, make: Make, recorder: Recorder) -> None:
        path = make("a.ts", "-c:a", "mp2", "-b:a", "192k")
        data = bytearray(path.read_bytes())
        middle = slice(len(data) * 50 // 100, len(data) * 60 // 100)
        data[middle] = bytes(len(data[middle]))
        path.write_bytes(data)
        found = find_clicks(load_waveform(path, reporter=recorder))
        assert found == pytest.approx([click + 10 for click in CLICKS_MS], abs=10)

    def test_sound_files_are_whole_without_a_word(self, make: Make, recorder: Recorder) -> None:
        for name in ("a.mp4", "a.mkv", "a.mp3", "a.ts", "a.wav", "a.aac", "a.opus"):
            load_waveform(make(name), reporter=recorder)
        assert recorder.notices == []


class TestLevels:
    def test_mean_of_the_channels(self, tmp_path: Path) -> None:
        tone = 0.8 * np.sin(2 * np.pi * 440 * np.arange(32_000) / 16_000)
        one_of_six = np.zeros((32_000, 6))
        one_of_six[:, 2] = tone
        for samples, expected in (
            (np.stack([tone] * 2, 1), 0.8),
            (one_of_six, 0.8 / 6),
            (np.stack([tone] * 8, 1), 0.8),
        ):
            soundfile.write(tmp_path / "a.wav", samples, 16_000, subtype="FLOAT")
            run_ffmpeg("-i", tmp_path / "a.wav", "-c", "copy", tmp_path / "a.mka")
            for name in ("a.wav", "a.mka"):
                peak = float(np.abs(load_waveform(tmp_path / name).samples).max())
                assert peak == pytest.approx(expected, rel=0.01), name

    def test_beyond_full_scale(self, tmp_path: Path, recorder: Recorder) -> None:
        tone = (3 * np.sin(2 * np.pi * 440 * np.arange(32_000) / 16_000)).astype(np.float32)
        soundfile.write(tmp_path / "a.wav", tone, 16_000, subtype="FLOAT")
        samples = load_waveform(tmp_path / "a.wav", reporter=recorder).samples
        np.testing.assert_allclose(samples, tone / np.abs(tone).max(), atol=1e-6)
        assert len(recorder.notices) == 1 and "3 times full scale" in recorder.notices[0]

    def test_clipped_sound_passes(self, tmp_path: Path, recorder: Recorder) -> None:
        tone = np.clip(9 * np.sin(2 * np.pi * 440 * np.arange(88_200) / 44_100), -1, 1)
        soundfile.write(tmp_path / "a.wav", tone, 44_100)
        samples = load_waveform(tmp_path / "a.wav", reporter=recorder).samples
        assert 0.9 < np.abs(samples).max() <= 1
        assert recorder.notices == []

    def test_no_numbers(self, tmp_path: Path, recorder: Recorder) -> None:
        samples = np.full((16_000, 2), 0.25, dtype=np.float32)
        samples[100:200, 0] = np.nan
        samples[300, 1] = -np.inf
        soundfile.write(tmp_path / "a.wav", samples, 16_000, subtype="FLOAT")
        run_ffmpeg("-i", tmp_path / "a.wav", "-c", "copy", tmp_path / "a.mka")
        for name in ("a.wav", "a.mka"):
            recorder.notices.clear()
            loaded = load_waveform(tmp_path / name, reporter=recorder).samples
            assert np.isfinite(loaded).all() and loaded[400:].min() == pytest.approx(0.25)
            assert len(recorder.notices) == 1 and "no numbers" in recorder.notices[0]


class TestHostileInput:
    @pytest.mark.parametrize(
        "name",
        [
            "-dash.mka",
            "sp ace.mka",
            "new\nline.mka",
            "quo'te\".mka",
            "日本語.mka",
            "%03d.mka",
            "a:b=c,[x];|.mka",
            "$(x).mka",
        ],
    )
    def test_names(self, make: Make, name: str, monkeypatch: pytest.MonkeyPatch, recorder: Recorder) -> None:
        path = make("a.mka", "-c:a", "flac")
        path.rename(path.with_name(name))
        monkeypatch.chdir(path.parent)
        waveform = load_waveform(name, reporter=recorder)
        assert find_clicks(waveform) == pytest.approx(CLICKS_MS, abs=10)

    @pytest.mark.skipif(sys.platform != "linux", reason="names are Unicode elsewhere")
    def test_name_that_is_no_text(self, make: Make) -> None:
        for made in ("a.mka", "a.wav"):
            path = make(made).rename(Path(os.fsdecode(os.fsencode(make(made).parent) + b"/\xff\xfe" + made.encode())))
            assert find_clicks(load_waveform(path)) == pytest.approx(CLICKS_MS, abs=10)

    @pytest.mark.parametrize("name", ["list.m3u8", "list.mp4", "list.wav"])
    def test_playlists_are_refused_under_any_name(self, make: Make, tmp_path: Path, name: str) -> None:
        target = make("a.ts", "-c:a", "aac")
        for text in (
            HLS,
            "ffconcat version 1.0\nfile '{0}'\n",
            "[playlist]\nFile1={0}\n",
            "ID3\4\0\0\0\0\0\5xxxxx" + HLS,
        ):
            (tmp_path / name).write_text(text.format(target))
            assert_refused(tmp_path / name, "is a playlist")

    def test_description_of_a_network_stream(self, tmp_path: Path) -> None:
        text = "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n"
        (tmp_path / "a.mp4").write_text(text)
        assert_refused(tmp_path / "a.mp4", "is a playlist")

    @pytest.mark.parametrize(
        "address", ["http://localhost/a.mp4", "https://localhost/a.m3u8", "rtsp://localhost/a", "file:///etc/hosts"]
    )
    def test_addresses_are_refused(self, address: str) -> None:
        error = assert_refused(address, address)
        assert "address" in error.message
        assert error.hint is not None

    @pytest.mark.parametrize("name", ["concat:a.wav|b.wav", "pipe:0", "data:audio/wav;base64,AAAA", "lavfi:sine"])
    def test_protocols_are_names(self, name: str) -> None:
        assert_refused(name, "no such file")


class TestStandardInput:
    def test_nothing_arrives(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with subprocess.Popen(["true"], stdout=subprocess.PIPE, text=True) as nothing:
            monkeypatch.setattr("sys.stdin", nothing.stdout)
            with pytest.raises(InputError, match="standard input: no data arrived"):
                load_waveform("-")

    def test_index_at_the_end(self, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
        with subprocess.Popen(["cat", make("a.mov", "-c:a", "pcm_s16le")], stdout=subprocess.PIPE, text=True) as cat:
            monkeypatch.setattr("sys.stdin", cat.stdout)
            with pytest.raises(InputError, match="index is at the end") as caught:
                load_waveform("-")
        assert caught.value.hint == "give the file instead of a pipe"

    def test_redirected_file_is_read_as_a_file(self, make: Make) -> None:
        code = "from qwen_subs.media import load_waveform; print(load_waveform('-').duration_ms)"
        with make("a.mp4").open("rb") as file:
            result = subprocess.run(
                [sys.executable, "-c", code], stdin=file, capture_output=True, text=True, check=True
            )
        assert int(result.stdout) == pytest.approx(6000, abs=30)

    def test_named_pipe(self, make: Make, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        with subprocess.Popen(["cp", make("a.mp3"), tmp_path / "pipe"]):
            assert find_clicks(load_waveform(tmp_path / "pipe")) == pytest.approx(CLICKS_MS, abs=10)


class TestWithoutFfmpeg:
    @pytest.fixture(autouse=True)
    def no_ffmpeg(self, make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        self.media = {name: make(name) for name in ("a.wav", "a.flac", "a.aiff", "a.mp3")}
        (tmp_path / "bin").mkdir()
        monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    def test_sound_files_are_read(self) -> None:
        for name in ("a.wav", "a.flac", "a.aiff"):
            assert find_clicks(load_waveform(self.media[name])) == pytest.approx(CLICKS_MS, abs=1)
            assert probe_media(self.media[name]).duration_ms == 6000

    def test_the_rest_says_how_to_install_it(self) -> None:
        for function in (load_waveform, probe_media):
            with pytest.raises(MissingDependencyError, match="ffprobe is not installed") as caught:
                function(self.media["a.mp3"])
            assert caught.value.hint is not None and "install ffmpeg" in caught.value.hint


def test_no_process_stays_when_decoding_is_interrupted(tmp_path: Path) -> None:
    class Impatient(Recorder):
        def advance(self, stage: object, ms: int) -> None:
            raise KeyboardInterrupt

    path = tmp_path / "long.mka"
    run_ffmpeg("-f", "lavfi", "-i", "sine=d=3600", "-c:a", "pcm_u8", "-ar", "8000", path)
    with pytest.raises(KeyboardInterrupt):
        load_waveform(path, reporter=Impatient())
    children = subprocess.run(["ps", "--ppid", str(os.getpid()), "-o", "comm="], capture_output=True, text=True)
    assert "ffmpeg" not in children.stdout
