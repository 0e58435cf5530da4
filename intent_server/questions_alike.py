"""The words of a question that nobody said, or no decision tied to its subject, and what is spelled nearly so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, islice

from intent_server.questions_index import Held
from intent_server.questions_passages import shortened
from intent_server.search_relevance import Asked, Told
from intent_server.search_terms import says_something, terms, tokens_of
from intent_server.store import load_index, load_sessions
from intent_server.store.connect import Db
from intent_server.store.load_sessions import Stretch

_MOST_WORDS = 3
_MOST_CHARS = 40
_MOST_DOCUMENTS = 3
"""Documents with a term that are looked at for a word as it is written."""


def never_said(db: Db, store: Held, asked: Asked, *, is_told: bool = False, is_past: bool = False) -> str | None:
    """Says which words of the question stand in no source, and what is spelled nearly so; None where all were said.

    `is_told`: that they stand nowhere was said already. `is_past`: a past was asked, later sources may have them.
    """
    store.statistics(db, asked.terms)
    unknown = {
        text: word[0]
        for word, text, weight in zip(asked.words, asked.texts, asked.weights, strict=True)
        if weight == 1 and not store.index.words.get(word[0])
    }
    if not unknown:
        return None
    shown = dict(islice(unknown.items(), _MOST_WORDS))
    every = " or ".join(map(_quoted, shown))
    told = None if is_told else f"No source said {every} by then." if is_past else f"No source says {every}."
    said = _said(db, store, list(shown.values()))
    alike = [said[term] for term in shown.values() if term in said]
    meant = f"Is {' and '.join(map(_quoted, alike))} meant?" if alike else None
    return " ".join(filter(None, (told, meant))) or None


def never_told(asked: Asked, decisions: Iterable[Told]) -> str | None:
    """Says that none of a subject's decisions has any of the question's words; None where one has, or none is asked."""
    words = [
        (text, word) for word, text, weight in zip(asked.words, asked.texts, asked.weights, strict=True) if weight == 1
    ]
    if not words or any(one.says(term) for one in decisions for _, word in words for term in word):
        return None
    told = " or ".join(_quoted(text) for text, _ in words[:_MOST_WORDS])
    return f"No decision tied to the subject says {told}: without the subject all are looked through."


def _quoted(word: str) -> str:
    return f"'{shortened(word, _MOST_CHARS)}'"


def _said(db: Db, store: Held, wanted: Sequence[str]) -> dict[str, str]:
    """For each of these terms a word that is spelled nearly so, as somebody wrote it; those without are left out."""
    found: dict[str, str] = {}
    for wish, term, term_no in load_index.terms_alike(db, wanted):
        if wish not in found and (word := _written(db, store, term, term_no)):
            found[wish] = word
    return found


def _written(db: Db, store: Held, term: str, term_no: int) -> str | None:
    """A word with this term as it stands in some conversation that is shown."""
    places = store.rows.places(load_index.postings(db, [term_no])[term_no].document_nos)
    shown = places[~store.hidden[places]][:_MOST_DOCUMENTS]
    placed = store.documents(store.rows.document_nos[shown].tolist()).values()
    stretches = [Stretch(at.session_id, at.first_utterance, at.last_utterance) for at in placed]
    lines = chain.from_iterable(load_sessions.lines(db, stretches)) if stretches else ()
    tokens = chain.from_iterable(tokens_of(f"{line.topic or ''} {line.recorded_text}") for line in lines)
    written = (token for token in tokens if term in terms(token) and says_something(token))
    return min((token for token in written if _has_number(token) == _has_number(term)), key=len, default=None)


def _has_number(word: str) -> bool:
    """Hashes and ids are like any short word, and nobody means them."""
    return any(map(str.isdigit, word))
