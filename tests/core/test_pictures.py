"""Evidence as pictures: drawn anew without what it carries, hostile contents answered with a sentence."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from crm.core import apart, pictures, store
from crm.core.drawing import HEIGHT, WIDTH, Fault
from crm.core.pictures import Pictures
from tests.files.pictures import huge_png, packed_png, pdf, photo

Draw = Callable[[bytes, str], Pictures]


@pytest.fixture
def draw(tmp_path: Path) -> Draw:
    """Puts a content into the store and draws it."""

    def drawn(content: bytes, media_type: str) -> Pictures:
        kept = store.keep(tmp_path / "files", io.BytesIO(content), 10**9)
        return pictures.draw(tmp_path / "files", tmp_path / "pictures", kept.sha256, media_type)

    return drawn


def picture(folder: Path, content: bytes, number: int = 1) -> Image.Image:
    """A picture that was drawn of a content."""
    sha256 = store.keep(folder / "files", io.BytesIO(content), 10**9).sha256
    path = pictures.file(folder / "pictures", sha256, number)
    assert path is not None
    return Image.open(path)


def test_every_page_of_a_pdf_is_a_picture(tmp_path: Path, draw: Draw) -> None:
    content = pdf(3)
    assert draw(content, "application/pdf") == Pictures(((1400, 1982),) * 3, 3)
    image = picture(tmp_path, content, 3)
    assert (image.format, image.size) == ("PNG", (1400, 1982))
    assert len(image.convert("L").getcolors() or []) > 1  # something stands on it


def test_twenty_pages_are_shown_and_all_are_counted(draw: Draw) -> None:
    drawn = draw(pdf(23, 60, 80), "application/pdf")
    assert (len(drawn.sizes), drawn.pages, drawn.cut) == (20, 23, True)


def test_a_photo_loses_what_it_carries_and_stands_upright(tmp_path: Path, draw: Draw) -> None:
    content = photo(3000, 1500, orientation=6)
    assert b"SECRET MAKER" in content
    drawn = draw(content, "image/jpeg")
    ((width, height),) = drawn.sizes
    assert height > width
    assert (width, height) <= (WIDTH, HEIGHT)
    image = picture(tmp_path, content)
    assert not image.getexif()
    assert image.info == {}
    assert "SECRET" not in str(image.info)


def test_it_is_drawn_once(tmp_path: Path, draw: Draw, monkeypatch: Any) -> None:
    first = draw(pdf(), "application/pdf")
    monkeypatch.setattr(pictures, "look", lambda *_a, **_k: pytest.fail("drawn again"))
    assert draw(pdf(), "application/pdf") == first


def test_two_who_draw_at_once_find_the_same(draw: Draw) -> None:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: draw(pdf(), "application/pdf"), range(2))
    assert first == second == Pictures(((1400, 1982),), 1)


@pytest.mark.parametrize(
    ("content", "media_type", "fault"),
    [
        (b"%PDF-1.4 nothing", "application/pdf", Fault.BROKEN),
        (pdf(2)[:300], "application/pdf", Fault.BROKEN),
        (pdf(1, 10**9, 10**9), "application/pdf", Fault.BROKEN),
        (pdf(0), "application/pdf", Fault.BROKEN),
        (photo()[:900], "image/jpeg", Fault.BROKEN),
        (photo(), "application/pdf", Fault.BROKEN),
        (huge_png(), "image/png", Fault.TOO_MUCH),
        (b"", "image/png", Fault.BROKEN),
        (b"x", "image/heic", Fault.KIND),
        (b"x", "text/plain", Fault.KIND),
    ],
)
def test_what_cannot_be_shown_is_said_and_remembered(
    draw: Draw, content: bytes, media_type: str, fault: Fault, monkeypatch: Any
) -> None:
    drawn = draw(content, media_type)
    assert (drawn.fault, drawn.sizes) == (fault, ())
    assert str(drawn.sentence)
    monkeypatch.setattr(pictures, "look", lambda *_a, **_k: pytest.fail("tried again"))
    assert draw(content, media_type) == drawn


def test_a_large_scan_is_shown_smaller(draw: Draw) -> None:
    assert draw(packed_png(), "image/png").sizes == ((1400, 1400),)


def test_who_finds_all_places_taken_tries_again_later(draw: Draw, monkeypatch: Any) -> None:
    monkeypatch.setattr(apart, "PATIENCE", 0.01)
    held = [apart._turns.acquire(timeout=1) for _ in range(apart.AT_ONCE)]
    try:
        assert draw(pdf(), "application/pdf").fault is Fault.BUSY
    finally:
        for _ in held:
            apart._turns.release()
    assert draw(pdf(), "application/pdf").fault is None
