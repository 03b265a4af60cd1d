"""The screens there are, in the order of their keys: a new one is one more name here."""

from __future__ import annotations

from typing import Final

from ltvtui.tui.views.budget.spec import BUDGET
from ltvtui.tui.views.cohorts.spec import COHORTS
from ltvtui.tui.views.compare.spec import COMPARE
from ltvtui.tui.views.customer.spec import CUSTOMER
from ltvtui.tui.views.customers.spec import CUSTOMERS
from ltvtui.tui.views.explore.spec import EXPLORE
from ltvtui.tui.views.forecast.spec import FORECAST
from ltvtui.tui.views.matrix.spec import MATRIX
from ltvtui.tui.views.overview.spec import OVERVIEW
from ltvtui.tui.views.plan.spec import PLAN
from ltvtui.tui.views.quality.spec import QUALITY
from ltvtui.tui.views.spec import ViewSpec

VIEWS: Final[tuple[ViewSpec, ...]] = (
    *(OVERVIEW, EXPLORE, COHORTS, MATRIX, BUDGET, FORECAST, COMPARE),
    *(CUSTOMERS, CUSTOMER, QUALITY, PLAN),
)
