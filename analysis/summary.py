"""What the report says at its end: what is in the page, what is not and why, and what to do about that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.html_page import period
from analysis.pictures import PICTURES
from analysis.wording import counted
from warehouse import command

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.asking import Answers


def done(answers: Answers, out: Path) -> str:
    """One line on the page that was written to ``out``."""
    overview = answers.overview
    answered = sum(picture.question not in answers.lacking for picture in PICTURES)
    return (
        f"{counted(answered, 'question')} about {counted(overview['plays'], 'play')}, {period(overview)}, "
        f"answered in {command.shown(out)} ({out.stat().st_size / 1e6:.1f} MB)."
    )


def not_answered(answers: Answers) -> list[str]:
    """The questions without an answer, by the reason, and last what to do; empty where all have one."""
    titles: dict[str, list[str]] = {}
    for picture in PICTURES:
        if picture.question in answers.lacking:
            titles.setdefault(answers.lacking[picture.question], []).append(f"  {picture.title}")
    said = [line for reason, names in titles.items() for line in (f"Not answered. {reason}", *names)]
    return [*said, *answers.remedies]
