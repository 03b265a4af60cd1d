"""Where RFM, ABC and XYZ cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ltvtui.analytics.rfm import FIFTHS, Cuts, written
from ltvtui.analytics.rules import Rules
from ltvtui.lens import Lens
from ltvtui.terms import parse_abc, parse_rfm, parse_xyz
from ltvtui.tui.dialogs.fields import Field, FieldsDialog


class RulesDialog(FieldsDialog[Lens]):
    """One field a rule. Beside an empty one stands where its cuts lie now."""

    def __init__(self, lens: Lens, cuts: Cuts, currency: str, tried: Callable[[Lens], object]) -> None:
        short, rfm = lens.rules.short(), lens.rules.rfm
        shares = written([share * 100 for share in rfm.quantiles]) if rfm.quantiles != FIFTHS else ""
        scores = (
            ("R", "days", rfm.recency, cuts.recency),
            ("F", "orders", rfm.frequency, cuts.frequency),
            ("M", currency or "money", rfm.monetary, cuts.monetary),
        )
        super().__init__(
            "Cuts",
            (
                Field("quantiles", "RFM quantiles, %", shares, "20/40/60/80"),
                *(
                    Field(letter, f"{letter}, {unit}", written(own or ()), f"at the quantiles: {written(now)}")
                    for letter, unit, own, now in scores
                ),
                Field("abc", "ABC, % of revenue", short["abc"], "80/95"),
                Field("xyz", "XYZ, variation", short["xyz"], "0.5/1; off where purchases are rare"),
            ),
        )
        self._lens = lens
        self._tried = tried

    def tried(self, read: Lens) -> None:
        """Rules that could be accepted."""
        self._tried(read)

    def read(self, texts: dict[str, str]) -> Lens:
        """The lens under the rules that were typed; names of segments stay."""
        said = (f"{name}:{texts[name].replace(' ', '')}" for name in ("quantiles", "R", "F", "M") if texts[name])
        rfm = replace(parse_rfm(" ".join(said)), names=self._lens.rules.rfm.names)
        shares, limits = parse_abc(texts["abc"] or "80/95"), parse_xyz(texts["xyz"] or "0.5/1")
        return replace(self._lens, rules=Rules(rfm, shares, limits))
