"""What columns and tables are called, in many languages and by many systems.

Three files beside this one hold the words. `roles.csv`: the English words of each role, some with a weight.
`languages.csv`: words of other languages, each with the English one it stands for. `systems.csv`: the column names
of shop systems, payment providers, marketplaces and the like. They are read when the first name is looked at.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

_E_MAIL = re.compile(r"(?<![^\W\d_])e[-_ .\u2011]?(?:mail|post)(?:[-_ ]?add?ress?e?)?(?![^\W\d_])", re.IGNORECASE)
"""One word in many spellings: E-Mail, e_mail, E-Mail-Adresse, email address."""
_SPLIT = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[^\W\dA-Z_]+|[A-Z]+|\d+")
_HERE: Final = Path(__file__)
_ROLES: Final = ("order_id", "customer", "date", "amount", "status", "currency")
"""Roles that `systems.csv` tells the columns of."""
_RECOGNISED: Final = 0.75
"""Share of the columns typical of a system that a table has to have."""
_LINKS: Final = ("", "s", "n", "en", "e", "es", "er", "r", "o", "u")
"""What may stand between the parts of a compound: Bestell-n-ummer, Auftrag-s-datum."""
_SHORT: Final = frozenset(("id", "nr", "no", "at"))
"""Words of two letters that a compound may begin or end with."""
_SHORTEST: Final = 3
"""Letters of the other parts."""
_PLAIN: Final = {"ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "ı": "i"}
_LETTERS: Final = str.maketrans(
    _PLAIN | {letter.upper(): plain.upper() for letter, plain in _PLAIN.items() if letter not in "ßı"}
)
_SPELT_OUT: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "ß": "ss"})
_CYRILLIC: Final = dict(zip("абвгдезийклмнопрстуфыэіґ", "abvgdeziiklmnoprstufyeig", strict=True))
_GREEK: Final = dict(zip("αβγδεζηικλμνοπρσςτυφω", "avgdeziiklmnoprsstyfo", strict=True))
_LATIN: Final = str.maketrans(
    _CYRILLIC
    | _GREEK
    | {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ю": "yu", "я": "ya"}
    | {"ё": "e", "є": "ye", "ї": "yi", "θ": "th", "ξ": "x", "χ": "ch", "ψ": "ps"}
)
_OTHERWISE: Final = (
    *(("й", "y"), ("х", "h"), ("ц", "c"), ("и", "y")),
    *(("г", "h"), ("я", "ia"), ("є", "ie"), ("γγ", "ng")),
)
"""Letters that are written in Latin ones in a second way."""


@dataclass(frozen=True)
class System:
    """The columns of a table that a known system wrote."""

    name: str
    columns: Mapping[str, str]
    """Column by role; roles that the system tells and the table has."""


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """The lower-case words of a name: snake_case, camelCase, "with spaces", `InvoiceNo` → invoice, no."""
    return tuple(word.lower() for word in _SPLIT.findall(name))


@lru_cache(maxsize=4096)
def meaning(name: str) -> tuple[str, ...]:
    """The words of a name in English, where they are known: Kundennummer → customer, number."""
    found = tuple(part for word in _SPLIT.findall(_E_MAIL.sub("email", _bare(name))) for part in _parts(word.lower()))
    if "email" not in found:
        return found
    once = dict.fromkeys(found)  # correo electrónico
    return tuple(word for word in once if word != "address")


@lru_cache(maxsize=4096)
def has_word(name: str) -> bool:
    """Whether a word of the name is known."""
    return not _english().isdisjoint(meaning(name))


@lru_cache(maxsize=128)
def group(name: str) -> frozenset[str]:
    """The English words of a group of `roles.csv`."""
    return frozenset(_groups()[name])


def weights(name: str) -> Mapping[str, float]:
    """The English words of a group, each with how surely it names the role."""
    return _groups()[name]


def fold(word: str) -> str:
    """A word in lower case without diacritics."""
    return _bare(word).lower()


def system_of(columns: Iterable[str]) -> System | None:
    """The system whose column names these are; None where they are of none, or lack a customer, date or amount."""
    there = {_key(column): column for column in columns}
    best: tuple[int, System] | None = None
    for name, sign, roles in _systems():
        seen = sum(key in there for key in sign)
        if seen < 2 or seen < _RECOGNISED * len(sign) or (best is not None and seen <= best[0]):
            continue
        found = {role: next((there[k] for k in keys if k in there), None) for role, keys in roles.items()}
        by_role = {role: column for role, column in found.items() if column is not None}
        if {"customer", "date", "amount"} <= by_role.keys():
            best = seen, System(name, by_role)
    return best[1] if best else None


def _bare(text: str) -> str:
    """Without diacritics; upper case stays, as it parts words."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in apart if not unicodedata.category(c).startswith("M"))
    return unicodedata.normalize("NFC", plain).translate(_LETTERS)


@lru_cache(maxsize=8192)
def _key(column: str) -> str:
    return re.sub(r"[\W_]+", "", fold(column))


def _parts(word: str) -> tuple[str, ...]:
    """The English words of one word: itself where it is unknown, several where it is compound."""
    dictionary = _dictionary()
    if word in dictionary:
        return (dictionary[word],)
    split = _split(word, len(word), True) if _SHORTEST < len(word) <= 40 or not word.isascii() else None
    return split or (word,)


def _split(word: str, length: int, first: bool) -> tuple[str, ...] | None:
    """The fewest known words that make up `word`, None where there are none."""
    dictionary = _dictionary()
    best: tuple[str, ...] | None = None
    for end in range(len(word), 0, -1):
        head, tail = word[:end], word[end:]
        if head not in dictionary or not _long_enough(head, first or not tail):
            continue
        if not tail:
            return (dictionary[head],)
        for link in _LINKS:
            if not tail.startswith(link) or len(tail) == len(link):
                continue
            rest = _split(tail[len(link) :], length, False)
            if rest is not None and (best is None or len(rest) + 1 < len(best)):
                best = (dictionary[head], *rest)
    return best


def _long_enough(part: str, at_an_end: bool) -> bool:
    # one sign is a word in Chinese, Japanese and Korean
    return len(part) >= _SHORTEST or (at_an_end and part in _SHORT) or part[0] >= "\u2e80"


def _rows(name: str) -> Iterator[list[str]]:
    with _HERE.with_name(name).open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows


@lru_cache(maxsize=1)
def _groups() -> dict[str, dict[str, float]]:
    groups: dict[str, dict[str, float]] = {}
    for name, listed in _rows("roles.csv"):
        pairs = (word.partition("=") for word in listed.split())
        groups[name] = {word: float(weight or 1) for word, _, weight in pairs}
    return groups


@lru_cache(maxsize=1)
def _dictionary() -> dict[str, str]:
    """English word by any word, both folded."""
    found = {word: word for name, group in _groups().items() if not name.endswith("events") for word in group}
    foreign = [(english, word) for _, english, listed in _rows("languages.csv") for word in listed.split()]
    for english, word in foreign:
        found.setdefault(english, english)
        found.setdefault(fold(word), english)
    for english, word in foreign:  # what a word is written like only goes behind words as they are
        for variant in _variants(word):
            found.setdefault(variant, english)
    return found


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    return frozenset(_dictionary().values())


def _variants(word: str) -> Iterator[str]:
    """How a word is written in Latin letters without diacritics."""
    if word.isascii():
        return
    if word[0] < "\u0370":
        yield fold(word.translate(_SPELT_OUT))
    elif word[0] < "\u0530":
        yield fold(word).translate(_LATIN)
        plain = word.lower()
        for letter, otherwise in _OTHERWISE:
            if letter in plain:
                yield fold(plain.replace(letter, otherwise)).translate(_LATIN)


@lru_cache(maxsize=1)
def _systems() -> list[tuple[str, tuple[str, ...], dict[str, tuple[str, ...]]]]:
    found = []
    for name, sign, *roles in _rows("systems.csv"):
        columns = (tuple(_key(column) for column in alternatives.split("|") if column) for alternatives in roles)
        found.append((name, tuple(map(_key, sign.split("|"))), dict(zip(_ROLES, columns, strict=True))))
    return found
