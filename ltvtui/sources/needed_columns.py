"""What a question needs to be read of a shop, where that is less than all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from ltvtui.sources.mapping import Mapping


@dataclass(frozen=True)
class NeededColumns:
    """What is read besides customer, day and money."""

    attributes: frozenset[str] = frozenset()
    """Names of attributes of orders."""
    order_ids: bool = False
    """Whether ids of orders are."""
    tables: bool = False
    """Whether the tables of customers and of spend are, where there are such."""

    def of(self, mapping: Mapping) -> Mapping:
        """The mapping without what is not needed."""
        return replace(
            mapping,
            order_id=mapping.order_id if self.order_ids else None,
            attributes=tuple(a for a in mapping.attributes if a.name in self.attributes),
            customers=mapping.customers if self.tables else None,
            spend=mapping.spend if self.tables else None,
        )


FIGURES: Final = NeededColumns()
"""What key figures and tiers are made of."""
