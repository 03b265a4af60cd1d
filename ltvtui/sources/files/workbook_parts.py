"""The parts of a workbook: its sheets in the zip, and why there can be none."""

from __future__ import annotations

import posixpath
import zipfile
from pathlib import Path
from typing import IO, Final
from xml.etree import ElementTree

from ltvtui.errors import LtvError, thousands

MOST_BYTES: Final = 4 * 2**30
"""Of a part, unpacked."""
BOMB_BYTES: Final = 256 * 2**20
BOMB_RATIO: Final = 300
"""A part above BOMB_BYTES that was packed more than so many times is no table: tables come to ten or twenty."""
CHUNK: Final = 4 * 2**20
"""Bytes read at a time."""
_SMALL: Final = 16 * 2**20
"""Bytes of the list of sheets at most."""
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of what is no zip."""


class NoXml(ValueError):
    """What a part holds is no XML."""


def damaged(path: Path, why: str) -> LtvError:
    """That a workbook cannot be read, and why."""
    return LtvError(f"{path.name} cannot be read: {why}.", "Save it again as .xlsx, or as csv in UTF-8.")


def no_zip(path: Path, raw: IO[bytes]) -> LtvError:
    """Of a file that holds no zip, but what Office wraps old workbooks and encrypted ones in."""
    raw.seek(0)
    if "EncryptedPackage".encode("utf-16-le") in raw.read(CHUNK):
        return LtvError(
            f"{path.name} cannot be read: it is encrypted with a password.", "Save it without a password."
        )
    return damaged(path, "it is an old workbook (.xls)")


def check_part(path: Path, part: zipfile.ZipInfo) -> None:
    """LtvError (exit code 1) where a part is encrypted, or unpacks to far more than a table has."""
    if part.flag_bits & 1:
        raise LtvError(f"{path.name} cannot be read: it is encrypted.", "Save it without a password.")
    bomb = part.file_size > BOMB_BYTES and part.file_size > BOMB_RATIO * max(part.compress_size, 1)
    if bomb or part.file_size > MOST_BYTES:
        raise LtvError(
            f"{path.name} cannot be read: {part.filename} in it unpacks from {thousands(part.compress_size)} bytes "
            f"to {thousands(part.file_size)}, too much for a table.",
            "Save it again from the program that made it, or as csv in UTF-8.",
        )


def sheets_in(path: Path, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The part of each sheet, by the sheet's name."""
    parts = {part.filename.lower().lstrip("/"): part for part in archive.infolist()}
    home = parts.get("xl/workbook.xml") or next(
        (part for name, part in parts.items() if posixpath.basename(name) == "workbook.xml"), None
    )
    if home is None:
        raise damaged(path, "it is not a workbook: the list of its sheets is missing")
    folder, base = posixpath.split(home.filename.lstrip("/"))
    links = parts.get(f"{folder}/_rels/{base}.rels".lower().lstrip("/"))
    if links is None:
        raise damaged(path, "it is not a workbook: the list of its parts is missing")
    targets = {
        link.get("Id"): link.get("Target", "") for link in _tree(path, archive, links).iter() if link.get("Id")
    }
    found: dict[str, zipfile.ZipInfo] = {}
    for sheet in _tree(path, archive, home).iter():
        if sheet.tag.rpartition("}")[2] != "sheet":
            continue
        link = next((value for name, value in sheet.items() if name.rpartition("}")[2] == "id"), None)
        target = (targets.get(link) or "").replace("\\", "/")
        whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        part = parts.get(whole.lower())
        if part is not None and not target.lower().startswith(("chartsheets", "dialogsheets")):
            found[sheet.get("name", "")] = part
    return found


def _tree(path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> ElementTree.Element:
    if part.file_size > _SMALL:
        raise damaged(path, f"{part.filename} in it is far too long")
    raw = archive.read(part)
    if b"<!DOCTYPE" in raw:  # no program writes one, and its entities may unfold without end
        raise damaged(path, f"{part.filename} in it has a document type")
    try:
        return ElementTree.fromstring(raw)
    except ElementTree.ParseError as error:
        raise NoXml from error
