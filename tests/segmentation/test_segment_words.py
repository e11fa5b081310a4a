"""Words to cues: what holds for any words, and prose as a subtitler would divide it."""

import time
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spoken import assert_sound, speak

from qwen_subs.frames import FrameGrid
from qwen_subs.grammar import GRAMMARS
from qwen_subs.presets import PRESETS, Preset
from qwen_subs.segmentation import segment_words
from qwen_subs.transcript import Cue, Segment, Transcript, Word, find_violations

NETFLIX = PRESETS["netflix"]

ENGLISH = (
    "So I called Dr. Smith at about 9 a.m. and asked whether the results from New York had arrived. “Not yet,” he "
    "said. “Try again tomorrow.” I didn't want to wait. The laboratory had promised that everything would be ready by "
    "the end of the week, and I'm not someone who likes to be told that a promise was only a suggestion. Yes. Really.",
    "In 1984 the population of the city was about 25 million people, which is roughly 3.5 times as many as had been "
    "living there at the turn of the century. Nobody knows exactly why they came.",
    "Good evening, ladies and gentlemen, and welcome to the programme. Tonight we have with us Professor Elizabeth "
    "Hargreaves of the University of Cambridge, who has spent the last thirty years studying the behaviour of "
    "octopuses in the North Atlantic.",
)
CHINESE = (
    "老人每天早上都会去河边打水，然后回来给孙子做饭。孙子问他：“爷爷，为什么我们不搬到城里去住呢？”老人笑了笑，没有回答。",
    "其实，人工智能的发展速度比我们想象的要快得多，但是它带来的问题也同样不容忽视。我昨天用 Python 写了一个程序，"
    "它可以在三秒之内处理一千个文件，可是我的同事说这还不够快。因为他们需要的是实时处理，所以我们决定重新设计整个系统。",
)
OTHERS = {
    "de": "Als der Mann am nächsten Morgen aus dem Haus ging, hatte er den Brief, den seine Schwester ihm vor drei "
    "Wochen geschickt hatte, noch immer nicht geöffnet. Er wollte nicht wissen, was darin stand.",
    "fr": "Quand la pluie a cessé de tomber sur les toits de la ville, nous avons décidé de sortir pour acheter du "
    "pain et des fruits au marché. Personne ne nous attendait, et c’était très bien ainsi.",
    "es": "Cuando los niños llegaron a la casa de su abuela, ella ya había preparado la comida para todos los que "
    "vivían en el pueblo. Nadie quería volver a la ciudad antes del final del verano.",
    "ru": "Когда мы приехали в маленький город на берегу моря, уже стемнело, и на улицах не было ни одного человека. "
    "Только в окне старого дома горел свет, который мы заметили ещё издалека.",
}


def test_english_prose() -> None:
    words, segments, duration_ms = speak(ENGLISH, "en", 15)
    cues = segment_words(words, segments, NETFLIX, duration_ms)
    assert [" / ".join(cue.lines) for cue in cues] == EXPECTED_ENGLISH
    assert_sound(cues, words, NETFLIX.for_language("en"), duration_ms)


def test_chinese_prose() -> None:
    words, segments, duration_ms = speak(CHINESE, "zh", 4.5)
    cues = segment_words(words, segments, NETFLIX, duration_ms)
    assert [" / ".join(cue.lines) for cue in cues] == EXPECTED_CHINESE
    assert_sound(cues, words, NETFLIX.for_language("zh"), duration_ms, "zh")


# Read by a person: sentences and clauses end cues, no line ends on a word that belongs to the next.
EXPECTED_ENGLISH = [
    "So I called Dr. Smith at about 9 a.m. / and asked whether the results",
    "from New York had arrived.",
    "“Not yet,” he said.",
    "“Try again tomorrow.”",
    "I didn't want to wait.",
    "The laboratory had promised",
    "that everything would be ready / by the end of the week,",
    "and I'm not someone who likes to be told / that a promise was only a suggestion.",
    "Yes. Really.",
    "In 1984 the population of the city / was about 25 million people,",
    "which is roughly 3.5 times",
    "as many as had been living there / at the turn of the century.",
    "Nobody knows exactly why they came.",
    "Good evening, ladies and gentlemen, / and welcome to the programme.",
    "Tonight we have with us / Professor Elizabeth Hargreaves",
    "of the University of Cambridge, / who has spent the last thirty years",
    "studying the behaviour of octopuses / in the North Atlantic.",
]
EXPECTED_CHINESE = [
    "老人每天早上都会去河边打水， / 然后回来给孙子做饭。",
    "孙子问他：“爷爷， / 为什么我们不搬到城里去住呢？”",
    "老人笑了笑，没有回答。",
    "其实，人工智能的发展速度 / 比我们想象的要快得多，",
    "但是它带来的问题也同样不容忽视。",
    "我昨天用 Python 写了一个程序，",
    "它可以在三秒之内处理一千个文件，",
    "可是我的同事说这还不够快。",
    "因为他们需要的是实时处理， / 所以我们决定重新设计整个系统。",
]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ru"])
def test_no_row_ends_on_a_word_that_belongs_to_the_next(language: str, seed: int) -> None:
    paragraphs = ENGLISH if language == "en" else (OTHERS[language],)
    words, segments, duration_ms = speak(paragraphs, language, 15, seed)
    cues = segment_words(words, segments, NETFLIX, duration_ms)
    assert_sound(cues, words, NETFLIX.for_language(language), duration_ms)
    last_words = [line.split()[-1].lower() for cue in cues for line in cue.lines]
    assert [word for word in last_words if word in GRAMMARS[language].clinging] == []


def test_ten_thousand_words_take_less_than_a_second() -> None:
    words, segments, duration_ms = speak([" ".join(ENGLISH)] * 80, "en", 15)
    words = words[:10_000]
    assert len(words) == 10_000
    started = time.process_time()
    film = FrameGrid(Fraction(24000, 1001))
    segment_words(words, segments, NETFLIX, duration_ms, grid=film, shots=range(0, duration_ms, 2300))
    assert time.process_time() - started < 1.0


@st.composite
def spoken_words(draw: st.DrawFn) -> tuple[list[Word], list[Segment], int]:
    language = draw(st.sampled_from(["en", "zh", "ru", ""]))
    texts = st.sampled_from(
        [
            "the",
            "a",
            "of",
            "went,",
            "home.",
            "“Stop!”",
            "and",
            "extraordinarily",
            "25",
            "Mr.",
            "…",
            "的",
            "时。",
            "（好",
            "x" * 60,
        ]
    )
    words: list[Word] = []
    clock = draw(st.integers(0, 2000))
    for _ in range(draw(st.integers(0, 60))):
        lasts = draw(st.sampled_from([0, 1, 40, 80, 250, 400, 900, 9000]))
        spaced = draw(st.booleans()) if language == "zh" else True
        speaker = draw(st.sampled_from([None, None, None, "A", "B"]))
        words.append(Word(clock, clock + lasts, draw(texts), spaced, 0, speaker=speaker))
        clock += draw(st.sampled_from([0, 0, 40, 100, 300, 300, 500, 1000, 2500]))
    if words:
        words[-1] = replace(words[-1], space_after=False)
    duration_ms = max((word.end_ms for word in words), default=0) + draw(st.integers(0, 3000))
    return words, [Segment(0, duration_ms, "", language)], duration_ms


presets = st.builds(
    Preset,
    name=st.just("drawn"),
    source=st.just(""),
    max_line_count=st.integers(1, 4),
    max_line_width=st.integers(8, 50),
    max_cps=st.floats(4, 30),
    min_duration_ms=st.integers(0, 2000),
    max_duration_ms=st.integers(2000, 9000),
    min_gap_ms=st.sampled_from([0, 42, 83, 200]),
    chain_gap_ms=st.sampled_from([0, 83, 500, 1000]),
    max_gap_ms=st.integers(300, 3000),
    lead_out_ms=st.integers(0, 1500),
)


@settings(max_examples=150, deadline=None)
@given(spoken_words(), presets)
def test_whatever_is_said_the_limits_hold(spoken: tuple[list[Word], list[Segment], int], preset: Preset) -> None:
    words, segments, duration_ms = spoken
    cues = segment_words(words, segments, preset, duration_ms)
    assert_sound(cues, words, preset, duration_ms)
    transcript = Transcript("a.wav", duration_ms, words=tuple(words), cues=cues)
    assert find_violations(transcript) == []
    for before, after in pairwise(words):
        if before.speaker and after.speaker and before.speaker != after.speaker:
            assert not any(before in cue.words and after in cue.words for cue in cues if words.count(before) == 1)


def say(*texts: str, lasts_ms: int = 300, pauses: dict[int, int] | None = None, **fields: object) -> list[Word]:
    """One word after the other; ``pauses`` are milliseconds after the word of that index."""
    words: list[Word] = []
    clock = 1000
    for index, text in enumerate(texts):
        words.append(Word(clock, clock + lasts_ms, text, **fields))  # type: ignore[arg-type]
        clock += lasts_ms + (pauses or {}).get(index, 0)
    return words


def cue_texts(words: list[Word], *segments: Segment, preset: Preset = NETFLIX, duration_ms: int = 60_000) -> list[str]:
    segments = segments or (Segment(0, duration_ms, "", "en"),)
    cues: tuple[Cue, ...] = segment_words(words, segments, preset, duration_ms)
    return [" / ".join(cue.lines) for cue in cues]


def test_nothing_said_gives_no_cues() -> None:
    assert segment_words((), (), NETFLIX, 0) == ()
    assert segment_words((), (Segment(0, 5000),), NETFLIX, 5000) == ()


def test_a_long_pause_ends_a_cue_even_within_a_sentence() -> None:
    assert cue_texts(say("I", "will", "think", pauses={1: 1500})) == ["I will", "think"]
    assert cue_texts(say("I", "will", "think", pauses={1: 1499})) == ["I will think"]


def test_another_speaker_gets_another_cue() -> None:
    words = [replace(word, speaker=speaker) for word, speaker in zip(say("Yes.", "No.", "Why?"), "ABB", strict=True)]
    assert cue_texts(words) == ["Yes.", "No. Why?"]


def test_another_language_gets_its_own_limits() -> None:
    words = [*say("Hello", "there."), Word(1700, 2000, "你", False, 1), Word(2000, 2300, "好。", False, 1)]
    assert cue_texts(words, Segment(0, 1700, "", "en"), Segment(1700, 3000, "", "zh")) == ["Hello there.", "你好。"]


def test_words_of_two_segments_are_joined_as_their_language_does() -> None:
    english = [Word(0, 300, "to", False, 0), Word(300, 600, "be", False, 1)]
    chinese = [Word(0, 300, "今", False, 0), Word(300, 600, "天", False, 1)]
    assert cue_texts(english, Segment(0, 300, "", "en"), Segment(300, 600, "", "en")) == ["to be"]
    assert cue_texts(chinese, Segment(0, 300, "", "zh"), Segment(300, 600, "", "zh")) == ["今天"]


def test_a_word_wider_than_a_line_is_not_cut() -> None:
    long = "Donaudampfschifffahrtsgesellschaftskapitänswitwe"
    lines = [line for cue in cue_texts(say("Die", long, "schlief.")) for line in cue.split(" / ")]
    assert lines == ["Die", long, "schlief."]


def test_names_numbers_and_titles_stay_together() -> None:
    preset = NETFLIX.override({"max_line_width": 20})
    for text, pair in (
        ("she met old Mr. Brown at noon", "Mr. Brown"),
        ("we walked about 25 kilometres", "25 kilometres"),
        ("it was seen by Marie Curie once", "Marie Curie"),
        ("you must not open the door now", "the door"),
    ):
        shown = cue_texts(say(*text.split()), preset=preset)
        assert any(pair in line for cue in shown for line in cue.split(" / ")), shown


def test_the_lower_line_is_the_longer_one() -> None:
    words = say("aaaa", "bbbb", "cccc", "dddd", "eeee")
    assert cue_texts(words, preset=NETFLIX.override({"max_line_width": 14})) == ["aaaa bbbb / cccc dddd eeee"]


def test_three_lines_where_the_preset_allows() -> None:
    preset = NETFLIX.override({"max_line_width": 9, "max_line_count": 3})
    assert cue_texts(say("aaaa", "bbbb", "cccc", "dddd", "eeee", "ffff"), preset=preset) == [
        "aaaa bbbb / cccc dddd / eeee ffff"
    ]


def test_marks_never_begin_or_end_a_line_wrongly() -> None:
    preset = NETFLIX.override({"max_line_width": 12})
    characters = "他说（今天）很好。我们「去」看看吧！"
    words, segments, duration_ms = speak([characters], "zh", 4)
    for cue in segment_words(words, segments, preset, duration_ms):
        for line in cue.lines:
            assert line[0] not in "）。」！"
            assert line[-1] not in "（「"
