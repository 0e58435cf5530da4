"""Seeded conversations with distinct texts, as transcript JSON files: the input of the scale benches."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

_SYLLABLES = "ba ce di fo gu ha ki lo mu ne pi ra so ta ve wi xo yu zo chi dra fle gri plo sta tre vin".split()
_NAMES = ("Mara Lindqvist", "Tomás Rey", "Priya Nair", "Jonas Weber", "Aiko Tan")
_GLUE = "the a of to and we in that is for it on with this but not so as at by from or if then when".split()
_DECIDING = (
    "Let's go with {a} for the {b} because {c} would slow the {d} down.",
    "We decided to use {a} instead of {c} so that the {b} stays simple.",
    "Okay, we'll keep {a} in the {b}, since {c} has to pass the {d} check.",
)


def vocabulary(rng: random.Random, size: int = 60_000) -> list[str]:
    """Distinct pronounceable words, the frequent ones first."""
    words: dict[str, None] = {}
    while len(words) < size:
        words["".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4)))] = None
    return list(words)


def sentences(rng: random.Random, words: list[str], count: int) -> Iterator[str]:
    """Sentences of 8 to 30 words with Zipf-like frequencies; about one in 60 states a decision. No two are equal."""
    weights = [1 / (rank + 10) for rank in range(len(words))]
    pool = rng.choices(words, weights, k=count * 20)
    at = 0
    for number in range(count):
        length = rng.randint(8, 30)
        picked = [rng.choice(_GLUE) if rng.random() < 0.4 else pool[(at + i) % len(pool)] for i in range(length)]
        at += length
        if number % 60 == 59:
            a, b, c, d = (word for word in picked[:4])
            yield rng.choice(_DECIDING).format(a=a, b=b, c=c, d=d) + f" That closes item {number}."
        else:
            yield " ".join(picked).capitalize() + f" {number}."


def transcripts(folder: Path, *, utterances: int, per_session: int = 1000, seed: int = 7) -> list[Path]:
    """Write `utterances` utterances as transcript JSON files of `per_session` each; the paths written."""
    rng = random.Random(seed)
    words = vocabulary(rng)
    texts = sentences(rng, words, utterances)
    paths = []
    for number in range(0, utterances, per_session):
        items = [
            {
                "id": f"u{i}",
                "speaker": rng.choice(_NAMES),
                "text": text,
                "start_ms": i * 7000,
                "end_ms": i * 7000 + 6000,
            }
            for i, text in enumerate(text for _, text in zip(range(per_session), texts, strict=False))
        ]
        day = f"2026-{1 + number // per_session % 12:02}-{1 + number // per_session % 28:02}"
        path = folder / f"session-{number // per_session:05}.json"
        head = {"title": f"Session {number // per_session}", "started_at": f"{day}T09:00:00Z", "utterances": items}
        path.write_text(json.dumps(head, ensure_ascii=False), encoding="utf-8")
        paths.append(path)
    return paths


def questions(paths: list[Path], *, count: int, seed: int = 11) -> list[str]:
    """`count` distinct questions made of three to five words of one utterance each."""
    rng = random.Random(seed)
    asked: dict[str, None] = {}
    while len(asked) < count:
        items = json.loads(rng.choice(paths).read_text(encoding="utf-8"))["utterances"]
        words = [word.strip(".,'") for word in rng.choice(items)["text"].split() if len(word) > 4]
        if len(words) >= 5:
            asked[" ".join(rng.sample(words, rng.randint(3, 5)))] = None
    return list(asked)
