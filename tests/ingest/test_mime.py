"""A message's bytes: parts, transfer encodings, charsets that lie, headers of any kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.mime import MAX_DEPTH, decoded, header_text, leaves, split_message, text_of
from ingest.text import normalise


def texts(data: bytes) -> list[str]:
    return [text_of(leaf) for leaf in leaves(*split_message(data))]


def test_the_parts_of_nested_multiparts_come_in_order() -> None:
    data = (
        b"Content-Type: multipart/mixed; boundary=out\r\n\r\npreamble\r\n--out\r\n"
        b'Content-Type: multipart/alternative; boundary="in"\r\n\r\n--in\r\n\r\nplain\r\n--in\r\n'
        b"Content-Type: text/html\r\n\r\n<p>html</p>\r\n--in--\r\n--out\r\n"
        b"Content-Disposition: attachment; filename=a.txt\r\n\r\nattached\r\n--out--\r\nepilogue"
    )
    found = list(leaves(*split_message(data)))
    assert [(leaf.kind, leaf.is_attached, leaf.data) for leaf in found] == [
        ("text/plain", False, b"plain"),
        ("text/html", False, b"<p>html</p>"),
        ("text/plain", True, b"attached"),
    ]


@pytest.mark.parametrize(
    ("way", "body"), [(b"base64", b"R8O2cmFu\n"), (b"quoted-printable", b"G=C3=B6r=\nan"), (b"8bit", "Göran".encode())]
)
def test_transfer_encodings_are_undone(way: bytes, body: bytes) -> None:
    assert texts(b"Content-Transfer-Encoding: " + way + b"\nContent-Type: text/plain; charset=utf-8\n\n" + body) == [
        "Göran"
    ]


@pytest.mark.parametrize("charset", ["us-ascii", "utf-8", "x-unheard-of", "zip", "punycode", ""])
def test_a_charset_that_does_not_fit_gives_the_text_all_the_same(charset: str) -> None:
    assert decoded("Göran, 5 €".encode("cp1252"), charset) == "Göran, 5 €"


def test_one_broken_byte_does_not_turn_a_whole_text_into_another_charset() -> None:
    assert decoded("Göran Önnerfors öäü".encode() + b"\xff", "utf-8") == "Göran Önnerfors öäü\ufffd"


def test_encoded_words_join_over_folded_lines() -> None:
    headers, _ = split_message(b"Subject: =?utf-8?q?Tom=C3=A1s?=\n =?iso-8859-1?B?IFJl+Q==?= says\n\n")
    assert header_text(headers, "subject") == "Tomás Reù says"


def test_nesting_deeper_than_any_program_makes_ends() -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000))
    assert len(list(leaves(*split_message(deep)))) == 1
    assert MAX_DEPTH < 3000


@given(st.binary(max_size=300))
def test_any_bytes_give_text_that_can_be_stored(data: bytes) -> None:
    headers, body = split_message(data)
    for name in headers:
        assert header_text(headers, name) == normalise(header_text(headers, name))
    for leaf in leaves(headers, body):
        assert text_of(leaf) == normalise(text_of(leaf))
