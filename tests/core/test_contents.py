"""A content is what its bytes say."""

from __future__ import annotations

import io

import pytest

from crm.core.contents import MACROS, size_of, sniff
from tests.files.contents import PDF, PROGRAM, compound, package, png

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "application/pdf"),
        (png(), "image/png"),
        (package("word/document.xml"), WORD),
        (package("OFD.xml", "Doc_0/Document.xml"), "application/ofd"),
        (package("evil.exe"), "application/zip"),
        (package("word/document.xml", "word/vbaProject.bin"), MACROS),
        (compound("WordDocument"), "application/msword"),
        (compound("Workbook"), "application/vnd.ms-excel"),
        (compound("Property"), ""),
        ("项目,金额\n稀土,3.5亿\n".encode("gb18030"), "text/plain"),
        ("\ufeff项目\r\n".encode(), "text/plain"),
        (b"\x00\x01\x02", ""),
        (b"PK\x03\x04 but nothing after", ""),
    ],
)
def test_a_content_is_known_by_its_bytes(content: bytes, kind: str) -> None:
    stream = io.BytesIO(content)

    assert sniff(stream) == kind
    assert stream.tell() == 0


def test_a_program_is_no_document() -> None:
    assert sniff(io.BytesIO(PROGRAM)) == "application/x-msdownload"


def test_a_mark_across_two_chunks_is_found() -> None:
    name = "WordDocument".encode("utf-16-le") + b"\0\0"
    content = bytes.fromhex("d0cf11e0a1b11ae1") + b"\1" * (1024 * 1024 - 18) + name

    assert sniff(io.BytesIO(content)) == "application/msword"


def test_the_size_is_counted_without_reading() -> None:
    stream = io.BytesIO(b"12345")

    assert (size_of(stream), stream.tell()) == (5, 0)
