"""Bytes to text: which encoding, and whether it is text at all."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import Final

from kg.errors import KgError, Problem

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC: Final = {
    b"%PDF": "a PDF file",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"\x7fELF": "a program",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"BZh": "a bzip2 archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"SQLite format 3": "an SQLite database",
    b"RIFF": "a sound, picture or film file",
}
# Where Windows-1251 has letters of Serbian and Macedonian, its Kazakh sister (KZ-1048) has Қ, Ғ, Ұ and the like.
_SOUTH_SLAVIC: Final = re.compile("[ЂЃѓЉЊЌЋђљњќћЏџЎўЈҐЅѕјґ]")
_MISREAD: Final = re.compile("[A-Za-z]|[а-яё][А-ЯЁ]")
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_REMEDY: Final = "save it as UTF-8"


def encoding_of(head: bytes) -> str | None:
    """The encoding that the first bytes announce (a byte order mark, or the zero bytes of UTF-16), or ``None``."""
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    sample = head[:2048]
    if len(sample) >= 4 and b"\x00" in sample:
        even, odd = sample[0::2], sample[1::2]
        for zeros, others, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
            # Cyrillic in UTF-16 has 0x04 in the high byte, so spaces and Latin letters alone give the zeros.
            high = sum(b in (0, 4) for b in zeros)
            if zeros and high > 0.9 * len(zeros) and others.count(0) == 0:
                return name
    return None


def reject_binary(head: bytes, where: str) -> None:
    """Check that a file is text by its first bytes.

    Args:
        head: the first bytes, a few thousand at most.
        where: the file, for the message.

    Raises:
        KgError: if the bytes are those of a known binary format or hold zero bytes that are not UTF-16.
    """
    for magic, name in _MAGIC.items():
        if head.startswith(magic):
            raise KgError(
                f"not a text but {name}",
                where=where,
                remedy="give .txt, .md, .html, .json or .jsonl with the text of it",
            )
    if b"\x00" in head and encoding_of(head) is None:
        raise KgError("not a text: the file is binary", where=where, remedy="give .txt, .md, .html, .json or .jsonl")


def decode(data: bytes, where: str, on_problem: Callable[[Problem], None]) -> str:
    """The text of *data*: UTF-8 with or without a mark, UTF-16, else Windows-1251 or its Kazakh form with a warning.

    Args:
        data: all bytes of a file or of a line.
        where: what they are, for messages.
        on_problem: told when the encoding had to be guessed.

    Raises:
        KgError: if the bytes are binary or in an encoding that none of these reads.
    """
    reject_binary(data[:4096], where)
    announced = encoding_of(data[:4096])
    try:
        return data.decode(announced or "utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        guess = None if announced else _guess(data)
        if guess is None:
            name = {None: "UTF-8", "utf-8-sig": "UTF-8"}.get(announced, "UTF-16")
            raise KgError(
                f"byte {error.start + 1} is not {name}, and no other encoding that is tried fits",
                where=where,
                remedy=_REMEDY,
            ) from None
    text, name = guess
    on_problem(Problem(f"not UTF-8; read as {name}", where, f"check the letters, and better {_REMEDY}", "warning"))
    return text


def _guess(data: bytes) -> tuple[str, str] | None:
    """The text as a single-byte Cyrillic encoding, if its words look like words."""
    for name in ("cp1251", "kz1048"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if name == "cp1251" and _SOUTH_SLAVIC.search(text):
            continue
        words = re.findall(r"[^\W\d_]*[Ѐ-ӿ][^\W\d_]*", text)
        # In a misread text Latin and Cyrillic letters meet inside words, and capitals follow small letters.
        odd = sum(bool(_MISREAD.search(word)) for word in words)
        if words and odd <= 0.1 * len(words) and not _CONTROLS.search(text):
            return text, {"cp1251": "Windows-1251", "kz1048": "Windows-1251 with Kazakh letters"}[name]
    return None
