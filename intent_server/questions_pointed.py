"""What the names in a question stand for: decisions and sessions in the store, places in code and in pipelines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from intent_server.answers import LinkAnswer
from intent_server.link_mentions import mentions
from intent_server.questions_anchors import About, TiedTo, about, beyond, is_beyond, tied
from intent_server.questions_index import Held
from intent_server.questions_subject import is_identifier, named_in, sessions_named
from intent_server.store import load
from intent_server.store.connect import Db
from intent_server.store.load_sessions import heads_named


@dataclass(frozen=True, slots=True)
class Pointed:
    """What names stand for: decisions and sessions in the store, the likeliest first.

    `links`: by which link a decision came, for those tied to a place. `hints`: decisions tied to what the question
    mentions in passing. `places`: what is named in code and in pipelines. `elsewhere`: decisions tied only to other
    places of a file than the lines that are named, each with that place in words.
    """

    decisions: Sequence[str] = ()
    sessions: Sequence[str] = ()
    links: Mapping[str, LinkAnswer] = field(default_factory=dict)
    hints: Mapping[str, LinkAnswer] = field(default_factory=dict)
    places: tuple[About, ...] = ()
    elsewhere: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """False for a name by which no decision and no session is found."""
        return bool(self.decisions or self.sessions)

    @property
    def has_lines(self) -> bool:
        """Whether lines of a file are named."""
        return any(place.lines for place in self.places)


def pointed(db: Db, store: Held, name: str) -> Pointed:
    """What a subject names: a decision's id, a session, or a thing that decisions are tied to."""
    if ids := store.cores.named(name.casefold()):
        return Pointed(ids)
    sessions = [head.session_id for head in sessions_named(name, partial(heads_named, db))]
    decisions = [one for session_id in sessions for one in store.decisions_of.get(session_id, ())]
    place = about(db, name)
    found = tied(db, place) if place else TiedTo()
    links = {one: link for one, link in found.links.items() if one in store.cores}
    is_code = bool(place.files or place.nodes or place.commits)
    named = load.decisions_linked(db, name) if " " not in name else []
    ordered = (*links, *named, *decisions) if is_code else (*decisions, *links, *named)
    ids = [one for one in dict.fromkeys(ordered) if one in store.cores]
    elsewhere = {one: told for one, told in found.elsewhere.items() if one in store.cores and one not in ids}
    return Pointed(ids, sessions, links, {}, (place,) if place else (), elsewhere)


def pointed_in(db: Db, store: Held, question: str) -> Pointed:
    """What the names in a question stand for; nothing for a question in plain words."""
    names = dict.fromkeys((question,) if is_identifier(question) else named_in(question))
    found = [pointed(db, store, name) for name in names if name]
    words = {one.name for one in mentions(question) if one.kind in ("word", "table", "node", "path")} - names.keys()
    words -= {place.path for each in found for place in each.places if place.lines and place.path}
    in_passing = [place for name in sorted(words) if (place := about(db, name))]
    hints: dict[str, LinkAnswer] = {}
    for place in in_passing:
        hints |= {one: link for one, link in tied(db, place).links.items() if one in store.cores}
    return Pointed(
        list(dict.fromkeys(one for each in found for one in each.decisions)),
        list(dict.fromkeys(one for each in found for one in each.sessions)),
        {one: link for each in found for one, link in each.links.items()},
        hints,
        (*(place for each in found for place in each.places), *in_passing),
        {one: told for each in found for one, told in each.elsewhere.items()},
    )


def within_files(db: Db, named: Pointed) -> tuple[Pointed, str | None]:
    """The same without what is tied to a file that has none of the lines named; and what to say of lines it has not.

    No decision is about a line that is not there.
    """
    told = " ".join(filter(None, (beyond(db, place) for place in named.places))) or None
    if not named.places or not all(is_beyond(db, place) for place in named.places):
        return named, told
    rest = dict.fromkeys(named.links, "the file as a whole")
    kept = [one for one in named.decisions if one not in rest]
    return replace(named, decisions=kept, links={}, elsewhere={**named.elsewhere, **rest}), told
