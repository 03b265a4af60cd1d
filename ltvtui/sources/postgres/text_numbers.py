"""Numbers written as text, read by the server itself, as money.number_in_sql reads them elsewhere.

Functions cannot be brought along: whoever may only SELECT makes none. So the same patterns stand in the SQL.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from ltvtui.sources.values import amount_patterns as patterns

_PLAIN: Final = r"^\s*[-+]?[0-9]{1,15}(?:\.[0-9]{1,2})?\s*$"
"""What needs no second look: no mark of thousands could be in it."""
_SCIENTIFIC: Final = r"^[-+]?[0-9]{1,99}(?:\.[0-9]+)?[eE][+-]?[0-9]{1,2}$"
"""Of exponents those that double precision surely has: the server ends a query at any other."""
_WHOLE: Final = r"^\s*[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,2})?\s*$"
_WITH_POINT: Final = f"{patterns.PLAIN}|{patterns.POINT}"
_GAPS: Final = " '"
_LONGEST: Final = 200


def whole_number(sql: str) -> str:
    """SQL of a text that is a number as a whole, as double precision; null where it is none."""
    return f"CASE WHEN length({sql}) <= {_LONGEST} AND {sql} ~ {_text(_WHOLE)} THEN {sql}::float8 END"


def written_number(sql: str, decimal_comma: bool | None, is_unicode: bool) -> str:
    """SQL of the number that a text is, as double precision; null where it is none, or nothing tells its mark.

    `decimal_comma` as of money.number. Of a server that `is_unicode` not, texts are ASCII but for their letters.
    """
    mark = "NULL::boolean" if decimal_comma is None else "TRUE" if decimal_comma else "FALSE"
    written, currency = _patterns(is_unicode)
    bare = "btrim(translate(t, '()-+', ''))"
    for pattern in (f"^{currency}\\s?", f"\\s?{currency}$"):
        bare = f"btrim(regexp_replace({bare}, {_text(pattern)}, ''))"
    return (
        f"(CASE WHEN {sql} ~ {_text(_PLAIN)} THEN {sql}::float8 WHEN length({sql}) <= {_LONGEST} THEN"  # noqa: S608 - patterns of ours
        f" (SELECT CASE WHEN t ~ {_text(_SCIENTIFIC)} THEN t::float8 ELSE"
        f" (SELECT CASE WHEN negative THEN -1 ELSE 1 END * CASE"
        f" WHEN comma THEN replace(replace(body, '.', ''), ',', '.')::float8"
        f" WHEN NOT comma THEN replace(body, ',', '')::float8 END FROM"
        f" (SELECT negative, body, CASE WHEN body ~ {_text(patterns.OPEN)} THEN {mark}"
        f" WHEN body ~ {_text(_WITH_POINT)} THEN FALSE"
        f" WHEN body ~ {_text(patterns.COMMA)} THEN TRUE END AS comma FROM"
        f" (SELECT negative, CASE WHEN n ~ {_text(patterns.SPACED)} THEN '0' || translate(n, {_text(_GAPS)}, '')"
        f" WHEN n !~ {_text(f'[{_GAPS}]')} THEN n END AS body FROM"
        f" (SELECT t ~ '[(-]' AS negative, CASE WHEN t ~ {_text(written)} AND (t ~ '[(]') = (t ~ '[)]')"
        f" AND length(translate(t, '-+', '')) >= length(t) - 1 THEN {bare} END AS n FROM"
        f" (SELECT {_tidy('t', is_unicode)} AS t OFFSET 0) AS tidied OFFSET 0) AS parts OFFSET 0) AS bodies OFFSET 0)"
        f" AS marked) END FROM (SELECT regexp_replace(btrim({sql}, {_text(_SPACES)}), '%$', '') AS t OFFSET 0)"
        f" AS written) END)"
    )


_SPACES: Final = " \t\r\n"


def _tidy(sql: str, is_unicode: bool) -> str:
    """A text with the usual digits, blanks, dashes and apostrophes."""
    if is_unicode:
        digits = "".join(patterns.DIGITS), "".join(patterns.DIGITS.values())
        sql = f"translate({sql}, {_text(digits[0])}, {_text(digits[1])})"
        sql = f"regexp_replace({sql}, {_text(patterns.INVISIBLE)}, '', 'g')"
    for pattern, there in ((patterns.BLANKS, " "), (patterns.DASHES, "-"), (patterns.APOSTROPHES, "'")):
        if is_unicode or pattern == patterns.BLANKS:
            sql = f"regexp_replace({sql}, {_text(pattern if is_unicode else _ascii(pattern))}, {_text(there)}, 'g')"
    sql = f"regexp_replace(btrim({sql}), {_text(patterns.BARE)}, '\\1', 'g')"
    return f"regexp_replace({sql}, {_text(patterns.NO_CENTS)}, '\\100\\2')"


@lru_cache(maxsize=2)
def _patterns(is_unicode: bool) -> tuple[str, str]:
    """patterns.WRITTEN and patterns.CURRENCY in the manner of PostgreSQL, where no part of a pattern can be blind to
    case. Nothing is captured: to find groups takes the server milliseconds a text."""
    word = patterns.WORD if is_unicode else "|".join(w for w in patterns.WORD.split("|") if w.isascii())
    sign = patterns.SIGN if is_unicode else "[$]"

    def spelt(pattern: str) -> str:
        return pattern.replace(f"(?i:{patterns.WORD})", f"(?:{_any_case(word)})").replace(patterns.SIGN, sign)

    return spelt(re.sub(r"\(\?P<\w+>", "(?:", patterns.WRITTEN)), spelt(patterns.CURRENCY)


def _any_case(pattern: str) -> str:
    """A pattern whose letters stand for both cases. It has letters behind a backslash only in \\s."""
    found = []
    for token in re.findall(r"\\.|\[[^\]]*\]|.", pattern, re.DOTALL):
        both = sorted({token, token.lower(), token.upper()}, key=token.__ne__)
        single = len(token) == 1 and len(both) > 1 and all(len(letter) == 1 for letter in both)
        found.append(f"[{''.join(both)}]" if single else token)
    return "".join(found)


def _ascii(characters: str) -> str:
    return re.sub(r"[^\x00-\x7f](?:-[^\x00-\x7f])?", "", characters)


def _text(text: str) -> str:
    """A text of ours as SQL: standard_conforming_strings is on."""
    return "'" + text.replace("'", "''") + "'"
