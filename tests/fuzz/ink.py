"""Random words, names and times for files that are written by a test, with secrets planted in them where asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from tests.fuzz.tokens import planted

_PEOPLE = (
    "Mara Lindqvist", "Tomás Rey", "Priya Nair", "Jonas Weber", "Aiko Tan", "O'Neil Brandt", "Zoë de la Cruz", "李 雷",
)  # fmt: skip
_SAID = (
    "We decided to keep the mart in DuckDB because nobody has to look after a server.",
    "Let's go with three attempts and jitter instead of endless retries.", "Agreed.", "No, I don't think so.",
    "What about Postgres?", "I'd rather not, the export must not exceed two minutes.", "Store 12 shows zero.",
    "The column is_test is set on all of them: checkout sets it.", "👍 sounds good", "Ça va, 11,5 Go la nuit.",
    "see https://wiki.lumengoods.example/mart?x=1&y=2#top", "`select 1` gives 1 < 2 & 3 > 2", "- one thing",
    "e\u0301 is one letter", "right\u200bhere", "…", "12:30 is fine", "Well: that is it.", '"quoted" and (in brackets)',
    "We agreed that a customer is active within 90 days, since finance says so.", "\u202eback\u202c",
)  # fmt: skip


@dataclass(slots=True)
class Ink:
    """Draws from one Random. `secrets` are those planted so far; `share` of all texts get one."""

    random: Random
    share: float = 0.0
    broken: float = 0.0
    """Share of the items that are no items of their format."""
    secrets: list[str] = field(default_factory=list)

    def is_broken(self) -> bool:
        """Whether the next item is to be broken."""
        return self.random.random() < self.broken

    def some(self, least: int = 1, most: int = 5) -> range:
        """A few times."""
        return range(self.random.randint(least, most))

    def _with_secret(self, text: str) -> str:
        if self.random.random() >= self.share:
            return text
        words, secret = planted(self.random)
        self.secrets.append(secret)
        return f"{text} {words}" if self.random.random() < 0.7 else f"{words} {text}"

    def say(self) -> str:
        """One line of talk."""
        return self._with_secret(" ".join(self.random.choices(_SAID, k=self.random.choice((1, 1, 2, 3)))))

    def lines(self) -> str:
        """Talk over one to three lines."""
        return "\n".join(self.say() for _ in self.some(1, 3))

    def name(self) -> str:
        """Somebody's name."""
        return self.random.choice(_PEOPLE)

    def odd_name(self) -> str:
        """Somebody's name where the format leaves room for anything in it."""
        return self._with_secret(self.name())

    def title(self) -> str:
        """A heading without a mark of its own."""
        return self._with_secret(self.random.choice(("Orders planning", "Store 12", "Keep the mart in DuckDB", "Ciné")))

    def clock(self, at_s: int, *, hours: bool = False, millis: str = "") -> str:
        """A place in a recording as a clock shows it; `millis` is the mark before milliseconds."""
        rest = f"{at_s // 60 % 60:02}:{at_s % 60:02}"
        fraction = f"{millis}{self.random.randint(0, 999):03}" if millis else ""
        return (f"{at_s // 3600:02}:" if hours or at_s >= 3600 else "") + rest + fraction

    def times(self, count: int) -> list[int]:
        """Seconds in rising order."""
        return sorted(self.random.randint(0, 5_000) for _ in range(count))

    def day(self) -> str:
        """A date, ISO 8601."""
        return f"2026-{self.random.randint(1, 12):02}-{self.random.randint(1, 28):02}"
