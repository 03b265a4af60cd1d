"""What a cluster, or its driver, says of a failure, in words that tell how to mend it."""

from __future__ import annotations

import re
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.sources.base import NotPermitted
from ltvtui.sources.spark.dialect import TEXT_AMOUNTS
from ltvtui.sources.spark_address import TOKEN, SparkAddress

_CLASS: Final = re.compile(r"^\s*\[([A-Z_.0-9]+)\]\s*")
_LOST: Final = re.compile(
    r"StatusCode\.UNAVAILABLE|failed to connect|Connection (?:reset|refused)|Socket closed|INVALID_HANDLE"
    r"|SESSION_(?:NOT_FOUND|CLOSED|CHANGED)|RETRIES_EXCEEDED|recvmsg|Channel closed|NO_ACTIVE_SESSION"
    r"|Stopped SparkContext|SparkContext was shut down",
    re.IGNORECASE,
)
_ROWS_LOST: Final = re.compile(r"Checkpoint block|CHECKPOINT_RDD_BLOCK", re.IGNORECASE)
_MEMORY: Final = re.compile(
    r"OutOfMemory|Java heap space|GC overhead|ExecutorLostFailure|Unable to acquire \d+ bytes|maxResultSize"
    r"|Initial job has not accepted|Executor.*(?:lost|killed)|exit code 137|RESOURCE_EXHAUSTED",
    re.IGNORECASE,
)
_CLOSED: Final = re.compile(
    r"PERMISSION_DENIED|INSUFFICIENT_(?:PRIVILEGES|PERMISSIONS)|AccessControlException|Permission denied|42501"
    r"|403 Forbidden|AccessDenied",
    re.IGNORECASE,
)
_FOREIGN: Final = re.compile(r"UNAUTHENTICATED|401 Unauthorized|invalid token", re.IGNORECASE)
_NO_TOKEN: Final = re.compile(r"No authentication token|missing.{0,20}token", re.IGNORECASE)
_TLS: Final = re.compile(r"handshake|SSL_ERROR|CERTIFICATE_VERIFY", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"Invalid URL for Spark Connect|CONNECT_URL_", re.IGNORECASE)
_FILES: Final = re.compile(
    r"FAILED_READ_FILE|error while reading file|FileNotFoundException|FILE_NOT_EXIST", re.IGNORECASE
)
_MISSING: Final = re.compile(r"TABLE_OR_VIEW_NOT_FOUND|SCHEMA_NOT_FOUND|PATH_NOT_FOUND", re.IGNORECASE)


class SessionLost(LtvError):
    """A session of which nothing can be asked any more; another one may be begun."""


def why_of(error: BaseException, address: SparkAddress) -> str:
    """The first sentence of what went wrong, without secrets."""
    text = address.hide(str(error)).strip()
    details = re.search(r'details = "(.*?)"\s*\n', text, re.DOTALL)
    text = _CLASS.sub("", details[1] if details else text)
    line = next(filter(None, map(str.strip, text.splitlines())), type(error).__name__)
    return " ".join(re.sub(r"\s*SQLSTATE: \w+.*$", "", line).split()).rstrip(".")[:300]


def no_server(address: SparkAddress, why: str) -> LtvError:
    """Nobody answers at the address."""
    return LtvError(
        f"No Spark Connect server answers at {address.host}:{address.port}: {why}.",
        "Check host and port, and that it runs: sbin/start-connect-server.sh on the cluster starts it.",
    )


def explain(error: BaseException, address: SparkAddress) -> LtvError:
    """What went wrong, and what to do about it."""
    text, why, name = str(error), why_of(error, address), address.name
    if TEXT_AMOUNTS in text:
        return LtvError(
            f"{name} cannot calculate with amounts that are stored as text.",
            "Store them as numbers, or name a SELECT that casts them: --orders 'SELECT …'.",
        )
    if _FOREIGN.search(text):
        if _NO_TOKEN.search(text):
            return LtvError(f"{name} asks for a token, and has got none.", f"Put it into {TOKEN}.")
        return LtvError(f"{name} refuses the token: {why}.", f"Check {TOKEN}, or what the address has as token=.")
    if _ADDRESS.search(text):
        return LtvError(f"{name} is no address of Spark Connect: {why}.", "Write sc://host:15002/;use_ssl=true.", 2)
    if _TLS.search(text):
        return LtvError(
            f"No connection over TLS can be made to {name}: {why}.",
            "Use TLS where the server does (use_ssl=true). A token is sent without it only to the name localhost.",
        )
    if _CLOSED.search(text):
        return NotPermitted(
            f"{name} does not permit it: {why}.", "Ask its owner for SELECT on the tables, and to read their files."
        )
    if _ROWS_LOST.search(text):
        return SessionLost(
            f"{name} lost rows that it held for the open shop: an executor ended.",
            "Ask again. If it happens again, give executors more memory (spark.executor.memory), or add workers.",
        )
    if _MEMORY.search(text):
        return LtvError(
            f"{name} has too little memory for this: {why}.",
            "Give its executors more (spark.executor.memory), or add workers; SPARK_DAEMON_MEMORY sizes the server.",
        )
    if _LOST.search(text):
        return SessionLost(
            f"The connection to {name} was lost: {why}.", "Check that the server runs, and open it again."
        )
    if "ARITHMETIC_OVERFLOW" in text:
        return LtvError(
            f"{name} cannot add this up exactly: {why}.",
            "Check which column is the amount, or give it in thousands: --amount 'COLUMN / 1000.0'.",
        )
    if _FILES.search(text):
        return LtvError(f"{name} cannot read the files of a table: {why}.", "Ask its owner to repair the table.")
    if _MISSING.search(text):
        return LtvError(
            f"{name} does not find what is asked for: {why}.",
            "Check the name; of a table of another schema write SELECT * FROM schema.table.",
            2,
        )
    return LtvError(f"{name} cannot answer a query: {why}.", "Check the mapping.", 2)
