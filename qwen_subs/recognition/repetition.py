"""Recognizes an answer that went round in circles, the way these models fail; it is flagged, never cut silently."""

MIN_REPEATED_CHARACTERS = 24
MIN_REPEATS = 4
"""Nobody says the same thing more often in a row without it being worth a look; refrains come three or four times."""

_MAX_PERIOD = 120


def ends_in_cycle(text: str) -> bool:
    """Return whether a text ends in the same passage over and over.

    A cycle has a period of up to 120 characters, comes at least four times, and covers at least 24 characters, so that
    "no no no no" and "ha ha ha" are not taken for one.
    """
    text = text.rstrip()
    for period in range(1, min(_MAX_PERIOD, len(text) // MIN_REPEATS) + 1):
        run = _tail_run(text, period)
        if run >= max(MIN_REPEATS * period, MIN_REPEATED_CHARACTERS):
            return True
    return False


def _tail_run(text: str, period: int) -> int:
    """Return how many characters at the end repeat what stands one period before them, the first period included."""
    run = 0
    while run + period < len(text) and text[-1 - run] == text[-1 - run - period]:
        run += 1
    return run + period
