"""The amount and the cost of a row: a column, a product of quantity and price, or those of its lines."""

from __future__ import annotations

from ltvtui.sources.catalog_table import CatalogTable
from ltvtui.sources.detection import scoring
from ltvtui.sources.detection.content import content_of
from ltvtui.sources.detection.find import BY_SYSTEM, LEAST_SCORE, Find, column_of, fill
from ltvtui.sources.detection.line_money import cost_of, is_of_piece, numbers, product_of
from ltvtui.sources.detection.vocabulary import System
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.sql import quote


def amount_of(
    table: CatalogTable, overrides: Overrides, lines: tuple[CatalogTable, str] | None, system: System | None = None
) -> tuple[Find, bool]:
    """The amount of a row, and whether it comes from the line table."""
    if overrides.amount is not None:
        if (
            lines is not None
            and table.column(overrides.amount) is None
            and lines[0].column(overrides.amount) is not None
        ):
            return Find(f"{quote(lines[0].name)}.{quote(overrides.amount)}", 1.0, "as given"), True
        is_of_lines = lines is not None and f"{quote(lines[0].name)}." in overrides.amount
        return Find(overrides.amount, 1.0, "as given"), lines is not None and (
            is_of_lines or overrides.lines is not None
        )
    own = fill("amount", None, table, scoring.amount_score, system)
    if own.score == BY_SYSTEM:
        return own, False
    if own.score < LEAST_SCORE:  # small whole numbers are better than nothing
        own = max(own, fill("amount", None, table, scoring.amount_name_score), key=lambda find: find.score)
    product = quantity_times_price(table)
    # a price that stands beside a quantity is the price of one piece, unless it rises with the quantity
    price = scoring.unit_price_score(column_of(table, own.column)) > 0
    if product is not None and (own.score < 0.7 or price or is_of_piece(table, own.column)):
        own = product
    if lines is not None and (overrides.lines is not None or own.score < 0.6):
        line = lines[0]
        of_line = quantity_times_price(line, line.name) or fill("amount", None, line, scoring.amount_score)
        if of_line.column and line.column(of_line.column) is not None:
            qualified = f"{quote(line.name)}.{quote(of_line.column)}"
            of_line = Find(qualified, of_line.score, "amount of the order lines")
        if of_line.column and (overrides.lines is not None or of_line.score > own.score):
            return of_line, True
    return own, False


def passed_over(table: CatalogTable, amount: Find) -> tuple[str, ...]:
    """A notice where a column is better named for the amount than the chosen one, and has small counts."""
    chosen = table.column(amount.column)
    if chosen is None:
        return ()
    best = max(table.columns, key=scoring.amount_name_score)
    if not content_of(best).counts or scoring.amount_name_score(best) <= scoring.amount_name_score(chosen):
        return ()
    content = content_of(best)
    return (
        f"{best.name} of {table.name} has whole numbers from {content.low:.0f} to {content.high:.0f}, like a "
        f"quantity: {chosen.name} is read as the amount. If this is wrong: --amount {best.name}.",
    )


def quantity_times_price(table: CatalogTable, line_table: str | None = None) -> Find | None:
    """Quantity × unit price × (1 - discount), qualified where it stands in a joined `line_table`."""
    worth = product_of(table, line_table)
    return Find(worth.sql, worth.score, worth.why) if worth else None


def row_cost(table: CatalogTable, amount: Find, line_table: str | None = None) -> Find | None:
    """The cost of a row whose `amount` was found in the same table."""
    product = product_of(table, line_table)
    column = table.column(amount.column) or next(
        (c for c in table.columns if amount.column == f"{quote(line_table or '')}.{quote(c.name)}"), None
    )
    worth = product.of_rows if product and product.sql == amount.column else numbers(column) if column else ()
    cost = cost_of(table, worth, line_table)
    return Find(cost.sql, cost.score, cost.why) if cost and cost.sql != amount.column else None
