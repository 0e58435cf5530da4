"""Equal content, equal fingerprint."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ingest.fingerprint import canonical_json, fingerprint

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), values))
def test_key_order_does_not_change_a_fingerprint(content: dict[str, object]) -> None:
    assert fingerprint(content) == fingerprint(dict(reversed(content.items())))


@given(st.text())
def test_unicode_form_does_not_change_a_fingerprint(words: str) -> None:
    forms = {fingerprint(unicodedata.normalize(form, words)) for form in ("NFC", "NFD")}
    assert len(forms) == 1


@given(values, values)
def test_different_canonical_text_gives_a_different_fingerprint(one: object, other: object) -> None:
    assert (canonical_json(one) == canonical_json(other)) == (fingerprint(one) == fingerprint(other))


def test_a_fingerprint_carries_its_tag() -> None:
    assert fingerprint("x").startswith("b2:")
