"""Servers of all kinds, by the schemes of their addresses."""

from __future__ import annotations

from typing import Final

from ltvtui.sources import server_address, spark_address

_ENGINES: Final = {**dict.fromkeys(server_address.SCHEMES, "postgres"), spark_address.SCHEME: "spark"}
EXAMPLES: Final = "postgresql://user@host:5432/database, or sc://host:15002 (Spark)"
"""Addresses as one writes them."""


def is_server(scheme: str) -> bool:
    """Whether addresses of the scheme, in lower case, are those of servers."""
    return scheme in _ENGINES


def engine_of(scheme: str) -> str:
    """What a server of the scheme is called in a word; "" of no server."""
    return _ENGINES.get(scheme, "")


def where_secrets_go(scheme: str) -> str:
    """Where a password or a token is looked for that stands in no address of the scheme."""
    return spark_address.TOKEN if scheme == spark_address.SCHEME else "~/.pgpass or PGPASSWORD"


def secret_of(scheme: str) -> str:
    """What such a secret is called."""
    return "token" if scheme == spark_address.SCHEME else "password"


def parsed(uri: str) -> server_address.ServerAddress | spark_address.SparkAddress:
    """The address of a server in its parts."""
    if uri.strip().partition("://")[0].lower() == spark_address.SCHEME:
        return spark_address.spark_address(uri)
    return server_address.server_address(uri)
