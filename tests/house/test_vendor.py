"""Files of other projects are what their README says: picked, licensed, unchanged since."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "static" / "vendor"
OURS = {"CHECKSUMS", "README.md", ".gitattributes"}

# The accessibility checker of the browser tests, axe-core 4.14.1: not served, so not under static/.
AXE = ROOT / "tests" / "browser" / "axe.min.js"
AXE_SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _listed() -> dict[str, str]:
    lines = (VENDOR / "CHECKSUMS").read_text(encoding="utf-8").splitlines()
    return {
        name.removeprefix("./"): digest
        for digest, name in (line.split(maxsplit=1) for line in lines)
    }


def _folders() -> list[str]:
    return sorted(path.name for path in VENDOR.iterdir() if path.is_dir())


def test_every_vendored_file_has_the_checksum_on_record() -> None:
    found = {
        path.relative_to(VENDOR).as_posix(): _sha256(path)
        for path in VENDOR.rglob("*")
        if path.is_file() and path.relative_to(VENDOR).as_posix() not in OURS
    }

    assert found == _listed()


@pytest.mark.parametrize("folder", _folders())
def test_each_vendored_project_carries_its_licence_and_stands_in_the_readme(folder: str) -> None:
    assert (VENDOR / folder / "LICENSE").stat().st_size > 400
    readme = (VENDOR / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"^\| `{re.escape(folder)}/` \|", readme, re.MULTILINE)


def test_no_vendored_file_asks_for_a_map_or_for_a_file_that_is_not_there() -> None:
    for path in VENDOR.rglob("*.min.*"):
        text = path.read_text(encoding="utf-8")
        assert "sourceMappingURL" not in text, path
        if path.suffix == ".css":
            for target in re.findall(r"""url\(["']?([^"')]+)""", text):
                if not target.startswith("data:"):
                    assert (path.parent / target.split("?")[0]).is_file(), (path, target)


def test_the_accessibility_checker_is_the_one_on_record() -> None:
    assert _sha256(AXE) == AXE_SHA256
    assert AXE.with_name("axe.LICENSE").is_file()
