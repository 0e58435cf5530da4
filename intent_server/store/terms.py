"""What the store must know of the terms that `search_terms` makes: which are pieces of words, and which edition."""

TERMS_VERSION = 2
"""Raised when the same text gives other terms; documents of another version are found by fewer of their words."""
PIECE = "~"
"""Begins a term that is only a piece of a word: it makes no document longer, and words go before it."""
