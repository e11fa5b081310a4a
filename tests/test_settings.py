"""Settings and presets: languages are understood, limits hold, exceptions by language give way to the user."""

import pytest

from qwen_subs.errors import UsageError
from qwen_subs.presets import PRESETS, Preset
from qwen_subs.settings import Settings


def test_languages_become_codes() -> None:
    assert Settings(language="English").language == "en"
    assert Settings(language="PT-br").language == "pt"
    with pytest.raises(UsageError, match="Klingon"):
        Settings(language="Klingon")


@pytest.mark.parametrize("values", [{"max_chunk_ms": 500}, {"max_chunk_ms": 10**7}, {"batch_size": 0}])
def test_values_out_of_range(values: dict[str, int]) -> None:
    with pytest.raises(UsageError):
        Settings(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_presets_are_possible(preset: Preset) -> None:
    assert preset.source
    for code in ("en", "zh", "ja", "ko", "de", "th", "xx"):
        limits = preset.for_language(code)
        assert 0 <= limits.min_duration_ms < limits.max_duration_ms
        assert limits.max_line_width >= 16
        assert limits.find_contradiction() is None
        assert limits.max_cps >= 4
        assert limits.for_language("ja") == limits


def test_limits_by_language() -> None:
    netflix = PRESETS["netflix"]
    assert netflix.for_language("en").max_cps == 20
    assert netflix.for_language("de").max_cps == 17
    assert netflix.for_language("zh").max_line_width == 32


def test_the_users_limit_holds_in_every_language() -> None:
    preset = PRESETS["netflix"].override({"max_cps": 15})
    assert {preset.for_language(code).max_cps for code in ("en", "de", "zh", "ja")} == {15}
    assert preset.for_language("zh").max_line_width == 32
