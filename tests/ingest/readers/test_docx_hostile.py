"""A Word file that means harm, or that is broken, is refused with a reason and within bounds."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import NoReader, SourceEmpty, SourceError, SourceMalformed, SourceTooLarge
from ingest.pipeline import read
from ingest.readers import docx_package
from ingest.readers.docx import READER, accepts
from ingest.registry import reader_for
from ingest.sources import Declared, stdin_source

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TURNS = "".join(
    f'<w:p><w:r><w:t xml:space="preserve">{name}   0:0{at}</w:t></w:r></w:p><w:p><w:r><w:t>Words.</w:t></w:r></w:p>'
    for at, name in enumerate(("Aiko Tan", "Mara", "Jonas Weber"))
)
XML = f"<w:document {W}><w:body>{TURNS}</w:body></w:document>"


def packed(xml: str | bytes, *, compression: int = zipfile.ZIP_DEFLATED, more: int = 0) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        archive.writestr("word/document.xml", xml)
        for number in range(more):
            archive.writestr(f"word/media/{number}", b"")
    return stream.getvalue()


def refused(data: bytes) -> SourceError:
    source = stdin_source(data, Declared(stdin_name="call.docx"))
    assert reader_for(source) is READER
    with pytest.raises(SourceError) as raised:
        read(source, READER)
    return raised.value


def test_a_part_that_unpacks_beyond_the_limit_is_refused_before_it_is_unpacked() -> None:
    bomb = packed(b" " * (docx_package.MAX_XML_BYTES + 1))
    assert len(bomb) < 100_000
    assert isinstance(refused(bomb), SourceTooLarge)


def test_a_zip_that_lies_about_its_size_is_refused() -> None:
    data = packed(XML)
    at = data.index(b"PK\x01\x02")
    lying = data[: at + 24] + (10).to_bytes(4, "little") + data[at + 28 :]
    assert isinstance(refused(lying), SourceMalformed)


def test_millions_of_tags_are_refused() -> None:
    assert "tags and attributes" in str(refused(packed(f"<w:document {W}>{'<w:p/>' * 2_000_001}</w:document>")))


def test_a_zip_of_very_many_files_is_refused() -> None:
    assert "files in it" in str(refused(packed(XML, more=docx_package.MAX_ENTRIES + 1)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_so_no_entity_is_ever_defined(encoding: str) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'
    assert "document type" in str(refused(packed((declared + laughs + XML).encode(encoding))))


def test_an_encoding_that_could_hide_a_document_type_is_refused() -> None:
    assert "encoding" in str(refused(packed('<?xml version="1.0" encoding="utf-7"?>' + XML)))


def test_utf_16_is_read() -> None:
    data = packed(('<?xml version="1.0" encoding="utf-16"?>' + XML).encode("utf-16"))
    assert len(read(stdin_source(data, Declared()), READER).sessions[0].utterances) == 3


@pytest.mark.parametrize("depth", [80, 120, 5_000])
def test_deep_nesting_is_read_or_refused(depth: int) -> None:
    nested = "<w:tbl><w:tr><w:tc>" * depth + TURNS + "</w:tc></w:tr></w:tbl>" * depth
    data = packed(f"<w:document {W}><w:body>{nested}</w:body></w:document>")
    try:
        assert read(stdin_source(data, Declared()), READER).read
    except SourceMalformed as error:
        assert depth > 80
        assert "depth" in str(error)


def test_a_document_without_words_is_empty() -> None:
    assert isinstance(refused(packed(f"<w:document {W}><w:body><w:p/></w:body></w:document>")), SourceEmpty)


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_that_word_does_not_use_is_refused(compression: int) -> None:
    assert "compression method" in str(refused(packed(XML, compression=compression)))


def test_an_encrypted_part_is_refused() -> None:
    data = packed(XML)
    at = data.index(b"PK\x01\x02")
    flagged = data[: at + 8] + b"\x01\x00" + data[at + 10 :]
    assert "encrypted" in str(refused(flagged))


def test_another_zip_is_not_accepted() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("notes/word/list.txt", "word/document.xml")
    with pytest.raises(NoReader):
        reader_for(stdin_source(stream.getvalue(), Declared()))


def test_text_that_speaks_of_word_files_is_not_accepted() -> None:
    assert accepts(stdin_source(b"PK\x03\x04 word/document.xml", Declared())) == 0


def test_broken_xml_is_refused_with_its_place() -> None:
    assert "word/document.xml" in str(refused(packed(XML[:-20])))


@settings(max_examples=300)
@given(st.data())
def test_any_damage_to_a_file_is_survived(data: st.DataObject) -> None:
    whole = bytearray(packed(XML))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(whole)))
    source = stdin_source(bytes(whole[:cut]), Declared())
    if accepts(source):
        try:
            read(source, READER)
        except SourceError as error:
            assert str(error)


@pytest.mark.parametrize(
    "line",
    [
        "a" * 2_000_000,
        " " * 2_000_000 + "x",
        "a: " * 500_000,
        "0:" * 700_000,
        "A   " * 400_000,
        "a\t" * 700_000,
        "-" * 2_000_000,
        "&amp; " * 300_000,
    ],
)
def test_a_very_long_line_takes_no_time(line: str) -> None:
    xml = XML.replace("<w:body>", f'<w:body><w:p><w:r><w:t xml:space="preserve">Invited: {line}</w:t></w:r></w:p>')
    assert read(stdin_source(packed(xml), Declared()), READER).kept


def test_without_the_extra_a_word_file_names_the_command_that_installs_it() -> None:
    script = (
        "import sys; sys.modules['docx'] = None\n"
        "from ingest.errors import SourceError\n"
        "from ingest.pipeline import read\n"
        "from ingest.registry import reader_for\n"
        "from ingest.sources import Declared, stdin_source\n"
        "source = stdin_source(sys.stdin.buffer.read(), Declared(stdin_name='call.docx'))\n"
        "try: read(source, reader_for(source))\n"
        "except SourceError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], input=packed(XML), capture_output=True, check=True)
    assert b"pip install 'intent-server[docx]'" in done.stdout


def test_listing_the_readers_does_not_load_python_docx() -> None:
    script = "import sys; from ingest.registry import readers; readers(); print('docx' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.strip() == b"False"
