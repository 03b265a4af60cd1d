"""How amounts are written as text, as patterns that Polars, Python and PostgreSQL read alike.

None of them uses what one of the three lacks, but names of groups and `(?i:…)`, which are easily written otherwise.
"""

from __future__ import annotations

from typing import Final

BLANKS: Final = "[\\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+"
INVISIBLE: Final = "[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
DASHES: Final = "[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]"
DIGITS: Final = {
    chr(zero + digit): str(digit)
    for zero in (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0xFF10)  # Arabic, Persian, Devanagari, Bengali, Thai, wide
    for digit in range(10)
} | {"\u066b": ".", "\u066c": "'", "\uff0c": ",", "\uff0e": "."}
"""Digits and marks of other scripts, as they are written here."""
OTHER_DIGITS: Final = "[" + "".join(DIGITS) + "]"
APOSTROPHES: Final = "[\u2018\u2019\u02bc\u00b4`\u2032]"
NO_CENTS: Final = r"([.,])\s?--?(\D*)$"
"""An end as in "12,-": it tells its mark as "12,00" does."""
BARE: Final = r"^'|/-(\D*)$"
"""An end as in "500/-", and the mark by which a spreadsheet keeps text."""
SIGN: Final = r"[$¢£¤¥֏؋৲৳૱௹฿៛₠-⃀﷼﹩＄￠￡￥￦]"
WORD: Final = (
    r"kr|zł|zl|Kč|Ft|lei|лв|руб(?:лей|ля|ль)?|р|грн|тг|Rs|Fr|SFr|euros?|dollars?|TL|Dh|Rp|RM|円|元|원|S/|B/|Bs"
    r"|圓|圆|đ|đồng|vnđ|dong|KSh|TSh|USh|Php|Tk|din|дин|ден|KM|тенге|сом|сум|baht|บาท|lei|birr"
    r"|د\.?\s?[إاكجتب]|ر\.?\s?[سقعی]|ج\.?\s?م|ل\.?\s?ل|درهم|دينار|دينارًا|جنيه|[رﷲ]يال|ریال|تومان|ש\"ח|ש״ח"
)
CURRENCY: Final = rf"(?:[A-Z]{{3}}|R\s|[A-Za-z]{{0,3}}{SIGN}(?:[A-Z]{{3}})?|(?i:{WORD})\.?)"
WRITTEN: Final = (
    rf"^(?P<open>\()?\s?(?P<s1>[-+])?\s?{CURRENCY}?\s?(?P<open2>\()?(?P<s2>[-+])?\s?"
    r"(?P<n>[0-9.,' ]*?[0-9][0-9.,' ]*?)\s?(?P<s3>[-+])?(?P<close>\))?"
    rf"\s?{CURRENCY}?\s?(?P<s4>[-+])?(?P<close2>\))?$"
)
SIGNS: Final = ("s1", "s2", "s3", "s4")
SCIENTIFIC: Final = r"^[-+]?[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+$"
SPACED: Final = r"^[0-9]{1,3}(?:(?: [0-9]{3})+|(?:'[0-9]{3})+)(?:[.,][0-9]*)?$"
PLAIN: Final = r"^[0-9]+$"
OPEN: Final = r"^[1-9][0-9]{0,2}[.,][0-9]{3}$"
"""Says nothing of its mark: a thousand and some, or one and some thousandths."""
COMMAS: Final = r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3})"
"""Thousands, or lakhs and crores, parted by commas."""
DOTS: Final = r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+"
POINT: Final = rf"^[0-9]*\.[0-9]*$|^{COMMAS}(?:\.[0-9]*)?$"
COMMA: Final = rf"^[0-9]*,[0-9]*$|^{DOTS}(?:,[0-9]*)?$"
