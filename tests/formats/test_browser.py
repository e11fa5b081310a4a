"""WebVTT as a browser's own <track> reads it: Debian's chromium, without a window."""

import json
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from qwen_subs.formats import WriteOptions, render
from qwen_subs.transcript import Cue, Provenance, Transcript, Word

CHROMIUM = shutil.which("chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"]

# The page reports what the track holds: times, the shown text, and the time stamps inside it.
PAGE = """<!doctype html><meta charset="utf-8"><video><track default src="cues.vtt"></video><script>
const element = document.querySelector("track");
const report = body => fetch("report", {method: "POST", body: JSON.stringify(body)});
element.onerror = () => report("the track did not load");
element.onload = () => report(Array.from(element.track.cues, cue => {
  const shown = cue.getCueAsHTML();
  const nodes = Array.from(shown.childNodes).filter(node => node.nodeType === Node.PROCESSING_INSTRUCTION_NODE);
  return [Math.round(cue.startTime * 1000), Math.round(cue.endTime * 1000), shown.textContent, nodes.map(n => n.data)];
}));
element.track.mode = "hidden";
</script>"""

TEXTS = [
    ("Fish & chips", "<i>cost</i> {laughs} &amp; \\N"),
    ("00:00:01.000 --> 00:00:02.000",),
    ("NOTE this is said", "1984"),
    ("\u200fשלום עולם!\u200e", "مرحبا"),
    ("family 👩‍👩‍👧 你好，世界。",),
    ("one",),
]


def make_cues() -> tuple[Cue, ...]:
    cues = []
    for index, rows in enumerate(TEXTS):
        start = 2000 * index
        pieces = " ".join(rows).split()
        words = (Word(start + 150 * i, start + 150 * i + 100, piece) for i, piece in enumerate(pieces))
        cues.append(Cue(start, start + 1801, rows, tuple(words)))
    return tuple(cues)


@contextmanager
def serve(track: str, received: Callable[[object], None]) -> Iterator[str]:
    """Serve the page and its track on this machine, and hand on what the page reports."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, content = ("text/vtt", track) if self.path.endswith(".vtt") else ("text/html", PAGE)
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.end_headers()
            self.wfile.write(content.encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(204)
            self.end_headers()
            received(json.loads(body))

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def read_in_browser(track: str, profile: Path) -> object:
    """Return what a page says that its track holds."""
    assert CHROMIUM is not None
    reports: list[object] = []
    arrived = threading.Event()

    def receive(report: object) -> None:
        reports.append(report)
        arrived.set()

    with serve(track, receive) as address:
        command = [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", address]
        browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            assert arrived.wait(60), "the browser said nothing"
        finally:
            browser.terminate()
            browser.wait(20)
    return reports[0]


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
@pytest.mark.parametrize("options", [WriteOptions(), WriteOptions(highlight_words=True, bom=True, crlf=True)])
def test_a_track_holds_the_cues(options: WriteOptions, tmp_path: Path) -> None:
    late = Cue(443_045_006, 443_046_000, ("123 hours on",))
    cues = (*make_cues(), late)
    words = tuple(word for cue in cues for word in cue.words)
    transcript = Transcript("film.mkv", 443_050_000, words=words, cues=cues, provenance=Provenance("0.1.0"))
    track = render(transcript, "vtt", options)
    found = read_in_browser(track, tmp_path / "profile")
    assert isinstance(found, list)
    assert [tuple(cue[:3]) for cue in found] == [(cue.start_ms, cue.end_ms, cue.text) for cue in cues]
    stamps = [stamp for cue in found for stamp in cue[3]]
    assert stamps == re.findall(r"<(\d\d:\d\d:\d\d\.\d{3})>", track)
    assert bool(stamps) == options.highlight_words
