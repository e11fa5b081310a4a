"""Reports say the same in every format, whatever the text of the cues holds."""

import csv
import io
import json
from html.parser import HTMLParser

import pytest

from qwen_subs.errors import UsageError
from qwen_subs.presets import PRESETS
from qwen_subs.quality import Report, Severity, check_cues
from qwen_subs.quality.renderers import REPORT_FORMATS, render_reports
from qwen_subs.transcript import TimeSpan
from tests.quality.cue_files import cue, report_on

EVIL = '</svg></style><script>alert("x")</script> & "quotes" \'too\''


@pytest.fixture
def report() -> Report:
    return report_on(
        cue(1, 3, "We were under the", "monitor."),
        cue(2.5, 3, EVIL),
        cue(40, 42, "你好，世界。"),
        duration_ms=41_000,
        speech=[TimeSpan(0, 4_000), TimeSpan(30_000, 33_000)],
        shots=[1_900],
        envelope=[0.5] * 410,
    )


class Page(HTMLParser):
    """Identifiers, links and tags of a page; fails where tags do not nest."""

    VOID = frozenset(("meta", "br", "input"))
    SELF_CLOSED = frozenset(("rect", "path"))

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.opened: list[str] = []
        self.feed(text)
        assert self.opened == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        known = dict(attrs)
        self.ids += [known["id"] or ""] if "id" in known else []
        self.links += [known["href"] or ""] if "href" in known else []
        if tag not in self.VOID:
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)


def test_text_is_a_line_per_issue_and_a_summary(report: Report) -> None:
    lines = render_reports([report], "text").splitlines()
    assert "film.srt:2  00:00:02.500  error    overlaps cue 1 by 0.5 s" in lines
    assert "film.srt    00:00:30.000  warning  3 s of sound as loud as speech, and no cue" in lines
    assert len(lines) == len(report.issues) + 1
    errors, warnings = report.count(Severity.ERROR), report.count(Severity.WARNING)
    assert lines[-1] == f"film.srt: {errors} errors, {warnings} warnings, 1 note in 3 cues"
    fewer = render_reports([report], "text", Severity.WARNING).splitlines()
    assert len(fewer) == len(lines) - 1
    assert fewer[-1] == lines[-1] + " (-v lists the 1 note)"


def test_several_files_end_in_a_table(report: Report) -> None:
    lines = render_reports([report, report_on(cue(1, 3, "Fine."))], "text").splitlines()
    assert lines[-1].split() == ["film.srt", "1", "0", "0", "0"]


def test_json_and_csv_hold_every_issue(report: Report) -> None:
    (file,) = json.loads(render_reports([report], "json"))["files"]
    rows = list(csv.DictReader(io.StringIO(render_reports([report], "csv"))))
    assert len(file["issues"]) == len(rows) == len(report.issues)
    for issue, item, row in zip(report.issues, file["issues"], rows, strict=True):
        assert (item["rule"], item["severity"], item["cue"]) == (issue.rule, issue.severity.label, issue.cue)
        assert (item["start"], item["measured"], item["message"]) == (
            issue.start_ms / 1000,
            issue.measured,
            issue.message,
        )
        assert (row["file"], row["rule"], row["message"]) == ("film.srt", issue.rule, issue.message)
    assert sum(file["counts"].values()) == sum(file["rules"].values()) == len(report.issues)


def test_a_cue_without_duration_is_still_json() -> None:
    text = render_reports([report_on(cue(1, 1, "Nothing."))], "json")
    assert "Infinity" not in text
    json.loads(text)


def test_the_page_needs_nothing_else_and_runs_nothing(report: Report) -> None:
    text = render_reports([report], "html")
    page = Page(text)
    assert {"script", "img", "link", "iframe"}.isdisjoint(page.tags)
    assert all(link.startswith("#") for link in page.links)
    assert "http:" not in text and "https:" not in text
    assert "url(" not in text and "@import" not in text


def test_every_problem_leads_to_its_cue(report: Report) -> None:
    page = Page(render_reports([report, report], "html"))
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links} <= set(page.ids)
    for number, count in ((1, 3), (2, 3)):
        for index in range(count):
            assert f"f{number}c{index + 1}" in page.ids
            assert f"#f{number}c{index + 1}" in page.links


def test_a_stray_cue_does_not_make_an_endless_page() -> None:
    text = render_reports([report_on(cue(1, 3, "One."), cue(3_600 * 9_000, 3_600 * 9_000 + 3, "Late."))], "html")
    assert "nothing until" in text
    assert len(text) < 50_000
    page = Page(render_reports([report_on(cue(1, 3_600 * 9_000, "Long."))], "html"))
    assert page.tags.count("svg") < 3_000


@pytest.mark.parametrize("name", REPORT_FORMATS)
@pytest.mark.parametrize("preset", ["netflix", "whisper", "none"])
def test_nothing_to_check_and_no_limits(name: str, preset: str) -> None:
    for cues in ([], [cue(0, 0)], [cue(1, 3, "One.")]):
        assert render_reports([report_on(*cues, preset=PRESETS[preset])], name)


@pytest.mark.parametrize("name", REPORT_FORMATS)
def test_names_texts_and_languages_cannot_break_a_report(name: str) -> None:
    evidence = report_on(cue(1, 3, "half a pair \ud800 \x1b"), language=EVIL).evidence
    text = render_reports([check_cues(evidence, f"\udcff\n{EVIL}.srt")], name)
    text.encode("utf-8")
    assert "\x1b" not in text
    if name == "html":
        assert "script" not in Page(text).tags
    if name == "text":
        assert len(text.splitlines()) == 1


def test_unknown_format(report: Report) -> None:
    with pytest.raises(UsageError, match="xml"):
        render_reports([report], "xml")
