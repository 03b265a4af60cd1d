"""From the key to the file: what can leave from where the analyst stands, and what writes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from ltvtui.days import iso
from ltvtui.exporting.audience import AudienceOptions, Worth, write_audience
from ltvtui.exporting.contact_forms import Platform, country_of
from ltvtui.exporting.customers import DEAREST_FIRST, chosen, customers_export, picked
from ltvtui.exporting.destination import Destination, Written
from ltvtui.exporting.formats import Format, check_list, format_of, picture_ending, text_format
from ltvtui.exporting.overwrite import would_replace
from ltvtui.exporting.source import Progress, Stop
from ltvtui.exporting.writing import write, write_picture, write_text
from ltvtui.present.numbers import counted
from ltvtui.present.tables import Table
from ltvtui.session.open_request import OpenRequest
from ltvtui.sources.mapping import Mapping
from ltvtui.tui.dialogs.export import ExportDialog, Offer, Wanted
from ltvtui.tui.main_screen.export_progress import Act, ExportProgress
from ltvtui.tui.main_screen.main_screen import MainScreen
from ltvtui.tui.picture import picture_of_plot, picture_of_screen, plot_on
from ltvtui.tui.widgets.grid import Grid

_AUDIENCES: Final[dict[str, tuple[Platform, Worth | None, str]]] = {
    "google": ("google", None, "ad audience for Google: hashed e-mail and phone"),
    "meta": ("meta", None, "ad audience for Meta: hashed e-mail and phone"),
    "meta value": ("meta", "historic", "ad audience for Meta, with historic LTV"),
    "meta expected": ("meta", "expected", "ad audience for Meta, with expected LTV"),
}
_ROWS: Final = ("columns", "table")
_CONTACTS: Final = ("email", "phone", "country")


@dataclass(frozen=True, eq=False)
class Export:
    """Asks what is to leave, and has it written."""

    main_screen: MainScreen
    request: OpenRequest
    mapping: Mapping

    def ask(self, folder: Path, accepted: Callable[[Path], object]) -> None:
        """Open the dialog; files are proposed in `folder`, and `accepted` is told of the one that is chosen."""

        def answered(wanted: Wanted | None) -> None:
            if wanted is not None:
                accepted(wanted.path.parent)
                self.main_screen.query_one(ExportProgress).send(wanted.path.name, self._act(wanted))

        if self.main_screen.query_one(ExportProgress).busy:
            self.main_screen.app.notify("An export is running: Esc cancels it.", markup=False)
            return
        self.main_screen.app.clear_notifications()  # none shall stand in a picture
        self.main_screen.app.push_screen(ExportDialog(self._offers(), folder, self._check, self._replaced), answered)

    def _offers(self) -> list[Offer]:
        """What can leave from here."""
        main_screen, table = self.main_screen, self._table
        shop, day = self.request.stem, iso(main_screen.dataset.as_of(main_screen.location.query))
        name = self._name
        offers = []
        if table is not None and table.height:
            title = f"current table: {counted(table.height, 'row')} of {name}"
            offers.append(Offer("table", title, f"{shop}-{name}-{day}.csv", _ROWS))
        offers.append(Offer("customers", "customers behind it", f"{shop}-customers-{day}.csv", _ROWS))
        if (document := main_screen.active.document()) is not None:
            endings = ", ".join(document.formats)
            file = f"{shop}-{document.name}-{day}{next(iter(document.formats))}"
            offers.insert(0, Offer("document", f"the whole {document.name}, as {endings}", file, ()))
        if plot_on(main_screen) is not None:
            offers.append(Offer("plot", "current plot, as .svg, .png or .txt", f"{shop}-plot-{day}.svg", ()))
        offers.append(Offer("screen", "whole screen, as .svg, .png or .txt", f"{shop}-{name}-{day}.svg", ()))
        audiences = self._audiences(f"{shop}-{{}}-{day}.csv")
        # Behind the rows; last where there may be nobody to write to.
        customers = next(place for place, offer in enumerate(offers) if offer.id == "customers")
        place = customers + 1 if self._has_email else len(offers)
        return [*offers[:place], *audiences, *offers[place:]]

    def _audiences(self, file: str) -> list[Offer]:
        """Lists for advertisers; of a shop without a column of e-mail addresses one, which asks for it."""
        offers = [
            Offer(id, title, file.format(id.replace(" ", "-")), _CONTACTS) for id, (*_, title) in _AUDIENCES.items()
        ]
        if self._has_email:
            return offers
        return [replace(offers[0], title="ad audience: no e-mail column was found, so name one below")]

    @property
    def _has_email(self) -> bool:
        """Whether a column of addresses is known: of the customers, or one beside the orders that nothing reads."""
        customers = self.mapping.customers
        return bool((customers and customers.email) or self.main_screen.dataset.facts.contacts)

    @property
    def _table(self) -> Table | None:
        """The table in front of the analyst."""
        focused = self.main_screen.focused
        return focused.table if isinstance(focused, Grid) else self.main_screen.active.grid.table

    @property
    def _name(self) -> str:
        return self.main_screen.registry.view(self.main_screen.view).rows_name or self.main_screen.view

    def _destination(self, wanted: Wanted) -> Destination:
        table = wanted.texts.get("table") or (self._name if wanted.id == "table" else "customers")
        return Destination(wanted.path, self.request.path, wanted.replace, table)

    def _check(self, wanted: Wanted) -> None:
        """Raises LtvError where that cannot leave."""
        to, columns = self._destination(wanted), wanted.texts.get("columns", "")
        match wanted.id:
            case "document" if (document := self.main_screen.active.document()) is not None:
                text_format(wanted.path, document.formats)
            case "plot" | "screen":
                picture_ending(wanted.path)
            case "table" if self._table is not None:
                picked(self._table, columns)
                format_of(wanted.path)
            case "customers":
                chosen(self.main_screen.dataset, columns)
                format_of(wanted.path)
            case _:
                check_list(wanted.path)
                country_of(wanted.texts.get("country", ""))
        to.check()

    def _replaced(self, wanted: Wanted) -> str:
        """What would be replaced."""
        rows = wanted.id in ("table", "customers")
        return would_replace(self._destination(wanted), format_of(wanted.path) if rows else None)

    def _act(self, wanted: Wanted) -> Act:
        """What writes it, of what is on screen now, whatever is looked at meanwhile."""
        to, columns = self._destination(wanted), wanted.texts.get("columns", "")
        match wanted.id:
            case "document" if (document := self.main_screen.active.document()) is not None:
                format = text_format(wanted.path, document.formats)
                return lambda progress, stop: write_text(document.write(format), to)
            case "plot" | "screen":
                ending = picture_ending(wanted.path)
                picture = self._picture(wanted.id, ending)
                return lambda progress, stop: write_picture(picture, ending, to)
            case "table" if (table := self._table) is not None:
                return partial(write, picked(table, columns), to, format_of(wanted.path))
            case "customers":
                return self._customers(to, columns, format_of(wanted.path))
        return self._audience(wanted, to)

    def _picture(self, id: str, ending: str) -> str:
        chart = plot_on(self.main_screen) if id == "plot" else None
        return picture_of_screen(self.main_screen, ending) if chart is None else picture_of_plot(chart, ending)

    def _customers(self, to: Destination, columns: str, format: Format) -> Act:
        dataset, location = self.main_screen.dataset, self.main_screen.location
        sort = (location.sort or DEAREST_FIRST) if location.view == "customers" else DEAREST_FIRST

        def act(progress: Progress, stop: Stop) -> Written:
            table, notes = customers_export(dataset, location.query, columns, sort)
            return replace(write(table, to, format, progress, stop), notes=notes)

        return act

    def _audience(self, wanted: Wanted, to: Destination) -> Act:
        dataset, query, texts = self.main_screen.dataset, self.main_screen.location.query, wanted.texts
        platform, value, _ = _AUDIENCES[wanted.id]
        country = country_of(texts.get("country", ""))
        options = AudienceOptions(platform, country, value, texts.get("email") or None, texts.get("phone") or None)
        return lambda progress, stop: write_audience(
            dataset.snapshot(query), self.request, self.mapping, options, to, progress, stop
        )
