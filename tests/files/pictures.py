"""Pictures and pages to look at, made here, and hostile ones."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, ImageDraw


def photo(width: int = 800, height: int = 600, orientation: int = 1) -> bytes:
    """A JPEG as a telephone takes it: where and when stands in it."""
    image = Image.new("RGB", (width, height), (230, 225, 210))
    ImageDraw.Draw(image).rectangle((10, 10, width // 3, height // 3), fill=(200, 20, 20))
    told = Image.Exif()
    told[0x0112] = orientation
    told[0x010F] = "SECRET MAKER"
    told.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=told)
    return out.getvalue()


def pdf(pages: int = 1, width: int = 595, height: int = 842) -> bytes:
    """A PDF of so many pages, each with its number on it."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(pages))
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number in range(pages):
        drawn = f"BT /F1 24 Tf 60 {height - 100} Td (Page {number + 1}) Tj ET"
        parts.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] "
            f"/Contents {5 + 2 * number} 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        parts.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{part}\nendobj\n".encode()
    table = f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n".encode()
    table += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    end = f"trailer\n<< /Size {len(parts) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + table + end.encode()


def huge_png(side: int = 32_000) -> bytes:
    """A few bytes that say they are a thousand million pixels."""
    return _png(side, zlib.compress(b"\0" * 100))


def packed_png(side: int = 8_000) -> bytes:
    """An honest image of 64 million white pixels in 64 KB: just small enough to be looked at."""

    row = b"\0" + b"\xff" * (side // 8)
    return _png(side, zlib.compress(row * side, 9))


def _png(side: int, body: bytes) -> bytes:
    """One bit a pixel."""

    def part(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", body) + part(b"IEND", b"")
