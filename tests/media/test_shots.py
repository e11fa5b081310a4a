"""Shot changes and frame grids: every cut of the sample and no other, whatever moves, flashes, fades or starts late."""

import json
import os
import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from qwen_subs.frames import FrameGrid
from qwen_subs.media import find_frame_grid, find_shot_changes, probe_media
from qwen_subs.progress import Reporter

Film = Callable[..., Path]
# Pictures that differ and move.
ZOOM, SHAPES, CLOUDS = "mandelbrot=start_scale=0.8", "testsrc2", "gradients=seed=4:nb_colors=4:speed=0.03"


class Notices(Reporter):
    def __init__(self) -> None:
        self.lines: list[str] = []

    def notice(self, message: str) -> None:
        self.lines.append(message)


@pytest.fixture
def film(tmp_path: Path) -> Film:
    """Make a video of shots, each as (source of ffmpeg, filters, seconds)."""

    def make(*shots: tuple[str, str, float], fps: str = "25", name: str = "film.mp4") -> Path:
        graph = ""
        for index, (source, filters, seconds) in enumerate(shots):
            separator = ":" if "=" in source else "="
            graph += f"{source}{separator}s=320x180:r={fps},trim=duration={seconds}{filters},format=yuv420p,"
            graph += f"setsar=1,settb=AVTB[v{index}];"
        inputs = "".join(f"[v{index}]" for index in range(len(shots)))
        graph += f"{inputs}concat=n={len(shots)}[out]"
        path = tmp_path / name
        command = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-filter_complex", graph, "-map", "[out]", "-r", fps]
        subprocess.run([*command, path], check=True)
        return path

    return make


def test_every_cut_of_the_sample_and_no_other(media_folder: Path) -> None:
    truth = json.loads((media_folder / "sample.shots.json").read_text(encoding="utf-8"))
    assert find_shot_changes(media_folder / "sample.mp4") == tuple(truth["times_ms"])
    assert find_frame_grid(media_folder / "sample.mp4") == FrameGrid(Fraction(25))


def test_cuts_of_another_sample(media_folder: Path) -> None:
    assert find_shot_changes(media_folder / "chinese.mp4") == (6000, 12_000)


def test_moving_pictures_are_cut_where_they_are_cut(film: Film) -> None:
    path = film((ZOOM, "", 2), (SHAPES, "", 1.2), (CLOUDS, "", 2), (ZOOM, ",hue=h=120", 1))
    assert find_shot_changes(path) == (2000, 3200, 5200)


def test_a_fast_pan_is_no_cut(film: Film) -> None:
    pan = ",scale=1280:-1,crop=320:180:x='mod(t*500,900)':y=100,trim=duration=1.6"
    assert find_shot_changes(film((SHAPES, pan, 1.6), (CLOUDS, "", 1))) == (1600,)


@pytest.mark.parametrize("frames", [1, 2, 4])
def test_a_flash_is_no_cut(film: Film, frames: int) -> None:
    flash = f",lutyuv=y='if(1,val)',drawbox=color=white:t=fill:enable='between(n,25,{24 + frames})'"
    assert find_shot_changes(film((ZOOM, flash, 2), (SHAPES, "", 1))) == (2000,)


def test_fades_and_dissolves_are_no_cuts(film: Film) -> None:
    fades = film((ZOOM, ",fade=out:25:25", 2), (SHAPES, ",fade=in:0:25", 2), (CLOUDS, "", 1))
    assert find_shot_changes(fades) == (4000,)


def test_a_lamp_that_is_switched_on_is_no_cut(film: Film) -> None:
    lamp = ",eq=contrast=0.5:enable='lt(t,1)'"
    assert find_shot_changes(film((ZOOM, lamp, 2), (CLOUDS, "", 1))) == (2000,)


def test_a_title_is_no_cut(film: Film) -> None:
    title = ",drawbox=x=20:y=130:w=280:h=30:color=white:t=fill:enable='gt(t,1)'"
    assert find_shot_changes(film((CLOUDS, title, 2), (ZOOM, "", 1))) == (2000,)


def test_bars_around_the_film_hide_no_cut(film: Film) -> None:
    bars = ",crop=320:110,pad=320:180:0:35"
    assert find_shot_changes(film((ZOOM, bars, 1), (SHAPES, bars, 1), (CLOUDS, bars, 1))) == (1000, 2000)


def test_black_between_two_shots(film: Film) -> None:
    assert find_shot_changes(film((ZOOM, "", 1), ("color=black", "", 1), (CLOUDS, "", 1))) == (1000, 2000)


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv", "film.ts", "film.avi"])
def test_times_are_those_of_the_frames_in_any_container(film: Film, name: str) -> None:
    path = film((ZOOM, "", 2), (SHAPES, "", 2), (CLOUDS, "", 1), fps="30000/1001", name=name)
    grid = find_frame_grid(path)
    assert grid is not None and grid.fps == Fraction(30000, 1001)
    assert find_shot_changes(path) == (grid.to_ms(60), grid.to_ms(120))


def test_pictures_that_begin_late(film: Film, tmp_path: Path) -> None:
    video = film((ZOOM, "", 2), (SHAPES, "", 1))
    late = tmp_path / "late.mkv"
    sound = ["-f", "lavfi", "-i", "sine=duration=3", "-map", "1", "-map", "0"]
    command = ["ffmpeg", "-v", "error", "-nostdin", "-itsoffset", "0.51", "-i", video, *sound, "-c:v", "copy"]
    subprocess.run([*command, "-c:a", "pcm_s16le", late], check=True)
    assert find_frame_grid(late) == FrameGrid(Fraction(25), Fraction(30))
    assert find_shot_changes(late) == (2510,)


def test_a_variable_frame_rate_is_said(film: Film, tmp_path: Path) -> None:
    video = film((ZOOM, "", 2), (SHAPES, "", 1))
    uneven = tmp_path / "uneven.mp4"
    drop = ["-vf", "select='not(mod(n,7))+gt(mod(n,5),1)'", "-fps_mode", "vfr"]
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", video, *drop, uneven], check=True)
    notices = Notices()
    assert probe_media(uneven).variable_fps
    assert find_frame_grid(uneven, notices) is None
    assert len(notices.lines) == 1 and "frame rate varies" in notices.lines[0]
    (cut,) = find_shot_changes(uneven)
    assert 2000 <= cut <= 2080


def test_slides_have_no_frames_to_wait_for(film: Film) -> None:
    slides = film((ZOOM, "", 10), (SHAPES, "", 10), fps="1")
    assert find_frame_grid(slides) is None
    assert find_shot_changes(slides) == (10_000,)


def test_sound_alone_and_pipes_have_neither(media_folder: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for media in (media_folder / "short.wav", media_folder / "short.mp3", tmp_path / "pipe", "-"):
        assert find_shot_changes(media) == ()
        assert find_frame_grid(media) is None


def test_a_film_that_breaks_off_gives_what_it_holds(film: Film, tmp_path: Path) -> None:
    whole = film((ZOOM, "", 2), (SHAPES, "", 4), name="whole.mkv").read_bytes()
    broken = tmp_path / "broken.mkv"
    broken.write_bytes(whole[: len(whole) * 3 // 4])
    assert find_shot_changes(broken) == (2000,)
