"""What may be attached, by name and content."""

from __future__ import annotations

import pytest

from crm.files.rules import TYPES, Fault, ending, fault_of, file_name

MIB = 1024 * 1024
LIMIT = 20 * MIB


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("投资协议.pdf", "投资协议.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\张三\\名片.jpg", "名片.jpg"),
        ("a\x00b\x1f.pdf", "ab.pdf"),
        ("合同\u202efdp.exe", "合同fdp.exe"),
        ("a\nb.pdf", "ab.pdf"),
        ('<b>"x"|?.pdf', "bx.pdf"),
        ("𠮷田🏭.pdf", "𠮷田🏭.pdf"),
        ("...", "file"),
        ("", "file"),
    ],
)
def test_a_name_is_only_a_name(typed: str, kept: str) -> None:
    assert file_name(typed) == kept


def test_a_long_name_is_cut_before_its_ending() -> None:
    cut = file_name("长" * 300 + ".pdf")

    assert len(cut) == 200
    assert cut.endswith("长.pdf")


def test_a_name_without_a_dot_or_with_only_a_leading_one_has_no_ending() -> None:
    assert [ending(name) for name in ("README", ".pdf", "a.PDF", "a.tar.gz")] == [
        "", "", "pdf", "gz",
    ]  # fmt: skip


@pytest.mark.parametrize("end", sorted(TYPES))
def test_a_file_whose_content_is_what_its_ending_says_may_be_attached(end: str) -> None:
    assert fault_of(f"a.{end}", TYPES[end], 1, LIMIT) is None


def test_a_program_is_refused_under_its_own_and_under_a_false_name() -> None:
    program = "application/x-msdownload"

    assert fault_of("a.exe", program, 100, LIMIT) is Fault.ENDING
    assert fault_of("a.pdf", program, 100, LIMIT) is Fault.CONTENT


def test_a_web_page_a_script_and_an_archive_cannot_be_attached() -> None:
    assert {
        fault_of(f"a.{end}", "text/plain", 1, LIMIT) for end in ("html", "svg", "js", "zip")
    } == {Fault.ENDING}


def test_the_limit_itself_is_allowed_and_one_byte_more_is_not() -> None:
    assert fault_of("a.pdf", "application/pdf", LIMIT, LIMIT) is None
    assert fault_of("a.pdf", "application/pdf", LIMIT + 1, LIMIT) is Fault.TOO_LARGE
    assert fault_of("a.pdf", "application/pdf", 0, LIMIT) is Fault.EMPTY
