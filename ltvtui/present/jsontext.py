"""Plain values as JSON that a terminal may show."""

from __future__ import annotations

import json
import unicodedata
from typing import Any, Final

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories of characters that JSON lets stand and terminals obey, break lines at or do not show."""


def write_json(value: Any) -> str:
    """`value` as indented JSON with full precision, ending in a line break; NaN is refused."""
    return escaped(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)) + "\n"


def escaped(text: str) -> str:
    """JSON that means the same, without such characters."""
    unseen = [sign for sign in set(text) if sign > "~" and unicodedata.category(sign) in _UNSEEN]
    return text.translate({ord(sign): json.dumps(sign)[1:-1] for sign in unseen}) if unseen else text
