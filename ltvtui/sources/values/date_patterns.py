"""How days and moments are written as text, as patterns of Polars.

Each names its parts: y, m (a number or a name), d, and of the time half1, hour, minute, sec, half2.
"""

from __future__ import annotations

from typing import Final

from ltvtui.sources.values.zones import WRITTEN_ZONE

_HALVES: Final = r"[AaPp]\.?\s?[Mm]\.?|上午|下午|오전|오후|午前|午後"
LATER_HALF: Final = r"^p|下午|오후|午後"
_BEFORE_TIME: Final = r"(?:\s+|T|,\s*|:|\s*,?\s+(?:at|um|à|a las|alle|às|om|kl\.?|klo|ore|ob|o|в|о|-)\s+|-)"
_TIME: Final = (
    rf"(?:{_BEFORE_TIME}(?P<half1>{_HALVES})?\s*(?P<hour>\d{{1,2}})"
    r"(?:\s?[:.hH時时시]\s?(?P<minute>\d{2})(?:\s?[:.分분]\s?(?P<sec>\d{2})(?:[.,:]\d+)?|[分분])?)?\s*"
    rf"(?P<half2>{_HALVES}|[AaPp]\b)?\s*(?:Uhr|uur|秒|초|h\b)?"
)
_ZONE: Final = rf"\s*{WRITTEN_ZONE}?)?"
_MOMENT: Final = rf"{_TIME}{_ZONE}\s*$"
"""What stands behind a day: nothing, or a time and perhaps its zone."""
_WEEKDAY: Final = r"^(?:\p{L}{2,13}(?:-feira)?\.?,?\s+(?:(?:den|le|el|il|d\.)\s+)?)?"
_YEAR: Final = r"(?P<y>\d{4}|\d{2})"
_OF_YEAR: Final = r"\s*(?:г\.?|р\.?|року|года|r\.)?"
_MONTH: Final = r"(?P<m>[\p{L}\p{M}]{2,16})\.?"
_YEAR_FIRST: Final = (
    r"(?P<y>\d{4})(?:[-/.]|\.\s|\s?[年년]\s?)(?P<m>\d{1,2})(?:[-/.]|\.\s|\s?[月월]\s?)(?P<d>\d{1,2})"
    r"(?:\s?[日일]|\.)?(?:\s?[(（]\p{L}{1,3}[)）])?"
)
TEXT: Final[dict[str, tuple[str, ...]]] = {
    "iso": (f"{_WEEKDAY}{_YEAR_FIRST}{_MOMENT}",),
    "yyyymmdd": (
        r"^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:\.0+)?(?:[T\s]?(?P<hour>\d{2})(?P<minute>\d{2})(?P<sec>\d{2})"
        rf"(?:[.,]\d+)?(?P<half1>x)?(?P<half2>x)?{WRITTEN_ZONE}?)?$",
    ),
    "ymd": (rf"{_WEEKDAY}(?P<y>\d{{2}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}}){_MOMENT}",),
    "ym": (rf"^(?P<y>\d{{4}})[-/](?P<m>\d{{1,2}})(?P<d>){_MOMENT}",),
    "mdy": (rf"{_WEEKDAY}(?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})[-/.]{_YEAR}{_MOMENT}",),
    "dmy": (rf"{_WEEKDAY}(?P<d>\d{{1,2}})(?:[-/.]|\.\s)(?P<m>\d{{1,2}})(?:[-/.]|\.\s){_YEAR}{_MOMENT}",),
    "d_mon_y": (
        # 15-Jan-14, 15 janvier 2014, Tue, 15 Jan 2014, 15 de enero de 2014, 1er mai 2014
        rf"{_WEEKDAY}(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.)?[-\s/.]*(?:de\s+|of\s+)?{_MONTH}[-\s/.,]*(?:del?\s+)?"
        rf"{_YEAR}{_OF_YEAR}{_MOMENT}",
        # January 15, 2014, Tue Jan 15 2014
        rf"{_WEEKDAY}{_MONTH}[-\s/.]+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[-\s/.,]+{_YEAR}{_MOMENT}",
        # 2014-Jan-15, 2014. január 15.
        rf"^(?P<y>\d{{4}})[-\s/.]+(?:m\.\s+|gada\s+)?{_MONTH}[-\s/.]+(?P<d>\d{{1,2}})(?:\.|\s?d\.)?{_MOMENT}",
        # ngày 15 tháng 1 năm 2014
        rf"^(?:ngày\s+)?(?P<d>\d{{1,2}})\s+tháng\s+(?P<m>\d{{1,2}})(?:,|\s+năm)?\s+(?P<y>\d{{4}}){_MOMENT}",
        # Tue Jan 15 09:30:00 UTC 2014, as the clock of a computer writes it
        rf"{_WEEKDAY}{_MONTH}\s+(?P<d>\d{{1,2}}){_TIME}{_ZONE}\s+(?P<y>\d{{4}})\s*$",
    ),
}
"""By the name of the format; of several the first that fits."""
NO_DAY: Final = (
    r"(?:0000|0001|9999|2999)[-/.]?\d\d[-/.]?\d\d(?:\D|$)|\d{1,2}[-/.]\d{1,2}[-/.](?:0000|0001|9999)(?:\D|$)"
    r"|\d{4}-(?:00-\d\d|\d\d-00)(?:\D|$)|1899-12-3[01](?:\D|$)|(?:0?0[-/.]\d{1,2}|\d{1,2}[-/.]0?0)[-/.]\d{2,4}(?:\D|$)"
    r"|0(?:\.0+)?$|-1$"
)
"""The ends of the calendar and days that no calendar has, which programs fill in where there is none; for Python."""
