"""Where a row of a table of segments leads."""

from __future__ import annotations

from ltvtui.tui.views.spec import Expected, Outlook


def below(outlook: Outlook) -> Expected:
    """The segments and the customers of the row under the cursor."""
    if not outlook.row:
        return Expected()
    location, into = outlook.location, outlook.below
    again = not set(outlook.last_dimension) & into.fixed_dimensions
    cuts = [outlook.last_dimension] if outlook.last_dimension and again else outlook.free(into)
    segments = [location.at("explore", into, by) for by in cuts[:1]]
    return Expected((*segments, location.at("customers", into, location.by)))
