"""What must not be read over a shoulder, nor in a log: passwords and tokens in the address of a database."""

from __future__ import annotations

import re
from typing import Final

MASK: Final = "…"

_ADDRESS: Final = re.compile(r"\s*[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_PASSWORD: Final = re.compile(r"\b([a-z][a-z0-9+.-]+:/+[^\s/?#@:]*):[^\n]*@", re.IGNORECASE)
"""Up to the last @: a password may hold one, and any other sign."""
_TOKEN: Final = re.compile(r"\b((?:https?|ftps?|wss?|libsql|git):/+)[^\s/?#@:]+@", re.IGNORECASE)
"""Where there is no password, the user is one."""
_SECRET: Final = r"[\w.-]*(?:password|passwd|passphrase|pwd|secret|token|api_?key|access_?key|credential)[\w.-]*"
_VALUE: Final = r"""(?:'[^'\n]*'|"[^"\n]*"|[^\s&;'"#]+)"""
_WORD: Final = re.compile(rf"\b({_SECRET})=(?!=){_VALUE}", re.IGNORECASE)
_ASKED: Final = re.compile(
    rf"([?&;][\w.-]*(?:key|auth|sig|signature|pass|pw|jwt|sid|code)[\w.-]*)=(?!=){_VALUE}", re.IGNORECASE
)
"""Words that say less: they count in an address alone."""


def masked(text: str) -> str:
    """`text` with every password and token of an address in it replaced by MASK: `postgresql://u:…@h/db`."""
    if "=" not in text and "@" not in text:
        return text
    text = _PASSWORD.sub(rf"\1:{MASK}@", text)
    text = _TOKEN.sub(rf"\1{MASK}@", text)
    return _ASKED.sub(rf"\1={MASK}", _WORD.sub(rf"\1={MASK}", text))


def is_address(text: str) -> bool:
    """Whether this is the address of something that is no file here: `postgresql://…`."""
    return _ADDRESS.match(text) is not None
