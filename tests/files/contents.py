"""Small real contents of each kind, made here."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PROGRAM = b"MZ\x90\x00" + b"\0" * 60 + b"PE\0\0" + b"\0" * 200
PAGE = b"<!doctype html><script>alert(1)</script>"


def png() -> bytes:
    """One white pixel."""

    def part(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0\xff\xff\xff")
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", body) + part(b"IEND", b"")


def package(*parts: str) -> bytes:
    """A zip with these parts, such as an office document is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for part in ("[Content_Types].xml", *parts):
            file.writestr(part, "<x/>")
    return out.getvalue()


def compound(stream: str) -> bytes:
    """The outline of an old compound file that holds this stream."""
    name = stream.encode("utf-16-le") + b"\0\0"
    return bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 1200 + name + b"\0" * 64
