"""The order of lead stages that was given once: in the mapping file, or saved; as far as the shop has such stages."""

from __future__ import annotations

from ltvtui.errors import LtvError
from ltvtui.session.open_request import OpenRequest
from ltvtui.sources.lead_columns import LeadRows
from ltvtui.user_state.lead_order import LeadOrder

_KEYS = ("order", "rejected")


def order_in_file(request: OpenRequest) -> LeadOrder | None:
    """What [leads] of the mapping file says; None where it says nothing.

    Raises LtvError (exit code 2) where it says something else than lists of names.
    """
    saved = request.saved()
    if saved is None or not saved.leads:
        return None
    lists = [saved.leads.get(key, []) for key in _KEYS]
    is_valid = all(isinstance(names, list) and all(isinstance(name, str) for name in names) for names in lists)
    if not is_valid or set(saved.leads) - set(_KEYS):
        mend = 'Write order = ["lead", "contact", "deal"] and rejected = ["lost"].'
        raise LtvError("[leads] of the mapping file has an unknown setting or a wrong type.", mend, 2)
    order = LeadOrder(*(tuple(name.strip() for name in names) for names in lists))
    return order if order != LeadOrder() else None


def usable_order(order: LeadOrder, rows: LeadRows) -> LeadOrder:
    """`order` without stages that nobody has been at, and without names that stand twice: one that was given earlier
    is no reason to refuse a shop that has changed."""
    there = {stage.casefold() for stage in rows.frame["stage"].drop_nulls().unique()}

    def usable(names: tuple[str, ...]) -> tuple[str, ...]:
        once = dict.fromkeys(name.casefold() for name in names)
        return tuple(name for name in once if name in there)

    return LeadOrder(usable(order.stages), usable(order.rejected))
