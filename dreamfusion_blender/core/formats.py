"""Times and names as texts."""

from __future__ import annotations

from datetime import datetime

from .translate import tr

NAME_LENGTH = 60  # of a job's name in rows, buttons and messages


def duration(seconds: float) -> str:
    """Formats a rounded duration: `40 s`, `2 min`, `1 h 5 min`."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s" if seconds < 10 else f"{5 * round(seconds / 5)} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"


def clock(seconds: int) -> str:
    """Formats a duration with seconds: `1:05`, `1:00:05`."""
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


def time_left(eta_s: float | None) -> str:
    return "" if eta_s is None or eta_s < 0 else tr("about {time} left").format(time=duration(eta_s))


def shortened(text: str, length: int = NAME_LENGTH) -> str:
    """The start of a text, up to the end of a word if possible."""
    if len(text) <= length:
        return text
    start = text[: length - 1]
    return (start.rpartition(" ")[0] or start) + "…"


def local_time(created: str) -> str:
    try:
        return datetime.fromisoformat(created).astimezone().isoformat(" ", "minutes")[:16]
    except (ValueError, OverflowError, OSError):  # written by another program, or a year that no time zone can shift
        return created[:16]
