"""How well the language of what people say is recognised, and how well other languages are found by their words.

    python bench/language.py --samples data/samples ../shared/samples --data ../shared/data

"sessions": every session under --samples: how many are told to be in which language. "English": stretches of the words
people say in English meetings, chats, issues, mails and agent sessions (under --data): how many are taken for another
language. "others": stretches of `languages.json`, our own sentences in 20 languages, some of them full of English
terms: how many are taken for English, unknown, another language. Beside it the rule in use before: fewer than 15 of
100 words are among the commonest English ones. "search": each question there, in other words' forms than the sentence
that answers it, over all sentences: how often that one comes first, is found at all, by stems of English, by the
stemmer of each language, and by pieces of words as the product does it.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import snowballstemmer

from ingest import language
from ingest.errors import IntentError
from ingest.language_names import english_name
from ingest.pipeline import read, sources_in
from ingest.records import Session, Source
from ingest.registry import reader_for
from ingest.sources import Declared
from intent_server.search_relevance import asked
from intent_server.search_terms import is_piece, is_unspaced, terms, tokens_of

LENGTHS = (4, 6, 8, 12, 16, 24, 40)
STRETCHES = 25
"""Stretches of each length from one document."""
UNSPACED = {"th": 9, "zh": 3, "ja": 4}
"""Characters that count as a word."""
STEMMERS = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "es": "spanish", "fi": "finnish", "fr": "french",
    "hi": "hindi", "it": "italian", "nl": "dutch", "pl": "polish", "pt": "portuguese", "ru": "russian",
    "sv": "swedish", "tr": "turkish",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """One of our sentences, and a question that it answers."""

    language: str
    text: str
    question: str | None


def sessions(folders: Sequence[Path]) -> Iterator[Session]:
    """Every session that any reader finds."""
    for folder in folders:
        for item in sources_in(folder, Declared()):
            if isinstance(item, Source):
                try:
                    found = read(item, reader_for(item))
                except IntentError:
                    continue  # a file that is no source
                yield from (one for one in found.sessions if one.utterances)


def english(data: Path) -> Iterator[list[str]]:
    """What people said in English, document by document."""
    for path in sorted(data.glob("qmsum/*.json"))[::6]:
        yield [one["content"] for one in json.loads(path.read_text(encoding="utf-8"))["meeting_transcripts"]]
    for path in sorted(data.glob("ami_icsi_decisions/*/*.json"))[::10]:
        yield [one["text"] for one in json.loads(path.read_text(encoding="utf-8"))["utterances"]]
    for name in ("condec_jira/sentences.jsonl", "oss_issue_infotypes/issues.jsonl", "leda_email/threads.jsonl"):
        rows = [json.loads(line) for line in (data / name).read_text(encoding="utf-8").splitlines()]
        for at in range(0, len(rows), 100):
            yield list(texts(rows[at : at + 100 : 10]))
    for path in sorted(data.glob("locomo/*.json")):
        yield list(texts(json.loads(path.read_text(encoding="utf-8"))))[:400]
    for one in sessions([data / "agent_sessions_claude_jsonl", data / "agent_sessions_specstory"]):
        yield [said.text for said in one.utterances if said.role == "person"]


def texts(value: object) -> Iterator[str]:
    """What stands under the keys that hold words, anywhere in a document."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, str) and key in {"text", "body", "content", "sentence"}:
                yield inner
            elif not isinstance(inner, str):
                yield from texts(inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            yield from texts(inner)


def sentences() -> list[Sentence]:
    """All of `languages.json`."""
    found = json.loads((Path(__file__).parent / "languages.json").read_text(encoding="utf-8"))
    return [
        *(Sentence(tag, text, question) for tag, one in found.items() for text, question in one["pairs"]),
        *(Sentence(tag, text, None) for tag, one in found.items() for text in one["mixed"]),
    ]


def stretches(documents: Iterator[list[str]], length: int, chance: random.Random) -> Iterator[str]:
    """Some stretches of so many words from each document."""
    for document in documents:
        words = [word for text in document for word in text.split()]
        starts = list(range(0, len(words) - length + 1, length))
        for start in chance.sample(starts, min(STRETCHES, len(starts))):
            yield " ".join(words[start : start + length])


def cut(given: Sequence[Sentence], length: int) -> Iterator[tuple[str, str]]:
    """(language, stretch of so many words) over what is said in each language."""
    for tag in sorted({one.language for one in given}):
        said = [one.text for one in given if one.language == tag]
        units: Sequence[str] = "".join(said) if tag in UNSPACED else " ".join(said).split()
        size, step = length * UNSPACED.get(tag, 1), max(1, length * UNSPACED.get(tag, 1) // 2)
        for start in range(0, len(units) - size + 1, step):
            yield tag, ("" if tag in UNSPACED else " ").join(units[start : start + size])


def before(text: str) -> bool:
    """Whether the rule in use before says English; it said so of all that was shorter than 15 words."""
    words = [word.strip(",.?!;:…").lower() for word in text.split()]
    plain = [word for word in words if word.replace("'", "").isalpha()]
    return len(plain) < 15 or sum(word in language.COMMON_WORDS for word in plain) >= 0.15 * len(plain)


def recognition(data: Path, given: Sequence[Sentence]) -> None:
    """Prints what stretches of English and of the other languages are taken for."""
    documents = list(english(data))
    for length in LENGTHS:
        said = list(stretches(iter(documents), length, random.Random(length)))
        other = sum(language.recognised([text]) not in (None, "en") for text in said)
        foreign = sum(language.is_foreign(text) for text in said)
        old = sum(not before(text) for text in said)
        print(
            f"English   {length:3} words, {len(said):5} stretches: taken for another language {other}, "
            f"as one utterance {foreign}; the rule before {old}"
        )
    for length in LENGTHS:
        found = Counter[str]()
        stretched = list(cut(given, length))
        for tag, text in stretched:
            heard = language.recognised([text])
            found[
                "right" if heard == tag else "English" if heard == "en" else "unknown" if heard is None else "wrong"
            ] += 1
            found["foreign"] += language.is_foreign(text)
            found["before"] += before(text)
        shares = {name: found[name] / len(stretched) for name in ("right", "wrong", "English", "unknown")}
        told = ", ".join(f"{name} {share:.3f}" for name, share in shares.items())
        alone, old = (found[name] / len(stretched) for name in ("foreign", "before"))
        print(
            f"others    {length:3} words, {len(stretched):5} stretches: {told}; "
            f"as one utterance foreign {alone:.3f}; the rule before says English {old:.3f}"
        )


def words_of(text: str, stem: Callable[[str], str]) -> set[str]:
    """The terms of a text, each word stemmed; no pieces."""
    own = (stem(token.casefold()) for token in tokens_of(text) if not is_unspaced(token))
    return {*(term for term in terms(text) if not is_piece(term)), *(f"={word}" for word in own)}


def search(given: Sequence[Sentence]) -> None:
    """Prints how the sentence that answers each question is found."""
    stemmers = {tag: snowballstemmer.stemmer(name).stemWord for tag, name in STEMMERS.items()}

    def by_stemmer(one: Sentence, text: str) -> set[str]:
        return words_of(text, stemmers.get(one.language, str))

    def by_english(_: Sentence, text: str) -> set[str]:
        return {term for term in terms(text) if not is_piece(term)}

    def by_pieces(one: Sentence, text: str) -> set[str]:
        return set(asked(text).terms) if text == one.question else set(terms(text))

    for name, method in (("English stems", by_english), ("own stems", by_stemmer), ("pieces", by_pieces)):
        held = [method(one, one.text) for one in given]
        counts = Counter(term for one in held for term in one)
        ranks = [_rank(given.index(one), method(one, one.question), held, counts) for one in given if one.question]
        first, found = sum(rank == 1 for rank in ranks), sum(rank > 0 for rank in ranks)
        print(f"search    {name:14} first {first}, found {found} of {len(ranks)} questions")


def _rank(wanted: int, question: set[str], held: Sequence[set[str]], counts: Mapping[str, int]) -> int:
    """The place of the wanted text by the rarity of the words it shares with the question; 0 when it shares none."""
    scores = [
        sum(math.log(1 + (len(held) - counts[term] + 0.5) / (counts[term] + 0.5)) for term in question & one)
        for one in held
    ]
    return 0 if not scores[wanted] else sum(score >= scores[wanted] for score in scores)


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=Path, nargs="*", default=[])
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    told = Counter(language.of_session(one) for one in sessions(given.samples))
    for tag, count in told.most_common():
        print(f"sessions  {count:4} {english_name(tag) if tag else 'unknown'}")
    own = sentences()
    if given.data:
        recognition(given.data, own)
    search(own)


if __name__ == "__main__":
    main()
