"""Small generated papers, put into the store before the story is told."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from random import Random

from crm.core import store
from crm.files.operations import Received
from crm.ledger.rules import Paper
from crm.projects.rules.kinds import EvidenceKind

LIMIT = 1024 * 1024
VARIANTS = 3

NAMES: dict[EvidenceKind | Paper, str] = {
    EvidenceKind.SIGNATURE_PAGE: "投资协议签字页.pdf",
    EvidenceKind.BUSINESS_LICENCE: "营业执照.pdf",
    EvidenceKind.CONSTRUCTION_PERMIT: "施工许可证.pdf",
    EvidenceKind.CONSTRUCTION_CONTRACT: "施工合同.pdf",
    EvidenceKind.SITE_PHOTO: "现场照片.png",
    EvidenceKind.ACCEPTANCE: "竣工验收备案.pdf",
    EvidenceKind.POWER_BILL: "投产首月电费单.pdf",
    Paper.BANK_SLIP: "银行回单.pdf",
    Paper.VERIFICATION: "验资报告.pdf",
    Paper.LAND_VOUCHER: "土地价款缴款凭证.pdf",
    Paper.SETTLEMENT: "工程结算单.pdf",
    Paper.INVOICES: "发票.pdf",
    Paper.EQUIPMENT_CONTRACT: "设备采购合同.pdf",
    Paper.EQUITY_AGREEMENT: "增资协议.pdf",
}

Stock = dict[str, list[Received]]
"""By the stored value of what it proves."""


def stock(files: Path) -> Stock:
    """Every paper in a few variants; the same contents at every call."""
    return {
        kind.value: [
            Received(store.keep(files, io.BytesIO(_content(kind, number)), LIMIT), f"演示-{name}")
            for number in range(VARIANTS)
        ]
        for kind, name in NAMES.items()
    }


def _content(kind: EvidenceKind | Paper, number: int) -> bytes:
    if kind is EvidenceKind.SITE_PHOTO:
        return _picture(Random(f"site {number}"))
    title = kind.value.replace("_", " ").capitalize()
    return _page(f"{title} - demonstration paper no. {number + 1}")


def _page(line: str) -> bytes:
    """A PDF of one line."""
    drawn = f"BT /F1 18 Tf 72 720 Td ({line}) Tj ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(parts) + 1
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (count, table, count, len(body))
    )


def _picture(dice: Random, width: int = 320, height: int = 200) -> bytes:
    """A PNG: sky, ground, and a hall with a crane before it."""
    ground, left = height * 3 // 4, dice.randint(20, 80)
    hall = (left, left + dice.randint(120, 180), ground - dice.randint(40, 70))
    crane = dice.randint(hall[1] - 40, hall[1] + 30)
    rows = []
    for y in range(height):
        row = bytearray(b"\0")
        for x in range(width):
            row += bytes(_colour(x, y, ground, hall, crane))
        rows.append(bytes(row))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(name, data)
        for name, data in (
            (b"IHDR", head),
            (b"IDAT", zlib.compress(b"".join(rows), 9)),
            (b"IEND", b""),
        )
    )


def _colour(
    x: int, y: int, ground: int, hall: tuple[int, int, int], crane: int
) -> tuple[int, int, int]:
    mast = abs(x - crane) < 3 and 20 < y < ground
    jib = abs(y - 30) < 3 and crane - 90 < x < crane + 30
    if mast or jib:
        return 214, 150, 40
    if y >= ground:
        return 150 - (y - ground) // 4, 128, 100
    if hall[0] <= x <= hall[1] and y >= hall[2]:
        return (96, 110, 124) if x % 24 < 3 else (132, 148, 163)
    return 168 + y // 4, 198 + y // 6, 226


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
