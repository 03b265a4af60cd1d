"""How files of rows are laid out, where they do not say so themselves."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Layout:
    """How a file of rows is laid out, as far as that was said."""

    skip_rows: int | None = None
    """Lines or rows above the header; None: titles are left out where they are certain to be such."""
    header: bool = True
    """Whether there is one; else columns are numbered."""
    encoding: str | None = None
    """Of text; None: UTF-8, or as its mark says."""


AS_FOUND = Layout()
"""Nothing was said."""
