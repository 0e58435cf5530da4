"""Pure: the other names of things, as a store's own texts tell them, and what a question asks for by them.

"Monthly active users (MAU)" says that either stands for the other: a question about one is answered by what was said of
the other. Found are abbreviations beside what they stand for, word by word, and names that took the place of others
("renamed `customers_raw` to `stg_customers`") where both look like names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from intent_server.search_terms import asked_words
from intent_server.search_words import STOP_WORDS
from intent_server.store.terms import NAME

Key = tuple[str, ...]
"""A name by the terms of its telling words, each as a whole."""

_MORE_WORDS = 3  # of what is spelled out, beyond the letters that stand for it
_LETTERS_A_WORD = 4  # of OIDC three stand for "OpenID"
_SMALL = frozenset("a an and at by for from in of on or per the to with".split())
_SIGNS = "\"'`“”‘’*_ "
_BEFORE_CHARS = 120
_SHORT = r"[A-Z][A-Za-z0-9&/]{0,7}[A-Z0-9]s?"
_IS_SHORT = re.compile(_SHORT)
_IN_BRACKETS = re.compile(r"\(([^()\n]{2,90})\)")
_OR = re.compile(rf"\bor ({_SHORT})\b")
_STANDS_FOR = re.compile(
    rf"\b({_SHORT})(?:,? (?:which )?(?:stands|is short|short) for| means| =) ([^.,;:()\n]{{4,90}})"
)
_BREAK = re.compile(r"[.,;:!?()\[\]{}|\n]")
_WORD = re.compile(r"[^\W_][\w'’&]*")

_TOLD = re.compile(r"\b(?:renam(?:e|es|ed|ing)|formerly|previously|a\.?k\.?a|also known as|also called)\b")
_ABOUT_CHARS = 140
_NAMED = r"[\"'`“‘*]*(?P<%s>\w[\w./-]{1,60}\w)[\"'`”’*]*"
_OLD, _NEW = _NAMED % "old", _NAMED % "new"
_RENAMED = (
    re.compile(rf"\brenam(?:e|es|ed|ing) (?:the )?(?:[a-z]+ )?(?:from )?{_OLD} (?:to|as|into|→|->) {_NEW}"),
    re.compile(rf"{_OLD} (?:was|were|is|has been|got) (?:now )?renamed (?:to|as|into) {_NEW}"),
    re.compile(
        rf"{_NEW},? \(?(?:(?:formerly|previously)(?: known as| called)?|a\.?k\.?a\.?|also (?:known as|called)) {_OLD}"
    ),
)
_LOOKS_LIKE_A_NAME = re.compile(r"[a-z0-9][A-Z]|[A-Za-z][_./-][A-Za-z0-9]|[A-Za-z]\d")


@dataclass(frozen=True, slots=True)
class Sense:
    """A text that holds all of the terms `needs` says what the terms `gives` of a question say.

    `text`: the other name, in small letters.
    """

    needs: frozenset[str]
    gives: frozenset[str]
    text: str


@dataclass(frozen=True, slots=True)
class OtherNames:
    """The names that a store knows another name of, with those others, in small letters."""

    of_name: Mapping[Key, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def told(cls, name_terms_held: Iterable[str]) -> OtherNames:
        """From the terms that an index holds for them, as `name_terms` makes them.

        Without names that are words of every sentence in small letters: US is United States, but "tell us" is not.
        """
        found: dict[Key, list[str]] = defaultdict(list)
        for term in name_terms_held:
            one, _, other = term.removeprefix(NAME).partition(NAME)
            if one in STOP_WORDS or other in STOP_WORDS:
                continue
            found[_key(one)].append(other)
            found[_key(other)].append(one)
        return cls({key: tuple(dict.fromkeys(others)) for key, others in found.items() if key})

    def senses(self, words: Sequence[Sequence[str]]) -> tuple[Sense, ...]:
        """What a question asks for by another name. `words`: the terms of each of its words, the whole first."""
        asked = [word[0] for word in words]
        longest = max(map(len, self.of_name), default=0)
        runs = {tuple(asked[at : at + size]) for at in range(len(asked)) for size in range(1, longest + 1)}
        return tuple(
            Sense(frozenset(needs), frozenset(run), text)
            for run in sorted(runs)
            for text in self.of_name.get(run, ())
            if (needs := _key(text))
        )


def name_terms(text: str) -> list[str]:
    """The terms by which an index knows the pairs of names that a text tells, each once."""
    pairs = (sorted((one.casefold(), other.casefold())) for one, other in other_names(text))
    return list(dict.fromkeys(f"{NAME}{one}{NAME}{other}" for one, other in pairs if _key(one) != _key(other)))


def other_names(text: str) -> Iterator[tuple[str, str]]:
    """The pairs of names for one thing that a text tells."""
    for found in _IN_BRACKETS.finditer(text):
        inside = re.split("[;,]", found[1], maxsplit=1)[0].strip(_SIGNS)
        before = _just_before(text, found.start())
        last = before[before.rfind(" ") + 1 :].strip(_SIGNS)
        if _is_short(inside):
            yield from _spelled_before(inside, before)
        elif _is_short(last):
            yield from _spelled(last, [_words(inside)])
    for found in _OR.finditer(text):
        if _is_short(found[1]):
            yield from _spelled_before(found[1], _just_before(text, found.start()))
    for found in _STANDS_FOR.finditer(text):
        words = _words(found[2])
        yield from _spelled(found[1], (words[:count] for count in range(2, len(words) + 1)))
    for told in _TOLD.finditer(text):
        about = text[max(0, told.start() - _ABOUT_CHARS) : told.end() + _ABOUT_CHARS]
        for pattern in _RENAMED:
            pairs = ((found["old"], found["new"]) for found in pattern.finditer(about))
            yield from (pair for pair in pairs if all(map(_LOOKS_LIKE_A_NAME.search, pair)))


def _key(name: str) -> Key:
    return tuple(word[0] for word in asked_words(name))


def _is_short(text: str) -> bool:
    return _IS_SHORT.fullmatch(text) is not None and sum(char.isupper() for char in text) > 1


def _just_before(text: str, end: int) -> str:
    """The words up to a place, of the clause that ends there."""
    return _BREAK.split(text[max(0, end - _BEFORE_CHARS) : end].rstrip(f",{_SIGNS}"))[-1]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.replace("-", " "))


def _spelled_before(short: str, before: str) -> Iterator[tuple[str, str]]:
    words = _words(before)
    yield from _spelled(short, (words[-count:] for count in range(2, len(words) + 1)))


def _spelled(short: str, options: Iterable[Sequence[str]]) -> Iterator[tuple[str, str]]:
    """The first of these runs of words that the short name stands for, one where each word gives one letter if any."""
    bare = short.removesuffix("s")
    letters = "".join(filter(str.isalnum, bare)).casefold()
    runs = [words for words in options if 2 <= len(words) <= len(letters) + _MORE_WORDS]
    for most in (1, _LETTERS_A_WORD):
        for words in runs:
            small = [word.casefold() for word in words]
            if _SMALL.isdisjoint((small[0], small[-1])) and _is_spelled_by(letters, small, most):
                yield bare, " ".join(words)
                return


def _is_spelled_by(letters: str, words: Sequence[str], most: int) -> bool:
    """Whether each word begins with the next letter, may give up to `most` of those that follow, and none is left."""
    if not words or not letters:
        return not words and not letters
    if words[0] in _SMALL and _is_spelled_by(letters, words[1:], most):
        return True
    return any(
        _gives(words[0], letters[:count]) and _is_spelled_by(letters[count:], words[1:], most)
        for count in range(1, min(len(letters), most) + 1)
    )


def _gives(word: str, letters: str) -> bool:
    rest = iter(word[1:])
    return word[0] == letters[0] and all(letter in rest for letter in letters[1:])
