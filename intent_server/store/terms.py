"""What the store must know of the terms that `search_terms` and `search_names` make: of what kind, which edition."""

TERMS_VERSION = 3
"""Raised when the same text gives other terms; documents of another version are found by fewer of their words."""
PIECE = "~"
"""Begins a term that is only a piece of a word: it makes no document longer, and words go before it."""
NAME = "="
"""Begins a term that is no word of a text: a pair of names that it gives one thing, as `=mau=monthly active users`."""


def is_word(term: str) -> bool:
    """False for pieces of words and for pairs of names: they make no document longer."""
    return not term.startswith((PIECE, NAME))
