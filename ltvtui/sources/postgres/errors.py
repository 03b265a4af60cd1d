"""What a server, or the driver, says of a failure, in words that tell how to mend it."""

from __future__ import annotations

import re
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.sources.base import Locked, NotPermitted, PasswordNeeded, Torn
from ltvtui.sources.server_address import ServerAddress

_WRAPPING: Final = re.compile(
    r"^[A-Z_]+: (?:\[libpq\] )?(?:(?:Failed|Error|could not begin) [a-zA-Z ]+(?: '.*')?: )*", re.DOTALL
)
"""What the driver writes before the words of the server; the whole query may be in it."""
_SEVERITY: Final = re.compile(r"^[^\W\d]+:\s+")
_CONNECTING: Final = re.compile(r"^connection to server at .*? failed: ")
_LOST: Final = re.compile(
    r"server closed the connection|connection (?:to server was lost|not open)|no connection to the server"
    r"|could not (?:receive data|send data)|SSL (?:connection has been closed|SYSCALL)|terminating connection"
    r"|timeout expired|Connection timed out",
    re.IGNORECASE,
)
_MALFORMED: Final = re.compile(
    r"invalid (?:URI|port|integer|sslmode|connection option)|missing key|unexpected (?:char|spaces)"
)


def why_of(error: BaseException, address: ServerAddress) -> str:
    """The first sentence of what went wrong, without its wrapping and without secrets."""
    text = address.hide(str(error)).partition("\n\nQuery was:")[0]
    text = _WRAPPING.sub("", re.sub(r"\. SQLSTATE: \w+$", "", text.strip())).strip()
    first = text.splitlines()[0] if text else type(error).__name__
    first = _SEVERITY.sub("", _CONNECTING.sub("", first))
    return " ".join(first.split()).rstrip(".")


def explain_connecting(error: BaseException, address: ServerAddress) -> LtvError:
    """Why no connection could be made. The text is all there is: the driver gives no code then."""
    why, name = why_of(error, address), address.name
    text = address.hide(str(error))
    if "no password supplied" in text:
        return PasswordNeeded(
            f"{name} asks for a password.",
            "Put it into ~/.pgpass or PGPASSWORD; on a terminal it is asked for.",
        )
    if "password authentication failed" in text or "authentication failed" in text:
        return LtvError(
            f"{name} refuses the user or the password: {why}.", "Check the user, and PGPASSWORD or ~/.pgpass."
        )
    if re.search(r'database ".*" does not exist', text):
        return LtvError(f"{name} cannot be opened: {why}.", "Check the name behind the last slash.", 2)
    if re.search(r'role ".*" does not exist', text):
        return LtvError(f"{name} cannot be opened: {why}.", "Name the user: postgresql://USER@host/database", 2)
    if "pg_hba.conf" in text:
        return LtvError(
            f"{name} cannot be opened: {why}.",
            "The server does not admit this user from here: ask its administrator, or try ?sslmode=require.",
        )
    if "permission denied for database" in text:
        return LtvError(
            f"{name} cannot be opened: {why}.", "Ask its owner for it: GRANT CONNECT ON DATABASE … TO your user."
        )
    if re.search(
        r"invalid (?:URI|port|integer|sslmode|connection option)|missing key|unexpected (?:char|spaces)", text
    ):
        return LtvError(
            f"{name} is no address that PostgreSQL understands: {why}.",
            "Write postgresql://user@host:5432/database; signs such as @ / ? # in a part as %40 %2F %3F %23.",
            2,
        )
    if "could not translate host name" in text:
        return LtvError(f"{name} cannot be reached: {why}.", "Check the name of the host, and the network.")
    if "too many" in text or "remaining connection slots" in text:
        return LtvError(f"{name} has no connection left: {why}.", "Try again later.")
    if "SSL" in text or "certificate" in text:
        return LtvError(f"{name} cannot be opened: {why}.", "Check sslmode and the certificates in the address.")
    if "starting up" in text or "shutting down" in text or "recovery" in text:
        return LtvError(f"{name} is not ready: {why}.", "Try again in a moment.")
    return LtvError(f"{name} cannot be opened: {why}.", "Check host and port, and that the server runs.")


def explain(error: BaseException, address: ServerAddress) -> LtvError:
    """Why a statement failed."""
    why, name = why_of(error, address), address.name
    code = getattr(error, "sqlstate", None) or ""
    if code.startswith(("57P", "08", "25P03")) or (not code and _LOST.search(str(error))):
        return LtvError(f"The connection to {name} was lost: {why}.", "Try again; nothing of what was read is shown.")
    if code == "42501":
        return NotPermitted(
            f"{name} does not let this user read: {why}.", "Ask its owner for it: GRANT SELECT ON … TO your user."
        )
    if code == "55P03":
        return Locked(
            f"{name} cannot be read now: another program has locked a table of it.",
            "Try again when it is done; pg_stat_activity tells who it is.",
        )
    if code == "57014" and "statement timeout" in why:
        return LtvError(
            f"{name} ended a query that took longer than its statement_timeout allows.",
            "Ask for more: ?options=-c%20statement_timeout%3D10min behind the address, or name a smaller table.",
        )
    if code in ("40001", "72000"):
        return Torn(f"{name} cannot keep the state that is read: {why}.", "Try again.")
    if code.startswith(("53", "58", "XX")):
        return LtvError(f"{name} cannot be read: {why}.", "The log of the server says more.")
    return LtvError(f"{name} cannot answer a query: {why}.", "Check the mapping.", 2)
