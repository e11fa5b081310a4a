"""Sample index is media time, whatever the container does with its clock."""

import subprocess
from pathlib import Path

import pytest

from qwen_subs.media import load_waveform, probe_media
from tests.media.conftest import CLICKS_MS, Make, Recorder, find_clicks, run_ffmpeg

TOLERANCE_MS = 10
# An AAC encoder's delay is media time where the container cannot say that it is to be cut off.
AAC_DELAY_MS = 1024 / 48
AC3_DELAY_MS = 256 / 48


def assert_clicks(path: Path, expected_ms: tuple[float, ...]) -> None:
    found = find_clicks(load_waveform(path))
    assert found == pytest.approx(expected_ms, abs=TOLERANCE_MS)


def shifted(ms: float) -> tuple[float, ...]:
    return tuple(click + ms for click in CLICKS_MS)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.wav", ()),
        ("a.wav", ("-ar", "8000")),
        ("a.wav", ("-ar", "11025", "-c:a", "pcm_u8")),
        ("a.wav", ("-ar", "192000", "-c:a", "pcm_s24le")),
        ("a.wav", ("-ac", "8", "-c:a", "pcm_f32le")),
        ("a.wav", ("-c:a", "adpcm_ms")),
        ("a.flac", ("-ar", "44100")),
        ("a.aiff", ()),
        ("a.au", ()),
        ("a.w64", ()),
        ("a.caf", ()),
        ("a.mp3", ("-ar", "44100")),
        ("a.m4a", ("-ar", "44100")),
        ("a.m4a", ("-c:a", "alac")),
        ("a.ogg", ("-c:a", "libvorbis")),
        ("a.opus", ()),
        ("a.ogg", ("-c:a", "flac")),
        ("a.mka", ("-c:a", "pcm_s16be")),
        ("a.weba", ("-c:a", "libopus", "-f", "webm")),
        ("a.ac3", ("-ac", "6")),
        ("a.mp2", ()),
    ],
)
def test_sound_files(make: Make, name: str, options: tuple[str, ...]) -> None:
    delay = {"a.ac3": AC3_DELAY_MS, "a.mp2": 10.0}.get(name, 0.0)
    assert_clicks(make(name, *options), shifted(delay))


def test_cover_art_is_no_video(make: Make, tmp_path: Path) -> None:
    path = tmp_path / "cover.mp3"
    picture = ("-f", "lavfi", "-i", "color=s=64x64:d=1", "-map", "0:a", "-map", "1:v", "-frames:v", "1")
    run_ffmpeg("-i", make("a.mp3"), *picture, "-c:v", "mjpeg", "-disposition:v", "attached_pic", "-c:a", "copy", path)
    assert_clicks(path, CLICKS_MS)
    assert probe_media(path).fps is None


@pytest.mark.parametrize("late", ["a.mp4", "a.mkv", "a.mov"])
def test_sound_that_starts_late(make: Make, late: str) -> None:
    path = make(late, "-c:a", "aac", sound=("-itsoffset", "3"), picture=())
    assert_clicks(path, shifted(3000))


def test_transport_stream_starts_at_its_own_time(make: Make) -> None:
    path = make("a.ts", "-c:a", "aac", picture=())
    assert 1300 < probe_media(path).start_ms < 1500  # ffmpeg's usual 1.4 s; never added to the times
    assert_clicks(path, shifted(AAC_DELAY_MS))


def test_transport_stream_whose_sound_starts_late(make: Make) -> None:
    """The video's start is the media's start, although ffmpeg would count from the first stream that is used."""
    assert_clicks(make("a.ts", "-c:a", "aac", sound=("-itsoffset", "3"), picture=()), shifted(3000))


def test_transport_stream_that_wraps(make: Make) -> None:
    """Its clock has 33 bits at 90 kHz and starts again after 26.5 hours."""
    path = make("a.ts", "-c:a", "aac", "-output_ts_offset", "95440", picture=())
    assert_clicks(path, shifted(AAC_DELAY_MS))


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_picture_that_starts_at_10_s(make: Make, name: str) -> None:
    path = make(name, "-c:a", "aac", picture=("-itsoffset", "10"))
    assert_clicks(path, CLICKS_MS if name == "a.mp4" else shifted(AAC_DELAY_MS))


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts"])
def test_container_that_starts_at_10_s(make: Make, name: str, tmp_path: Path, recorder: Recorder) -> None:
    path = tmp_path / f"late-{name}"
    run_ffmpeg("-i", make("a.mp4", "-c:a", "aac", picture=()), "-c", "copy", "-output_ts_offset", "10", path)
    assert find_clicks(load_waveform(path, reporter=recorder)) == pytest.approx(shifted(AAC_DELAY_MS), abs=TOLERANCE_MS)
    assert recorder.notices == []


def test_edit_list_that_cuts_the_start(make: Make, tmp_path: Path) -> None:
    path = tmp_path / "cut.mp4"
    run_ffmpeg("-ss", "1.5", "-i", make("a.mp4", "-c:a", "aac", picture=()), "-c", "copy", path)
    assert_clicks(path, (CLICKS_MS[1] - 1500, CLICKS_MS[2] - 1500))


def test_gaps_become_silence(make: Make) -> None:
    gap = "aselect='not(between(t,1.4,2.3)+between(t,3,4))'"
    assert_clicks(make("a.mkv", "-af", gap, "-c:a", "pcm_s16le"), CLICKS_MS)


def test_gap_in_a_transport_stream(make: Make) -> None:
    gap = "aselect='not(between(t,1.4,2.3))'"
    assert_clicks(make("a.ts", "-af", gap, "-c:a", "aac", picture=()), shifted(AAC_DELAY_MS))


def test_channels_and_rate_that_change_on_the_way(make: Make, tmp_path: Path) -> None:
    """As in television, where a film in 5.1 is interrupted by stereo; nothing is delayed a second time."""
    first = make("1.ts", "-ac", "6", "-c:a", "ac3", "-t", "2")
    second = make("2.ts", "-ac", "2", "-ar", "44100", "-c:a", "ac3", "-output_ts_offset", "2", sound=("-ss", "2"))
    path = tmp_path / "both.ts"
    path.write_bytes(first.read_bytes() + second.read_bytes())
    assert_clicks(path, shifted(AC3_DELAY_MS))


def test_joined_streams_whose_clock_starts_again(make: Make, tmp_path: Path, recorder: Recorder) -> None:
    part = make("part.ts", "-c:a", "aac")
    path = tmp_path / "both.ts"
    path.write_bytes(part.read_bytes() * 2)
    waveform = load_waveform(path, reporter=recorder)
    length = load_waveform(part).duration_ms
    both = (*shifted(AAC_DELAY_MS), *shifted(AAC_DELAY_MS + length))
    assert find_clicks(waveform) == pytest.approx(both, abs=TOLERANCE_MS)
    assert len(recorder.notices) == 1 and "clock starts again" in recorder.notices[0]


@pytest.mark.parametrize("name", ["a.mkv", "a.ts", "a.mp3", "a.wav", "a.ogg"])
def test_standard_input(make: Make, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(name, *(("-c:a", "ac3") if name == "a.ts" else ()))
    with subprocess.Popen(["cat", path], stdout=subprocess.PIPE, text=True) as cat:
        monkeypatch.setattr("sys.stdin", cat.stdout)
        found = find_clicks(load_waveform("-"))
    assert found == pytest.approx(CLICKS_MS, abs=TOLERANCE_MS)


def test_rates_of_pictures(make: Make) -> None:
    for rate, expected in (("24000/1001", "24000/1001"), ("25", "25"), ("30000/1001", "30000/1001")):
        for name in ("a.mp4", "a.mkv", "a.ts"):
            assert str(probe_media(make(name, "-r", rate, picture=())).fps) == expected, name


def test_progress_covers_the_media(make: Make, recorder: Recorder) -> None:
    for name in ("a.wav", "a.mkv"):
        recorder.advanced_ms = 0
        load_waveform(make(name), reporter=recorder)
        assert recorder.total_ms == pytest.approx(6000, abs=50)
        assert recorder.advanced_ms == pytest.approx(6000, abs=50)
        assert recorder.finished
