"""Where RFM, ABC and XYZ cut: each shop may have its own (metrics.md §6, §7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from ltvtui.analytics.abcxyz import SHARES, VARIATION
from ltvtui.analytics.rfm.rfm import RfmRule
from ltvtui.errors import LtvError

ABC_HELP: Final = "Give two rising shares of revenue below 100, such as 80/95."
XYZ_HELP: Final = "Give two rising coefficients of variation, such as 0.5/1, or off."


@dataclass(frozen=True)
class Rules:
    """Rules of the cuts that place customers among all of the shop."""

    rfm: RfmRule = field(default_factory=RfmRule)
    abc: tuple[float, float] = SHARES
    """Running shares of revenue before a customer up to which they are A, and up to which B."""
    xyz: tuple[float, float] | None = VARIATION
    """Coefficients of variation of gaps up to which a customer is X, and up to which Y; None: not told apart,
    for shops where purchases are rare by nature."""

    def __post_init__(self) -> None:
        """Refuse cuts that part nothing."""
        if not 0 < self.abc[0] <= self.abc[1] < 1:
            raise LtvError("Invalid shares for ABC.", ABC_HELP, 2)
        if self.xyz is not None and not 0 < self.xyz[0] <= self.xyz[1] < float("inf"):
            raise LtvError("Invalid limits for XYZ.", XYZ_HELP, 2)

    def short(self) -> dict[str, str]:
        """The rules by name, as terms reads them; names of RFM segments are a file and not among them."""
        low, high = (round(share * 100, 6) for share in self.abc)
        limits = "off" if self.xyz is None else "/".join(f"{limit:.12g}" for limit in self.xyz)
        return {"rfm": self.rfm.short(), "abc": f"{low:.12g}/{high:.12g}", "xyz": limits}
