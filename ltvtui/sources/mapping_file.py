"""The mapping as a TOML file: one per database, written to be read and changed by hand."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

import tomlkit
from tomlkit.exceptions import TOMLKitError

from ltvtui.errors import LtvError
from ltvtui.masking import masked
from ltvtui.sources.mapping import Attribute, ChannelColumn, CustomerTable, Mapping, SpendTable
from ltvtui.storage.atomic_file import write_private
from ltvtui.storage.regular_file import read_text

_HEAD: Final = """How ltvtui reads this shop. Edit it and open the shop again.
A column may also be an SQL expression over the columns of the same table, such as
"Quantity * UnitPrice". Leave a line out if the shop has no such column."""

_COMMENTS: Final = {
    "orders": "table or view with the orders, or one SELECT",
    "customer": "customer id",
    "date": "date of the order",
    "amount": "amount of the row",
    "order_id": "order id; without it every row is an order",
    "date_formats": "tried in this order: iso yyyymmdd ym mdy dmy ymd d_mon_y unix_s unix_ms … julian excel",
    "decimal": "decimal mark of amounts stored as text: point or comma",
    "lines": "table with order lines, joined by the order id",
    "lines_order_id": "the order id in that table",
    "status": "orders with a status that means cancelled are left out, see [cleaning]",
    "currency": "currency of the amount",
    "rate": "factor that converts the amount to the shop's currency",
    "margin": "margin of the row, as an amount",
    "cost": "cost of the row; margin = amount - cost",
    "refund_of": "order id that a refund belongs to",
    "refunded": "refunded part of the amount, which is subtracted",
    "cancelled": "date or flag of cancellation; cancelled orders are left out",
    "row_type": "row type; fees, payouts and transfers are left out",
    "updated_at": "time of the last change, to find updates of a watched shop",
    "table": "table or view",
    "key": "column with the customer id that the orders use",
    "name": "shown on the customer card",
    "email": "shown on the customer card",
    "birth_date": "date or year of birth, gives the age band",
    "channel": "advertising channel; without it spend is not split by channel",
}
_FREE: Final = ("cleaning", "shop", "leads")


@dataclass(frozen=True)
class SavedMapping:
    """What one file holds."""

    mapping: Mapping
    cleaning: dict[str, Any] = field(default_factory=dict)
    """Table [cleaning], passed through as it stands."""
    shop: dict[str, Any] = field(default_factory=dict)
    """Table [shop], passed through as it stands."""
    aliases: dict[str, str] = field(default_factory=dict)
    """Table [aliases]: names in the spend, and the channels they mean."""
    criteria: dict[str, str] = field(default_factory=dict)
    """Table [criteria]: dimensions, and the group of criteria of each."""
    leads: dict[str, Any] = field(default_factory=dict)
    """Table [leads], passed through as it stands."""
    skip_rows: int | None = None
    """Of table [file]: lines or rows above the header of a shop that is a file; None: they are found."""
    no_header: bool = False
    """Of table [file]: whether there is no header."""
    encoding: str | None = None
    """Of table [file]: encoding of a text file; None: UTF-8, or as its mark says."""


def mapping_path(config_dir: Path, database: Path | str) -> Path:
    """The file for a database: its name, and a hash of where it lies. `database`: its path, or its address without
    secrets, so that a new password leads to the same file."""
    if isinstance(database, str):
        stem = re.sub(r"[^\w.-]+", "_", database).strip("_")[:60]
        return config_dir / f"{stem}-{hashlib.sha256(database.encode()).hexdigest()[:10]}.toml"
    resolved = Path(os.path.realpath(database))  # unlike Path.resolve it bears a link that leads to itself
    precomputed = hashlib.sha256(os.fsencode(resolved)).hexdigest()[:10]
    stem = re.sub(r"[^\w.-]", "_", masked(resolved.stem))[:60] or "shop"
    return config_dir / f"{stem}-{precomputed}.toml"


def load(path: Path) -> SavedMapping | None:
    """What the file holds, None when there is no file.

    LtvError (exit code 2) with the file and the key when it cannot be understood.
    """
    try:
        text = read_text(path)
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise _wrong(path, "it is not UTF-8 text") from error
    except OSError as error:
        mend = "Check its permissions, or move it away to detect the columns again."
        raise LtvError(f"{path} cannot be read ({error.strerror or error}).", mend, 2) from error
    try:
        document: dict[str, Any] = tomlkit.parse(text).unwrap()
    except (TOMLKitError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        why = " ".join(str(error).split()) or "it is nested too deeply"
        raise _wrong(path, f"it is not valid TOML ({why})") from error
    unknown = set(document) - {"mapping", "customers", "spend", "aliases", "criteria", "file", *_FREE}
    if unknown:
        raise _wrong(path, f"[{min(unknown)}] is unknown")
    free = {name: _table(path, document, name) for name in _FREE}
    aliases = _table(path, document, "aliases")
    if not all(isinstance(channel, str) for channel in aliases.values()):
        raise _wrong(path, '[aliases] needs lines such as fb = "facebook"')
    criteria = _table(path, document, "criteria")
    if not all(isinstance(group, str) for group in criteria.values()):
        raise _wrong(path, '[criteria] needs lines such as city = "geography"')
    skip, headless, encoding = _file(path, _table(path, document, "file"))
    tables = (free["cleaning"], free["shop"], aliases, criteria, free["leads"])
    return SavedMapping(_mapping(path, document), *tables, skip, headless, encoding)


def save(path: Path, saved: SavedMapping) -> None:
    """Write the file whole or not at all, for its owner's eyes only; its folder is made where it is missing.

    LtvError (exit code 1) when it cannot be written.
    """
    write_private(path, dump(saved))


def dump(saved: SavedMapping) -> str:
    """The file's text."""
    mapping = saved.mapping
    document = tomlkit.document()
    for line in _HEAD.splitlines():
        document.add(tomlkit.comment(line))
    document.add(tomlkit.nl())
    document.add("mapping", _written(mapping, ("attributes", "customers", "spend")))
    if mapping.customers is not None:
        document.add("customers", _written(mapping.customers, ("attributes",)))
    if mapping.spend is not None:
        document.add("spend", _written(mapping.spend, ("columns",)))
    for name in ("aliases", "criteria", "leads", "cleaning", "shop"):
        free = getattr(saved, name)
        if free:
            document.add(name, tomlkit.item(dict(free)))
    if saved.skip_rows is not None or saved.no_header or saved.encoding is not None:
        table = tomlkit.table()
        if saved.skip_rows is not None:
            table.add("skip_rows", tomlkit.item(saved.skip_rows).comment("lines or rows above the header"))
        if saved.no_header:
            table.add("no_header", tomlkit.item(True).comment("columns are named column_1 and so on"))
        if saved.encoding is not None:
            table.add("encoding", tomlkit.item(saved.encoding).comment("encoding of a text file"))
        document.add("file", table)
    return tomlkit.dumps(document)


def _written(part: Mapping | CustomerTable | SpendTable, apart: tuple[str, ...]) -> Any:
    table = tomlkit.table()
    for entry in fields(part):
        value = getattr(part, entry.name)
        if entry.name in apart or value is None or value == ():
            continue
        item = tomlkit.item(list(value) if isinstance(value, tuple) else value)
        if entry.name in _COMMENTS:
            item.comment(_COMMENTS[entry.name])
        table.add(entry.name, item)
    if isinstance(part, Mapping | CustomerTable) and part.attributes:
        inner = tomlkit.table()
        inner.comment("dimension = column")
        for attribute in part.attributes:
            inner.add(attribute.name, attribute.column)
        table.add("attributes", inner)
    if isinstance(part, SpendTable) and part.columns:
        inner = tomlkit.table()
        inner.comment("channel = column with its amounts")
        for column in part.columns:
            inner.add(column.channel, column.column)
        table.add("columns", inner)
    return table


def _mapping(path: Path, document: dict[str, Any]) -> Mapping:
    if "mapping" not in document:
        raise _wrong(path, "the table [mapping] is missing")
    part = _table(path, document, "mapping")
    values = _texts(path, part, "mapping", Mapping, ("orders", "customer", "date", "amount"))
    customers = spend = None
    if "customers" in document:
        table = _table(path, document, "customers")
        table_keys = _texts(path, table, "customers", CustomerTable, ("table", "key"))
        customers = CustomerTable(**table_keys, attributes=_attributes(path, table, "customers"))
    if "spend" in document:
        spend = _spend(path, _table(path, document, "spend"))
    return Mapping(
        **values,
        date_formats=_formats(path, part),
        attributes=_attributes(path, part, "mapping"),
        customers=customers,
        spend=spend,
    )


def _spend(path: Path, part: dict[str, Any]) -> SpendTable:
    """A table with an amount a row, or with `columns`, a column a channel."""
    columns = part.get("columns", {})
    if isinstance(columns, list) and all(isinstance(column, str) for column in columns):
        columns = {column: column for column in columns}
    if not isinstance(columns, dict) or not all(isinstance(column, str) for column in columns.values()):
        raise _wrong(path, 'spend.columns needs lines such as email = "email_cost"')
    required = ("table", "date") if columns else ("table", "date", "amount")
    texts = {key: value for key, value in part.items() if key != "columns"}
    given = _texts(path, texts, "spend", SpendTable, required)
    if columns and not {"channel", "amount"}.isdisjoint(given):
        raise _wrong(path, "[spend] needs either columns, or channel and amount")
    found = tuple(ChannelColumn(channel, column) for channel, column in columns.items())
    return SpendTable(given["table"], given["date"], given.get("channel"), given.get("amount"), found)


def _texts(path: Path, part: dict[str, Any], title: str, kind: type, required: tuple[str, ...]) -> dict[str, str]:
    keys = {entry.name for entry in fields(kind)} - {"date_formats", "attributes", "customers", "spend", "columns"}
    values: dict[str, str] = {}
    for key, value in part.items():
        if key in ("attributes", "date_formats") and title != "spend":
            continue
        if key not in keys:
            raise _wrong(path, f"{title}.{key} is unknown; the keys are {', '.join(sorted(keys))}")
        if not isinstance(value, str):
            raise _wrong(path, f"{title}.{key} must be text in quotes")
        values[key] = value
    for key in required:
        if not values.get(key, "").strip():
            raise _wrong(path, f"{title}.{key} is missing")
    return values


def _formats(path: Path, part: dict[str, Any]) -> tuple[str, ...]:
    given = part.get("date_formats", [])
    listed = [given] if isinstance(given, str) else given
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        raise _wrong(path, 'mapping.date_formats must be a list such as ["iso"]')
    return tuple(listed)


def _attributes(path: Path, part: dict[str, Any], title: str) -> tuple[Attribute, ...]:
    given = part.get("attributes", {})
    if not isinstance(given, dict) or not all(isinstance(column, str) for column in given.values()):
        raise _wrong(path, f'{title}.attributes needs lines such as country = "Country"')
    return tuple(Attribute(name, column) for name, column in given.items())


def _file(path: Path, part: dict[str, Any]) -> tuple[int | None, bool, str | None]:
    """What is said of a shop that is a file: rows above its header, whether it has none, and how it is written."""
    if unknown := set(part) - {"skip_rows", "no_header", "encoding"}:
        raise _wrong(path, f"file.{min(unknown)} is unknown; the keys are encoding, no_header and skip_rows")
    encoding = part.get("encoding")
    if encoding is not None and not isinstance(encoding, str):
        raise _wrong(path, 'file.encoding must be text in quotes, such as "cp1252"')
    headless = part.get("no_header", False)
    if not isinstance(headless, bool):
        raise _wrong(path, "file.no_header must be true or false")
    skip = part.get("skip_rows")
    if skip is not None and (isinstance(skip, bool) or not isinstance(skip, int) or skip < 0):
        raise _wrong(path, "file.skip_rows must be a number of rows, such as 2")
    return skip, headless, encoding


def _table(path: Path, document: dict[str, Any], name: str) -> dict[str, Any]:
    found = document.get(name, {})
    if not isinstance(found, dict):
        raise _wrong(path, f"{name} must be a table: [{name}]")
    return found


def _wrong(path: Path, what: str) -> LtvError:
    return LtvError(f"{path}: {what}.", "Correct that line, or delete the file to detect the columns again.", 2)
