"""What every question needs, and what may be asked: the checks that come before the store is opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from intent_server.config import Settings
from intent_server.embed import Embedder, bundled
from intent_server.errors import BadRequest
from intent_server.questions_index import Cache, Held, held
from intent_server.questions_passages import shortened
from intent_server.search import Floats, says_something
from intent_server.search_relevance import Asked, asked
from intent_server.store.connect import Db
from intent_server.store.warm import Warm

MAX_LIMIT = 100


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Asker:
    """Where the store is, the model, and what is kept between questions; `warm`: the store open, where one stays."""

    settings: Settings
    embedder: Callable[[], Embedder] = bundled
    cache: Cache = field(default_factory=Cache)
    clock: Callable[[], datetime] = _utc_now
    warm: Warm | None = None

    def vector(self, text: str) -> Floats:
        """The direction of a text's meaning."""
        vector: Floats = self.embedder().embed([text])[0]
        return vector

    def held(self, db: Db) -> Held:
        """The store as of now."""
        return held(self.cache, db, self.settings.store, self.embedder())


def words_of(text: str, what: str) -> Asked:
    """The words of a question.

    Raises: BadRequest when there is none.
    """
    words = asked(text)
    if not words.words:
        raise BadRequest(f"The {what} '{shortened(text, 80)}' has no word in it. Ask in words, or name a subject.")
    return words


def words_about(question: str) -> Asked:
    """The words of a question that asks of something.

    Raises: BadRequest where it has no word, or none but "why", "the" and the like.
    """
    words = words_of(question, "question")
    if not says_something(question):
        shown = shortened(question, 80)
        raise BadRequest(f"The question '{shown}' names nothing to ask about. Name a thing, a path or a commit.")
    return words


def in_names_of(store: Held, question: Asked) -> Asked:
    """The question with the other names that the store knows for what it names."""
    senses = store.index.names.senses(question.words)
    if not senses:
        return question
    about = " ".join((question.about, *(sense.text for sense in senses))) if question.about else ""
    return replace(question, senses=senses, about=about)


def names_note(question: Asked) -> str | None:
    """Says by which other names the store was asked."""
    texts = dict.fromkeys(sense.text for sense in question.senses)
    return f"Asked also by the name that the sources give: {', '.join(texts)}." if texts else None


def check_limit(limit: int) -> None:
    """Raises: BadRequest for a limit that is none."""
    if not 1 <= limit <= MAX_LIMIT:
        raise BadRequest(f"limit={limit} is not between 1 and {MAX_LIMIT}.")


def place_of(cursor: str | None) -> tuple[int, int]:
    """The utterance that a page of a session begins with, and the character in it: `12`, or `12.4000` within one.

    Raises: BadRequest for a cursor that no answer gave.
    """
    utterance, dot, character = (cursor or "").partition(".")
    try:
        return start_of(utterance or None), start_of(character) if dot else 0
    except BadRequest:
        start_of(cursor)  # told of as a whole
        raise


def start_of(cursor: str | None) -> int:
    """Where a page begins.

    Raises: BadRequest for a cursor that no answer gave.
    """
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise BadRequest(f"cursor='{shortened(cursor, 40)}' is none that an answer gave. Leave it out to start anew.")
    return int(cursor)
