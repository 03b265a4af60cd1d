"""Kinds of cells, as far as they are read differently."""

from __future__ import annotations

from enum import Enum


class CellKind(Enum):
    """What a column of an engine with types holds."""

    WHOLE = "whole number of at most 64 bits"
    FLOAT = "floating number"
    DECIMAL = "decimal number"
    TEXT = "text, or what is read as its text"
    DAY = "day"
    MOMENT = "day and time, without a zone"
    INSTANT = "moment of one time line"
    FLAG = "true or false"
    OTHER = "of a type that SQL alone does not read"
