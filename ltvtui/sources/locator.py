"""Where a shop lies: what the user named, a path or a URI, and what it is called."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ltvtui.errors import LtvError
from ltvtui.masking import is_address, masked
from ltvtui.sources.servers import is_server, parsed


@dataclass(frozen=True)
class Locator:
    """One source, not opened."""

    uri: str = field(repr=False)
    """As it was named; it may hold a password."""
    scheme: str
    """What stands before "://", in lower case; "" of a path."""
    path: Path | None
    """The local file; None of what is none."""

    @property
    def name(self) -> str:
        """What it is called in a title or a message: a file's name, else the address without its secrets."""
        return self.masked if self.path is None else self.path.name

    @property
    def masked(self) -> str:
        """The whole of it without its secrets: equal for whoever opens it, with whatever password."""
        return parsed(self.uri).name if is_server(self.scheme) else masked(self.uri)

    @property
    def identity(self) -> str:
        """What stands for it, wherever it is named from: the resolved path, or the address without secrets."""
        return self.masked if self.path is None else str(self.path.resolve())

    @property
    def has_password(self) -> bool:
        """Whether a password or token stands in it, as the one who typed it should know."""
        return is_server(self.scheme) and bool(parsed(self.uri).secrets)


def locate(uri: str | Path) -> Locator:
    """The source that a path or a URI names. LtvError (exit code 2) for a URI that names no file though it should.

    `shop.db` and `file:///data/shop.db` name files of any kind, `sqlite:///shop.db` and `sqlite:////data/shop.db`
    databases, with three slashes before a relative path as SQLAlchemy has it.
    """
    if isinstance(uri, Path) or not is_address(uri):
        return Locator(str(uri), "", Path(uri))
    uri = uri.strip()
    scheme = uri.partition(":")[0].lower()
    if scheme in ("sqlite", "duckdb"):
        place = uri.partition("://")[2]
        return Locator(uri, scheme, _file(uri, place[1:] if place.startswith("/") else ""))
    if scheme == "file":
        parts = urlsplit(uri)
        return Locator(uri, scheme, _file(uri, unquote(parts.path) if parts.netloc in ("", "localhost") else ""))
    return Locator(uri, scheme, None)


def _file(uri: str, path: str) -> Path:
    if not path:
        raise LtvError(f"{masked(uri)} names no file.", "Write sqlite:///shop.db, or the path alone.", 2)
    return Path(path)
