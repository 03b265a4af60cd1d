"""The order in which leads go through their stages, as the analyst gave it once."""

from __future__ import annotations

import json
from dataclasses import dataclass

from ltvtui.user_state.filter_steps import Unreadable


@dataclass(frozen=True)
class LeadOrder:
    """Names of stages, as they were given."""

    stages: tuple[str, ...] = ()
    """From the first to the last; empty: guessed from their names."""
    rejected: tuple[str, ...] = ()
    """Stages of leads that were sent back; empty: guessed."""

    def write(self) -> str:
        """JSON that `read_lead_order` reads."""
        return json.dumps({"stages": self.stages, "rejected": self.rejected}, ensure_ascii=False)


def read_lead_order(text: str) -> LeadOrder:
    """The order of `LeadOrder.write`. Raises Unreadable for anything else."""
    try:
        fields = json.loads(text)
        parts = [fields[name] for name in ("stages", "rejected")]
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable("The order of the lead stages cannot be read.") from error
    if not all(isinstance(part, list) and all(isinstance(name, str) for name in part) for part in parts):
        raise Unreadable("The order of the lead stages cannot be read.")
    return LeadOrder(tuple(parts[0]), tuple(parts[1]))
