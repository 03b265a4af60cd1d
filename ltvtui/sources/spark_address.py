"""The address of a server of Spark Connect, `sc://host:port/;token=…`, of which nobody else is to see the secrets."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

SCHEME: Final = "sc"
TOKEN: Final = "SPARK_CONNECT_AUTHENTICATE_TOKEN"
"""The variable in which the driver of Spark looks for a token that stands in no address."""
PORT: Final = 15002
"""Where a server listens of whose port nothing is said."""
_PLAIN: Final = ("use_ssl", "user_agent", "user_id")
"""Parameters that are no secrets. Any other is sent to the server as it is, and may be one."""


@dataclass(frozen=True)
class SparkAddress:
    """An address in its parts."""

    uri: str = field(repr=False)
    """As it was given."""
    name: str
    """Without secrets, in one spelling."""
    host: str
    port: int
    """0 where what is written there is no number."""
    secrets: tuple[str, ...] = field(repr=False)
    """Each in all its spellings."""

    def hide(self, text: str) -> str:
        """`text` without any secret of the address, and without the token of the environment."""
        secrets = {*self.secrets, os.environ.get(TOKEN, "")} - {""}
        for secret in sorted(secrets, key=len, reverse=True):
            text = text.replace(secret, "…")
        return text


def spark_address(uri: str) -> SparkAddress:
    """The address that is written as `uri`; of its parts nothing is checked."""
    uri = uri.strip()
    rest = uri.partition("://")[2]
    place, _, options = rest.partition(";")
    secrets: list[str] = []
    user, _, place = place.rpartition("@")
    secrets += _spellings(user) + _spellings(user.partition(":")[2])
    place = place.rstrip("/")
    shown = []
    for option in filter(None, options.split(";")):
        key, _, value = option.partition("=")
        if key in _PLAIN:
            shown.append(option)
        else:
            secrets += _spellings(value) if value else _spellings(option)
    host, _, port = place.rpartition(":") if not place.endswith("]") and ":" in place else (place, "", "")
    number = PORT if not port else int(port) if port.isascii() and port.isdigit() and len(port) < 6 else 0
    listed = f"/;{';'.join(sorted(shown))}" if shown else ""
    name = f"{SCHEME}://{place.lower()}{listed}"
    return SparkAddress(uri, name, host.strip("[]"), number, tuple(dict.fromkeys(secrets)))


def _spellings(secret: str) -> list[str]:
    return [text for text in (secret, unquote(secret)) if text]
