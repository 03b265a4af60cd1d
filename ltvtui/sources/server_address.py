"""The address of a server: a URI as libpq has it, with or without a password, which nobody else is to see."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

SCHEMES: Final = ("postgresql", "postgres")
"""Of PostgreSQL, the usual one first."""
_REST: Final = re.compile(r"(?P<place>[^/?]*)(?P<base>[^?]*)(?:\?(?P<options>.*))?", re.DOTALL)
_PORTS: Final = re.compile(r"[^:]*(?::\d*)?(?:,[^:]*(?::\d*)?)*|\[.*")
_SECRET: Final = re.compile(r"(?:ssl)?password", re.IGNORECASE)


@dataclass(frozen=True)
class ServerAddress:
    """An address in its parts."""

    uri: str = field(repr=False)
    """As it was given."""
    name: str
    """The whole of it without secrets, in one spelling: the same for whoever opens it, with whatever password."""
    options: frozenset[str]
    """Names of the options behind the question mark."""
    secrets: tuple[str, ...] = field(repr=False)
    """Every password in it, as it is written and as it is meant."""

    def hide(self, text: str) -> str:
        """`text` without any password that stands in the address."""
        for secret in sorted(self.secrets, key=len, reverse=True):
            text = text.replace(secret, "…")
        return text


def server_address(uri: str) -> ServerAddress:
    """The address that is written as `uri`; of its parts nothing is checked."""
    uri = uri.strip()
    scheme, _, rest = uri.partition("://")
    place, base, options = _parts(rest)
    secrets: list[str] = []
    if "@" not in place and ("@" in base or ("@" in options and not _PORTS.fullmatch(place))):
        before, _, rest = rest.rpartition("@")  # a password with a / or ? in it, which ends a part
        secrets += [before, *_spellings(before.partition(":")[2])]
        place, base, options = _parts(rest)
    user, _, host = place.rpartition("@")
    name, _, password = user.partition(":")
    secrets += _spellings(password)
    visible = []
    for option in filter(None, options.split("&")):
        key, _, value = option.partition("=")
        if _SECRET.fullmatch(unquote(key)):
            secrets += _spellings(value)
        else:
            visible.append(option)
    usual = SCHEMES[0] if scheme.lower() in SCHEMES else scheme.lower()
    shown = f"{usual}://{f'{name}@' if name else ''}{host}{base}{'?' if visible else ''}{'&'.join(sorted(visible))}"
    names = frozenset(unquote(option.partition("=")[0]) for option in visible)
    return ServerAddress(uri, shown, names, tuple(dict.fromkeys(secrets)))


def _parts(rest: str) -> tuple[str, str, str]:
    found = _REST.fullmatch(rest)
    assert found is not None, "the pattern takes any text"
    return found["place"], found["base"], found["options"] or ""


def _spellings(secret: str) -> tuple[str, ...]:
    return tuple(text for text in (secret, unquote(secret)) if text)
