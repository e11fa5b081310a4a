"""Errors are one line, own an exit code, and survive a trip to another process."""

import pickle

import pytest

from qwen_subs.errors import ExitCode, InputError, QwenSubsError


def all_error_classes() -> list[type[QwenSubsError]]:
    return [QwenSubsError, *QwenSubsError.__subclasses__()]


@pytest.mark.parametrize("error_class", all_error_classes())
def test_pickle(error_class: type[QwenSubsError]) -> None:
    error = pickle.loads(pickle.dumps(error_class("no audio stream", path="film.mkv", hint="choose another file")))
    assert type(error) is error_class
    assert (str(error), error.hint) == ("film.mkv: no audio stream", "choose another file")


def test_every_class_has_an_exit_code_of_its_own() -> None:
    codes = [error_class.exit_code for error_class in all_error_classes()]
    assert len(codes) == len(set(codes))
    assert ExitCode.OK not in codes


def test_a_newline_in_a_name_does_not_break_the_line() -> None:
    assert "\n" not in str(InputError("no such file", path="a\nb.mp4"))
