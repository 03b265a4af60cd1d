"""What a source knows beside the rows: names of columns, and what stands in those that nothing reads.

Stated here and found by sources, so that doubts can be told without opening anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Unread:
    """A column named for what undoes a sale, with values, that nothing reads."""

    column: str
    rows: int
    """Rows with a value in it."""
    statuses: tuple[str, ...] = ()
    """The values of the mapped status in those rows."""
    money: bool = False
    """Whether it holds amounts, rather than marks or days."""
    select: str = ""
    """A SELECT over the other rows; blank where none can be written."""


@dataclass(frozen=True)
class Charges:
    """Lines that are money and no goods, such as postage and fees, and count as what was sold."""

    column: str = ""
    """The column that names them."""
    values: tuple[str, ...] = ()
    """What it says, most frequent first."""
    rows: int = 0
    amount: float | None = None
    """Their money, currency units; None where it cannot be added up."""
    select: str = ""
    """A SELECT over the other rows; blank where none can be written."""


@dataclass(frozen=True)
class Facts:
    """The neighbourhood of what is mapped. Empty where nothing is known of it."""

    customer: str = "customer"
    """Column as it is mapped; so the four that follow."""
    date: str = "date"
    amount: str = "amount"
    order_id: str = ""
    """Blank: every row is an order."""
    cost: str = ""
    lines: str = ""
    """Table of order lines; blank: none is read."""
    amounts: tuple[float, ...] = ()
    """Amounts of some rows, where they are read from one column."""
    prices: tuple[str, ...] = ()
    """Columns of money beside it that nothing reads."""
    repeating: tuple[str, ...] = ()
    """Columns that could name a person and in which values repeat, while those of `customer` do not."""
    people_select: str = ""
    """A SELECT that brings the first of them to the orders; blank where it stands there."""
    contacts: tuple[str, ...] = ()
    """Columns that could tell customers apart in place of `customer`."""
    minor_unit: str = ""
    """Why amounts may be in cents, in words; blank where nothing says so."""
    unclear_mark: str = ""
    """An amount of which a mark may part thousands or decimals, where all are such; blank: none."""
    unread: tuple[Unread, ...] = ()
    unread_currency: str = ""
    """Column with several currencies that nothing reads."""
    unread_status: str = ""
    """Column that says of some rows that they were undone, where no status is mapped."""
    quantity: str = ""
    """Column by which a cost a unit would have to be multiplied; blank: the cost is that of its row."""
    refund_tables: tuple[str, ...] = ()
    """Tables that refer to orders and look like refunds, and that nothing reads."""
    charges: Charges = field(default_factory=Charges)
    distinct_select: str = ""
    """Where there is no order id, a SELECT over the rows without exact copies; blank where none can be written."""
    statuses_chosen: bool = False
    """Whether the analyst said which statuses are left out."""
