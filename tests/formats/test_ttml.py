"""TTML: the structure that IMSC 1.1 asks for, other readers, and reading what others wrote."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pysubs2
import pytest

from qwen_subs.errors import InputError
from qwen_subs.formats import get_format, render
from qwen_subs.transcript import Cue, Provenance, Segment, Transcript

TT = "{http://www.w3.org/ns/ttml}"
TTP = "{http://www.w3.org/ns/ttml#parameter}"
TTS = "{http://www.w3.org/ns/ttml#styling}"
XML = "{http://www.w3.org/XML/1998/namespace}"
CUES = (
    Cue(0, 833, ("Hello there.",)),
    Cue(916, 3_999, ("Fish & chips  cost", "<less> ]]> than -->")),
    Cue(4_000, 5_000, ("שלום עולם!",)),
    Cue(443_045_006, 443_046_000, ("123 hours on",)),
)
TRANSCRIPT = Transcript(
    "film.mkv", 443_050_000, (Segment(0, 443_050_000, "Hello there.", "en"),), cues=CUES, provenance=Provenance("0.1<")
)


def parse(transcript: Transcript) -> ElementTree.Element:
    return ElementTree.fromstring(render(transcript, "ttml").encode("utf-8"))


def test_the_head_of_the_text_profile() -> None:
    root = parse(TRANSCRIPT)
    assert root.tag == f"{TT}tt"
    assert root.get(f"{TTP}contentProfiles") == "http://www.w3.org/ns/ttml/profile/imsc1.1/text"
    assert root.get(f"{TTP}timeBase") == "media"
    assert root.get(f"{XML}lang") == "en"
    assert root.get(f"{XML}space") == "preserve"
    assert [child.tag for child in root] == [f"{TT}head", f"{TT}body"]
    assert [child.tag for child in root[0]] == [f"{TT}metadata", f"{TT}styling", f"{TT}layout"]


def test_every_reference_has_its_target_and_no_identifier_is_used_twice() -> None:
    root = parse(TRANSCRIPT)
    identifiers = [element.get(f"{XML}id") for element in root.iter() if element.get(f"{XML}id")]
    assert len(identifiers) == len(set(identifiers))
    for name in ("style", "region"):
        used = {element.get(name) for element in root.iter() if element.get(name)}
        assert used <= {element.get(f"{XML}id") for element in root.iter(f"{TT}{name}")}
        assert used


def test_only_what_imsc_allows_is_used() -> None:
    allowed = {
        "backgroundColor",
        "color",
        "direction",
        "displayAlign",
        "extent",
        "fontFamily",
        "fontSize",
        "lineHeight",
    }
    allowed |= {"origin", "showBackground", "textAlign", "textOutline"}
    root = parse(TRANSCRIPT)
    used = {name.removeprefix(TTS) for element in root.iter() for name in element.attrib if name.startswith(TTS)}
    assert used <= allowed
    assert {element.tag.removeprefix(TT) for element in root[1].iter()} == {"body", "div", "p", "br"}


def test_paragraphs() -> None:
    paragraphs = list(parse(TRANSCRIPT).iter(f"{TT}p"))
    times = [(p.get("begin"), p.get("end")) for p in paragraphs]
    assert times[1] == ("00:00:00.916", "00:00:03.999")
    assert times[3] == ("123:04:05.006", "123:04:06.000")
    assert paragraphs[1].text == "Fish & chips  cost"
    assert [(child.tag, child.tail) for child in paragraphs[1]] == [(f"{TT}br", "<less> ]]> than -->")]
    assert [p.get(f"{TTS}direction") for p in paragraphs] == [None, None, "rtl", None]


def test_the_lines_of_the_reader_are_those_of_the_cue() -> None:
    assert get_format("ttml").read(render(TRANSCRIPT, "ttml")).cues == CUES


def test_pysubs2_reads_the_same() -> None:
    events = list(pysubs2.SSAFile.from_string(render(TRANSCRIPT, "ttml"), format_="ttml"))
    assert [(event.start, event.end) for event in events] == [(cue.start_ms, cue.end_ms) for cue in CUES]
    assert [event.text for event in events] == [re.sub(" +", " ", "\\N".join(cue.lines)) for cue in CUES]


def test_characters_that_xml_cannot_hold() -> None:
    text = render(Transcript(duration_ms=900, cues=(Cue(0, 900, ("a\x0bb\ufffe\uffffc\x1bd",)),)), "ttml")
    assert get_format("ttml").read(text).cues[0].lines == ("a", "b\ufffd\ufffdcd")


def document(body: str, attributes: str = "", namespace: str = "http://www.w3.org/ns/ttml") -> str:
    return (
        f'<?xml version="1.0" encoding="utf-16"?>\n<tt xmlns="{namespace}" '
        f'xmlns:ttp="http://www.w3.org/ns/ttml#parameter" {attributes}>{body}</tt>'
    )


@pytest.mark.parametrize(
    ("begin", "start_ms"),
    [
        ("00:00:01.5", 1500),
        ("01:00:00", 3_600_000),
        ("00:00:01:12", 1500),
        ("1.25s", 1250),
        ("36f", 1502),
        ("90000t", 9000),
        ("250ms", 250),
        ("0.5m", 30_000),
        ("1h", 3_600_000),
    ],
)
def test_every_notation_of_time(begin: str, start_ms: int) -> None:
    attributes = 'ttp:frameRate="24" ttp:frameRateMultiplier="1000 1001" ttp:tickRate="10000"'
    text = document(f'<body><div><p begin="{begin}" end="9h">x</p></div></body>', attributes)
    assert get_format("ttml").read(text).cues[0].start_ms == pytest.approx(start_ms, abs=1)


def test_as_found_in_the_wild() -> None:
    text = document(
        """
        <body begin="10s">
          <div end="9s">
            <p begin="1s" dur="2s"> <span>Two  <span>words</span></span>
               and<br/> a row </p>
            <p begin="8s" end="20s" xml:space="preserve">cut  short</p>
            <p><span begin="3s" end="4s">timed by</span><br/><span begin="4s" end="5s">its spans</span></p>
            <p begin="5s" end="5.5s"><metadata xmlns="http://www.w3.org/ns/ttml#metadata">no</metadata>last</p>
          </div>
          <div><p>shown for ever</p></div>
        </body>""",
        namespace="http://www.w3.org/2006/10/ttaf1",
    )
    assert get_format("ttml").read(text).cues == (
        Cue(11_000, 13_000, ("Two words and", "a row")),
        Cue(13_000, 14_000, ("timed by",)),
        Cue(14_000, 15_000, ("its spans",)),
        Cue(15_000, 15_500, ("last",)),
        Cue(18_000, 19_000, ("cut  short",)),
    )


def test_a_bomb_of_entities_is_refused() -> None:
    names = "abcdefghi"
    entities = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(names))
    bomb = f'<!DOCTYPE tt [<!ENTITY a "{"x" * 1000}">{entities}]><tt xmlns="http://www.w3.org/ns/ttml">&i;</tt>'
    with pytest.raises(InputError, match="not TTML"):
        get_format("ttml").read(bomb)


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(InputError, match="nested too deeply"):
        get_format("ttml").read(document(f"<body>{'<div>' * 5000}{'</div>' * 5000}</body>"))


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        (document('<body><div><p begin="soon" end="2s">x</p></div></body>'), "not a time: 'soon'"),
        (document('<body><div><p begin="3s" end="2s">x</p></div></body>'), "damaged time"),
        (document("<body timeContainer='seq'/>"), "in sequence"),
        (document("<body/>", 'ttp:timeBase="smpte"'), "not media time"),
        (document("<body/>", 'ttp:frameRate="x"'), "frame rate"),
        (document('<body><div><p begin="1t" end="2t">x</p></div></body>', 'ttp:tickRate="0"'), "damaged time"),
        (document("<body/>", namespace="http://www.w3.org/1999/xhtml"), "root is not tt"),
    ],
)
def test_damage_is_named(text: str, fact: str) -> None:
    with pytest.raises(InputError, match=fact):
        get_format("ttml").read(text)
