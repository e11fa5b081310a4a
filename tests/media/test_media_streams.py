"""Which of several audio streams is decoded, and how that is said."""

import json
from pathlib import Path

import pytest

from qwen_subs.errors import InputError
from qwen_subs.media import load_waveform, probe_media
from qwen_subs.media.source import Source
from qwen_subs.media.streams import choose_stream
from qwen_subs.media.types import AudioStream, MediaInfo
from qwen_subs.waveform import Waveform
from tests.media.conftest import Recorder

SOURCE = Source("film.mkv", Path("/film.mkv"), b"")


def info(*streams: AudioStream) -> MediaInfo:
    return MediaInfo("film.mkv", "matroska,webm", audio_streams=streams, other_streams=("video", "subtitle"))


def stream(index: int, language: str = "", default: bool = False, commentary: bool = False) -> AudioStream:
    return AudioStream(index, "aac", 2, 48000, language=language, default=default, commentary=commentary)


def test_a_single_stream_needs_no_word(recorder: Recorder) -> None:
    assert choose_stream(info(stream(0)), SOURCE, None, recorder).index == 0
    assert recorder.notices == []


def test_the_default_stream_is_taken_and_said(recorder: Recorder) -> None:
    streams = info(stream(0, "ger"), stream(1, "eng", default=True), stream(2, "fre"))
    assert choose_stream(streams, SOURCE, None, recorder).index == 1
    (notice,) = recorder.notices
    assert notice.startswith("film.mkv: ") and "stream 1 of 3" in notice and "0 (ger" in notice
    assert "--audio-stream" in notice


def test_a_commentary_is_not_taken_even_if_it_is_the_default(recorder: Recorder) -> None:
    streams = info(stream(0, "eng", default=True, commentary=True), stream(1, "eng"))
    assert choose_stream(streams, SOURCE, None, recorder).index == 1
    assert choose_stream(streams, SOURCE, "eng", recorder).index == 1
    assert choose_stream(streams, SOURCE, "0", recorder).index == 0


@pytest.mark.parametrize(
    ("choice", "tag"),
    [
        ("de", "ger"), ("de", "deu"), ("ger", "deu"), ("German", "ger"), ("GER", "de"), ("de-AT", "ger"),
        ("fre", "fra"), ("zh", "chi"), ("zh", "zho"), ("en", "en-us"), ("nob", "nob"), ("UKR", "ukr"),
    ],
)  # fmt: skip
def test_languages_are_known_by_all_their_names(choice: str, tag: str, recorder: Recorder) -> None:
    assert choose_stream(info(stream(0, "spa"), stream(1, tag)), SOURCE, choice, recorder).index == 1


@pytest.mark.parametrize("choice", ["2", "-1", "fr", "klingon", ""])
def test_a_stream_that_is_not_there_lists_what_there_is(choice: str, recorder: Recorder) -> None:
    with pytest.raises(InputError, match=r"film\.mkv: no audio stream '") as caught:
        choose_stream(info(stream(0, "ger"), stream(1)), SOURCE, choice, recorder)
    assert caught.value.hint is not None and "0 (ger" in caught.value.hint and "1 (aac" in caught.value.hint


def test_no_stream_says_what_was_found(recorder: Recorder) -> None:
    with pytest.raises(InputError, match=r"^film\.mkv: no audio stream \(found: video, subtitle\)$"):
        choose_stream(info(), SOURCE, None, recorder)


def test_a_codec_nobody_knows(recorder: Recorder) -> None:
    with pytest.raises(InputError, match="codec that ffmpeg does not know"):
        choose_stream(info(AudioStream(0, "", 0, 0)), SOURCE, None, recorder)


def speech_share(waveform: Waveform, words: list[dict[str, int]]) -> float:
    """Share of the energy that lies within the words."""
    power = waveform.samples.astype(float) ** 2
    return sum(power[word["start_ms"] * 16 : word["end_ms"] * 16].sum() for word in words) / power.sum()


def test_a_film_with_three_streams(media_folder: Path, recorder: Recorder) -> None:
    path = media_folder / "streams.mkv"
    languages = [(stream.language, stream.commentary) for stream in probe_media(path).audio_streams]
    assert languages == [("eng", True), ("eng", False), ("chi", False)]
    english = json.loads((media_folder / "streams.words.json").read_text("utf-8"))["words"]
    chinese = json.loads((media_folder / "chinese.words.json").read_text("utf-8"))["words"]
    for choice, words in ((None, english), ("1", english), ("English", english), ("zh", chinese)):
        assert speech_share(load_waveform(path, stream=choice, reporter=recorder), words) > 0.99
    assert speech_share(load_waveform(path, stream="0"), english) < 0.9


@pytest.mark.parametrize("name", ["short.wav", "short.flac", "short.mp3", "short.ogg", "short.webm", "streams.mkv"])
def test_the_samples_say_the_same_at_the_same_time(media_folder: Path, name: str) -> None:
    words = json.loads((media_folder / "short.words.json").read_text("utf-8"))["words"]
    assert speech_share(load_waveform(media_folder / name), words) > 0.99
