"""How far an answer's knowledge goes: until when its subject's sources were heard, and whether meaning counted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import numpy as np

from intent_server.config import BUNDLED
from intent_server.embed import Embedder, bundled
from intent_server.questions_index import Held
from intent_server.questions_past import Moment
from intent_server.store.connect import Db
from intent_server.store.load_index import vector_models
from intent_server.store.load_sessions import sources_heard_until


def heard_until(store: Held, moment: Moment) -> datetime | None:
    """The newest moment that anything in the store speaks of, as far as that counts at the moment asked for."""
    return _at_most(store.heard_until, moment)


def subject_heard_until(store: Held, session_ids: Collection[str], moment: Moment) -> datetime | None:
    """The newest moment that the sources of these sessions speak of, as far as that counts; None for undated ones."""
    return _at_most(sources_heard_until(store.db, session_ids), moment)


def _at_most(heard: datetime | None, moment: Moment) -> datetime | None:
    return min(filter(None, (heard, moment.as_of))) if heard else None


def is_read(store: Held) -> bool:
    """Whether the store holds any vectors of the model in use; without them words alone find things."""
    return not len(store.norms) or bool(np.any(store.norms))


def model_note(db: Db, store: Held, model: Embedder) -> str | None:
    """What to know where the store's vectors are another model's, and what to do; None where they are not."""
    if is_read(store):
        return None
    made = sorted({name for revision, name in vector_models(db).items() if revision != model.revision})
    if not made:
        return None
    rebuild = "`intent doctor --rebuild` makes it anew"
    if model.name in made:
        return f"Answered by words alone: another revision of the embedder '{model.name}' made the index. {rebuild}."
    return (
        f"Answered by words alone: the index was made by the embedder '{made[0]}', not by '{model.name}'. "
        f"{_remedy(made[0])} {rebuild} by '{model.name}'."
    )


def _remedy(name: str) -> str:
    if name == bundled().name:
        return f"Set INTENT_EMBEDDER={BUNDLED}, or leave --embedder out, to go on with that one;"
    return f"Set INTENT_EMBEDDER={name} (or the folder of that name) to go on with that one;"
