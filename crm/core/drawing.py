"""The child's side of `core.pictures`: a PDF's pages or an image, drawn anew as PNG. Knows no framework.

What is drawn carries nothing of the original but what it looks like: no EXIF, no scripts, no links.
"""

from __future__ import annotations

import json
import warnings
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from crm.core.apart import Unfit

MOST_PAGES = 20
WIDTH, HEIGHT = 1400, 2000
"""What a picture fits into, in pixels."""

MOST_PIXELS = 80_000_000
"""An image that says it has more is not opened: it could be a bomb, and no scan is so large."""

LARGEST_SCALE = 4
"""A PDF counts in 72 to the inch; a stamp-sized page is not blown up without end."""


class Fault(StrEnum):
    """Why a content cannot be shown as pictures."""

    BROKEN = "broken"
    BUSY = "busy"
    KIND = "kind"
    PASSWORD = "password"  # noqa: S105
    TOO_LONG = "too_long"
    TOO_MUCH = "too_much"


def answer(content: IO[bytes], arguments: dict[str, Any]) -> bytes:
    """Draw into the folder of the arguments, 1.png, 2.png …; called in the child process.

    Returns:
        JSON: the size of each picture, and how many pages there are in all.
    """
    draw = _pdf if arguments["kind"] == "application/pdf" else _image
    sizes, pages = draw(content, Path(arguments["folder"]))
    return json.dumps({"sizes": sizes, "pages": pages}).encode()


Drawn = tuple[list[tuple[int, int]], int]


def _image(content: IO[bytes], folder: Path) -> Drawn:
    from PIL import Image, ImageOps

    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(content, formats=("JPEG", "PNG", "WEBP")) as image:
            image.draft("RGB", (WIDTH, HEIGHT))  # a large JPEG is read smaller at once
            turned = ImageOps.exif_transpose(image)
            return [_kept(turned, folder, 1)], 1
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Unfit(Fault.TOO_MUCH) from None


def _pdf(content: IO[bytes], folder: Path) -> Drawn:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content.read())
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise Unfit(Fault.PASSWORD if locked else Fault.BROKEN) from None
    pages = len(document)
    if not pages:
        raise Unfit(Fault.BROKEN)
    sizes = []
    for number in range(min(pages, MOST_PAGES)):
        page = document[number]
        width, height = page.get_size()
        if not (1 <= width < 1e6 and 1 <= height < 1e6):
            raise Unfit(Fault.BROKEN)
        scale = min(WIDTH / width, HEIGHT / height, LARGEST_SCALE)
        sizes.append(_kept(page.render(scale=scale).to_pil(), folder, number + 1))
    return sizes, pages


def _kept(image: Any, folder: Path, number: int) -> tuple[int, int]:
    """The picture's pixels alone, in a new image, as a file."""
    from PIL import Image

    image.thumbnail((WIDTH, HEIGHT))
    clean = Image.new("RGB", image.size, "white")
    if image.mode in {"RGBA", "LA", "P"}:
        image = image.convert("RGBA")
        clean.paste(image, mask=image.getchannel("A"))
    else:
        clean.paste(image.convert("RGB"))
    clean.save(folder / f"{number}.png", "PNG", compress_level=3)
    return clean.size
