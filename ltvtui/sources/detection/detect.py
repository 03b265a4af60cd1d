"""Finds orders, customers and spend in a database nobody described, and says what it is unsure of."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Final

from ltvtui.errors import LtvError
from ltvtui.sources.base import Database, TooSlow
from ltvtui.sources.catalog import SAMPLE_SECONDS
from ltvtui.sources.detection import by_content
from ltvtui.sources.detection.alike import are_equivalent, without_copies
from ltvtui.sources.detection.attributes import unique_attributes
from ltvtui.sources.detection.bare_orders import bare_order_notices
from ltvtui.sources.detection.candidate import Candidate, relation_of
from ltvtui.sources.detection.candidates import candidates_of, incomplete
from ltvtui.sources.detection.cents import in_units, in_units_beside
from ltvtui.sources.detection.codes import with_currency, with_status
from ltvtui.sources.detection.events import purchases_only
from ltvtui.sources.detection.families import sources_of
from ltvtui.sources.detection.find import Find
from ltvtui.sources.detection.histories import with_history
from ltvtui.sources.detection.line_status import discount_notices, returned_notices, without_undone
from ltvtui.sources.detection.lookups import lookup_attributes
from ltvtui.sources.detection.no_orders import nothing_found
from ltvtui.sources.detection.order_scoped import by_person
from ltvtui.sources.detection.product_costs import with_costs
from ltvtui.sources.detection.proposal import Guess, Proposal, Question
from ltvtui.sources.detection.refund_tables import with_refunds
from ltvtui.sources.detection.related_tables import find_customers, find_spend, order_attributes
from ltvtui.sources.detection.signs import currencies_in
from ltvtui.sources.detection.twins import are_twins, together, twin_notices
from ltvtui.sources.mapping import Attribute, CustomerTable, Mapping
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.relation import closest_first, find_table, listing
from ltvtui.sources.sql import quote
from ltvtui.sources.values.amounts import DECIMALS
from ltvtui.sources.values.dates import FORMATS
from ltvtui.sources.values.operands import decimal_doubt

SURE: Final = 0.5
"""A role below this score is asked about."""
CLEAR: Final = 0.06
"""Lead in score that the best orders table, or column, needs over the next to be taken without asking."""


def propose(database: Database, overrides: Overrides) -> Proposal:
    """The likeliest reading of a database, given the overrides of the user.

    LtvError: exit code 2 when an override names a table or column that does not exist, 1 when no
    table has a row.
    """
    found = candidates_of(database, overrides)
    if overrides.orders is not None:
        found = [
            by_content.completed(database, c, overrides) or by_content.narrowed(database, c, overrides) for c in found
        ]
    elif not found:
        every = incomplete(database, overrides)
        ways = [way for c in every if not c.table.view and (way := by_content.completed(database, c, overrides))]
        if not ways and len(every) == 1 and _answerable(every[0]):
            ways = [by_content.narrowed(database, every[0], overrides)]
        if len(ways) != 1:
            return Proposal(None, questions=(nothing_found(database, overrides, every),))
        found = ways
    best = found[0]
    if len(found) == 1 and overrides.orders is None:
        # a role that names leave open goes to the only column that fits, with a notice
        best = by_content.completed(database, best, overrides) or best
    questions: list[Question] = []
    best, asked = purchases_only(database, best, overrides)
    if asked is not None:
        questions.append(Question("orders", asked.text, asked.choices, "--orders"))
    best = by_person(database, best, overrides)
    best = in_units_beside(best, overrides)
    rivals = [c for c in found[1:] if found[0].score - c.score < CLEAR]
    if rivals and overrides.orders is None:
        best, rivals = without_copies(database, best, rivals)
    if rivals and overrides.orders is None:
        tables, titles = [c.orders for c in (best, *rivals)], [c.title for c in (best, *rivals)]
        alike = are_twins([c.table for c in (best, *rivals)])
        of_same = " of the same columns" if alike else ""
        text = f"{len(tables)} tables{of_same} could hold the orders: {listing(titles)}."
        if alike:
            tables.append(together([c.table for c in (best, *rivals)]))
        questions.append(Question("orders", text, tuple(tables), "--orders"))
    for role, find in best.required.items():
        questions += _doubts(database, best, role, find)
    if best.dates is not None and best.dates.ambiguous and overrides.date_format is None:
        text = f"The dates in {best.finds['date'].column} can be month first or day first: no value decides."
        questions.append(Question("date_format", text, ("mdy", "dmy"), "--date-format"))
    questions += _several_currencies(best, overrides)
    doubt = _decimal_doubt(database, best, overrides)
    if doubt is not None:
        questions.append(Question("decimal", doubt, DECIMALS, "--decimal"))
    if not questions:
        sources = sources_of(database)
        beside = (*discount_notices(best, overrides), *returned_notices(database, best, overrides))
        best = without_undone(database, best, overrides)
        best = with_refunds(database, with_history(database, best, overrides), overrides)
        best = with_costs(database, with_status(database, best, overrides, sources), overrides, sources)
        best = with_currency(database, best, overrides, sources)
        best = in_units(database, best, overrides)
        notices = (*beside, *bare_order_notices(database, best), *twin_notices(database, best))
        best = replace(best, notices=(*best.notices, *notices))
    guesses = [Guess("orders", best.orders, best.score, best.why)]
    guesses += [Guess(role, f.column, f.score, f.why) for role, f in best.finds.items() if f.column]
    if any(not best.finds[role].column for role in ("customer", "date", "amount")):
        return Proposal(None, tuple(found), tuple(guesses), tuple(questions), best.notices)
    mapping, more = _mapping(database, best, overrides)
    guesses += [Guess(role, f.column, f.score, f.why) for role, f in more.items()]
    return Proposal(mapping, tuple(found), tuple(guesses), tuple(questions), best.notices)


def _several_currencies(best: Candidate, overrides: Overrides) -> list[Question]:
    """Amounts with signs of several currencies, unless the user chose to add them up."""
    amount = best.table.column(best.finds["amount"].column)
    currencies = currencies_in(amount) if amount is not None and overrides.amount is None else []
    if amount is None or len(currencies) < 2:
        return []
    text = (
        f"The amounts in {amount.name} of {best.title} are in {len(currencies)} currencies: {listing(currencies)}. "
        "Choose a column or the rows of one currency, or add all up as if in one."
    )
    return [Question("amount", text, (amount.name,), "--amount")]


def _decimal_doubt(database: Database, best: Candidate, overrides: Overrides) -> str | None:
    if not all(find.column for find in best.required.values()):
        return None
    return decimal_doubt(relation_of(database, best), best.finds["amount"].column, overrides.decimal or None)


def _mapping(database: Database, best: Candidate, overrides: Overrides) -> tuple[Mapping, dict[str, Find]]:
    def column(role: str) -> str | None:
        find = best.finds.get(role)
        return find.column or None if find else None

    finds: dict[str, Find] = {}
    customers, customer_columns = find_customers(database, best, overrides, finds)
    spend = find_spend(database, best, overrides, finds)
    order_columns = order_attributes(database, best, customers, customer_columns)
    of_orders, of_customers = unique_attributes(order_columns, customer_columns)
    of_customers = _with_lookup_attributes(database, best, customers, of_orders, of_customers)
    of_orders = _with_lookup_attributes(database, best, None, of_orders, of_customers)
    if customers is not None:
        customers = customers.with_attributes(of_customers)
    formats = tuple(overrides.date_format.replace(",", " ").split()) if overrides.date_format else ()
    for name in formats:
        if name not in FORMATS:
            near = closest_first(name, FORMATS)
            raise LtvError(f"Unknown date format: {name!r}.", f"Choose from: {listing(near)}", 2)
    if not formats and best.dates is not None:
        formats = best.dates.formats
    mapping = Mapping(
        orders=best.orders,
        customer=best.finds["customer"].column,
        date=best.finds["date"].column,
        amount=best.finds["amount"].column,
        order_id=column("order_id"),
        date_formats=formats,
        decimal=overrides.decimal or None,
        lines=best.lines,
        lines_order_id=best.lines_order_id,
        status=column("status"),
        currency=column("currency"),
        rate=column("rate"),
        margin=column("margin"),
        cost=column("cost"),
        refund_of=column("refund_of"),
        refunded=column("refunded"),
        cancelled=column("cancelled"),
        row_type=column("row_type"),
        updated_at=column("updated_at"),
        attributes=of_orders,
        customers=customers,
        spend=spend,
    )
    return mapping, finds


def _with_lookup_attributes(
    database: Database,
    best: Candidate,
    customers: CustomerTable | None,
    of_orders: tuple[Attribute, ...],
    of_customers: tuple[Attribute, ...],
) -> tuple[Attribute, ...]:
    """Attributes of the customers, or without a table of theirs of the orders, and what their codes mean."""
    own = of_orders if customers is None else of_customers
    used = [attribute.name for attribute in (*of_orders, *of_customers)]
    roles = {find.column.lower() for find in best.finds.values()}
    made = " ".join(find.column for find in best.finds.values())  # a code that is read has done its work
    roles |= {c.name.lower() for c in best.table.columns if f".{quote(c.name)})" in made}
    left = roles | {(best.base or best.table.name).lower(), (best.lines or "").lower()}
    if customers is None:
        table, qualifier = best.table, best.qualifier
        left |= {"staff_id", "employee_id"}
    else:
        table = find_table(database, customers.table, "customers")
        qualifier, left = table.name, left | {customers.key.lower()}
    return (*own, *lookup_attributes(database, table, qualifier, sources_of(database), used, left))


def _doubts(database: Database, best: Candidate, role: str, find: Find) -> list[Question]:
    """A required role that no column fills well, or that two fill equally well."""
    flag = f"--{role}"
    if not find.column or find.score < SURE:
        likely = by_content.choices(role, best)
        names = tuple(column.name for column in likely)
        listed = listing([by_content.with_example(c) for c in likely], 6)
        could = f"Most likely: {listed}." if likely else "No column fits by content."
        if not any(column.sample for column in best.columns):
            with suppress(TooSlow):  # an error says more
                database.query(f"SELECT * FROM {best.source} LIMIT 1", seconds=SAMPLE_SECONDS)  # noqa: S608
            could = "It returned no rows in time."
        if not find.column and (empty := by_content.blank(role, best)) is not None:
            could = f"{empty.name} is empty. {could}"
        return [Question(role, f"No column of {best.title} is clearly the {role}. {could}", names, flag)]
    near = [name for name, score in find.rivals if find.score - score < CLEAR]
    rivals = [name for name in near if not are_equivalent(database, best, role, find.column, name)]
    if rivals:
        choices = (find.column, *rivals)
        examples = [by_content.with_example(c) for c in map(best.table.column, choices) if c is not None]
        text = f"{len(choices)} columns of {best.title} could be the {role}: {listing(examples)}."
        return [Question(role, text, choices, flag)]
    return []


def _answerable(only: Candidate) -> bool:
    """Whether each role that is open has a column that could play it."""
    return all(find.score >= SURE or by_content.choices(role, only) for role, find in only.required.items())
