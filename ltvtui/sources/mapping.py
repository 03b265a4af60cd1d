"""Which table and column is what: the mapping from a shop's own schema to the rows we read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Attribute:
    """A column kept as a dimension."""

    name: str
    """What the dimension is called: lower case, unique, not in schema.RESERVED."""
    column: str
    """Column of the table it stands in."""


@dataclass(frozen=True)
class CustomerTable:
    """The table that describes customers, one row per customer."""

    table: str
    key: str
    """Column that holds the same value as the orders' customer column."""
    name: str | None = None
    """Column, or an SQL expression such as `FirstName || ' ' || LastName`; for the card only."""
    email: str | None = None
    """Column; for the card only."""
    birth_date: str | None = None
    """Column with a date or a year of birth; gives the dimension "age band"."""
    attributes: tuple[Attribute, ...] = ()

    def with_attributes(self, attributes: tuple[Attribute, ...]) -> CustomerTable:
        """The same table with other attributes."""
        return replace(self, attributes=attributes)


@dataclass(frozen=True)
class ChannelColumn:
    """A column with what was spent on one channel."""

    channel: str
    column: str


@dataclass(frozen=True)
class SpendTable:
    """The table of advertising spend: one amount per day (or month) and channel, in rows or in columns."""

    table: str
    date: str
    channel: str | None
    amount: str | None
    """None where there is a column for each channel."""
    columns: tuple[ChannelColumn, ...] = ()
    """Those columns; then there is neither `channel` nor `amount`."""


@dataclass(frozen=True)
class Mapping:
    """How one database is read. Written to and read from a TOML file, edited by hand or on screen."""

    orders: str
    """Table or view with the orders, or one SELECT."""
    customer: str
    """Column with the customer id."""
    date: str
    """Column with the order's date."""
    amount: str
    """Column, or an SQL expression such as `Quantity * UnitPrice * (1 - Discount)`."""
    order_id: str | None = None
    """Column with the order id; None: every row is an order."""
    date_formats: tuple[str, ...] = ()
    """Names from sources.values.dates, tried in this order on every value."""
    decimal: str | None = None
    """What stands before the cents of amounts that are text: "point" or "comma"; None: they tell it themselves."""
    lines: str | None = None
    """Line table joined to `orders` by `order_id` = `lines_order_id`; amount may name its columns."""
    lines_order_id: str | None = None
    status: str | None = None
    currency: str | None = None
    rate: str | None = None
    margin: str | None = None
    """Column or expression with the margin of a row."""
    cost: str | None = None
    """Column or expression with the cost of a row; margin = amount - cost."""
    refund_of: str | None = None
    """Column with the id of the order that a refund row refunds."""
    refunded: str | None = None
    """Column with the part of the amount that went back: it is taken off."""
    cancelled: str | None = None
    """Column that is filled, with a day or a yes, where the order was undone."""
    row_type: str | None = None
    """Column that says what a row is, where some are fees, payouts or refunds."""
    updated_at: str | None = None
    """Column that rises whenever a row is changed: what was changed is then found at once."""
    attributes: tuple[Attribute, ...] = field(default=())
    """Order attributes kept as dimensions."""
    customers: CustomerTable | None = None
    spend: SpendTable | None = None
