"""Plain values as JSON that a terminal may show."""

from __future__ import annotations

import json
import re
from typing import Any, Final

_STEERING: Final = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Characters that JSON lets stand and terminals obey: C1 controls and those of reading direction."""


def write_json(value: Any) -> str:
    """`value` as indented JSON with full precision, ending in a line break; NaN is refused."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    return _STEERING.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
