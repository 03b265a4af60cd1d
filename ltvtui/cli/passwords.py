"""The password of a server, asked for on the terminal where nothing else has it."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ltvtui.session.open_request import OpenRequest


def with_password(request: OpenRequest) -> OpenRequest:
    """The request with a password where its server asks for one, and someone is there to type it, unseen."""
    from ltvtui.errors import LtvError
    from ltvtui.sources.base import PasswordNeeded
    from ltvtui.sources.servers import is_server

    with suppress(LtvError):  # of another error the reading of the shop tells
        if is_server(request.locator.scheme) and sys.stdin.isatty() and sys.stderr.isatty():
            from ltvtui.session.request_source import opened_source

            try:
                with opened_source(request) as source:
                    source.version()
            except PasswordNeeded:
                password = click.prompt(f"Password for {request.name}", hide_input=True, err=True)
                return replace(request, password=password)
    return request
