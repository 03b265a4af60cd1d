"""How a database is understood: as saved, as given, or as detected."""

from __future__ import annotations

from dataclasses import fields, replace
from hashlib import sha256
from typing import Any

from ltvtui.analytics.cleaning.clean import CleaningPolicy
from ltvtui.errors import LtvError
from ltvtui.session.open_request import OpenRequest
from ltvtui.session.settings import policy_of
from ltvtui.sources.base import Database
from ltvtui.sources.detection.detect import propose
from ltvtui.sources.detection.proposal import Proposal
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.mapping_file import SavedMapping, dump
from ltvtui.sources.overrides import Overrides


class Undecided(LtvError):
    """The columns cannot be told apart without the analyst."""

    def __init__(self, proposal: Proposal, error: LtvError) -> None:
        super().__init__(error.what, error.mend, error.exit_code)
        self.proposal = proposal


def manner_of(request: OpenRequest, mapping: Mapping) -> str:
    """How rows are read and cleaned, as one short word: figures of two manners are not compared."""
    policy, usual = policy_of(request, request.saved()), CleaningPolicy()
    changed = {f.name: v for f in fields(policy) if (v := getattr(policy, f.name)) != getattr(usual, f.name)}
    return sha256(f"{dump(SavedMapping(mapping))}{changed!r}".encode()).hexdigest()[:12]


def understand(
    database: Database, request: OpenRequest, saved: SavedMapping | None
) -> tuple[Mapping, Proposal | None]:
    """The mapping: as saved with the options of the request, else as detected."""
    given = {f.name: v for f in fields(Overrides) if (v := getattr(request.overrides, f.name)) is not None}
    if saved is not None and saved.mapping is not None and "orders" not in given:
        return _changed(saved.mapping, given), None
    proposal = propose(database, request.overrides)
    try:
        return proposal.demand(), proposal
    except LtvError as error:
        raise Undecided(proposal, error) from error


def _changed(mapping: Mapping, given: dict[str, str]) -> Mapping:
    """A saved mapping with single roles changed; "" removes a role."""
    roles = {f.name for f in fields(Mapping)}
    for role in ("orders", "customer", "date", "amount"):
        if given.get(role) == "":
            raise LtvError(f"The mapping has no column for {role}.", f"Name one: --{role} COLUMN", 2)
    changes: dict[str, Any] = {k: v or None for k, v in given.items() if k in roles}
    if "date" in changes or "date_format" in given:
        changes["date_formats"] = tuple(given.get("date_format", "").replace(",", " ").split())
    if "customers" in changes or "spend" in changes:
        raise LtvError(
            "Options cannot change the customer and spend tables of a saved mapping.",
            "Edit the mapping file, or ignore it with --orders TABLE.",
            2,
        )
    return replace(mapping, **changes)
