"""A shop that is watched: what others commit to it is read on, and counted on.

Further rows are read behind the last one that is known. Whether those before are still as they were is found by
reading them again. A shop of up to AT_ONCE rows is read again in the same transaction, and shown as it was at one
commit; a larger one a piece at a time, round and round until no commit is left unproven, and until then it says so.
That goes in either journal mode, and without a column that tells of changes. Where some rows are not as they were,
and where they cannot be told by their ids, everything is read anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

import polars as pl

from ltvtui.analytics.cleaning.clean import clean
from ltvtui.analytics.incremental.booking import awaited, booked, left_out
from ltvtui.analytics.people import listed
from ltvtui.analytics.snapshot import months_followed
from ltvtui.errors import Cancelled, LtvError
from ltvtui.session.dataset import Dataset, build_dataset, grown
from ltvtui.session.open_dataset import around, day_of, id_rules_of
from ltvtui.session.open_request import OpenRequest
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.session.request_source import opened_source
from ltvtui.sources.base import Seen, Torn
from ltvtui.sources.customers_table import read_people
from ltvtui.sources.incremental import Follower, follower, place_of, repeats, rows_of
from ltvtui.sources.read import read
from ltvtui.sources.scan import joined
from ltvtui.sources.shop import ReadCheckpoint, Reading
from ltvtui.sources.spend.table import read_spend
from ltvtui.sources.sql import Value
from ltvtui.sources.values.whole_numbers import whole_numbers

PARTS: Final = 32
"""Frames in which rows that came later may lie, before they are put into one."""
AT_ONCE: Final = 500_000
"""Rows up to which all are read again at every commit: half a second of a core."""
PIECE: Final = 50_000
"""Rows that came later stand in pieces of about so many."""


class Live:
    """The shop of `request`, first as it was `opened`. Close it, or use it in a `with`.

    `today` fixes the day (days since 1970-01-01) after which orders are yet to come; None: the clock's.
    LtvError where its source cannot be watched.
    """

    def __init__(self, request: OpenRequest, opened: OpenedDataset, today: int | None = None) -> None:
        self._request = request
        self._today = today
        self._opened = opened
        with opened_source(request) as source:
            watch = source.watch()
            self._opening_notices = source.opening_notices
        if watch is None:
            raise LtvError(f"{request.name} cannot be watched.", "Import it into a database with `ltvtui import`.")
        self._watch = watch
        self._reading = opened.reading
        self._later: tuple[pl.DataFrame, ...] = ()
        self._extent: ReadCheckpoint | None = opened.reading.extent if opened.reading else None
        self._customer_table = opened.reading.people if opened.reading else None
        self._follower: tuple[object, Follower | None] = (None, None)
        self._behind = False
        """Whether rows were read that the shop does not count yet."""
        self._changed: Value = None
        """The latest value of the change column."""
        self.to_prove = 0
        """Pieces that have to be read again before all commits are proven."""
        self._next = 0

    def poll(self, cancelled: Callable[[], bool]) -> OpenedDataset | None:
        """The shop with what was committed since the last poll; None where it is as before.

        Raises LtvError while it cannot be read, Cancelled when `cancelled`.
        """
        try:
            seen = self._watch.poll()
        except LtvError:
            self._watch.close()  # whatever was known of tables and files may be no longer true
            raise
        if seen is Seen.NOTHING:
            return None
        before = self._opened
        if seen is Seen.ANOTHER:
            self._forget()
        with self._all_or_nothing():
            self._read_on(cancelled)
        return None if self._opened is before else self._opened

    def prove(self, cancelled: Callable[[], bool]) -> OpenedDataset | None:
        """The shop as it is, where one more piece of its rows was not as it was known; None where it was.

        To be called after a look. Raises as look() does.
        """
        if not self.to_prove:
            return None
        with self._all_or_nothing():
            if self._is_proven():
                return None
            self._read_again(cancelled)
        return self._opened

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        """One state of the database; where reading it fails, what was known before is known again."""
        before = vars(self).copy()  # its values are never changed, only replaced
        try:
            with self._watch.transaction():
                yield
        except (LtvError, Cancelled) as error:
            vars(self).update(before)
            self._watch.close()
            if isinstance(error, Torn):
                self._forget()
            raise

    def _forget(self) -> None:
        """Whatever was known of rows may be no longer true: they are read as a whole."""
        self._extent, self._follower = None, (None, None)

    @property
    def trouble(self) -> LtvError | None:
        """Why what is read is of before: the shop was left half-written, and nobody has mended it yet."""
        if not self._watch.is_copy:
            return None
        return LtvError(
            f"{self._request.name} was not closed cleanly: figures show the last committed data.",
            "Watching resumes once the program that writes it has opened it again.",
        )

    @property
    def shop(self) -> Dataset:
        """The shop as it was found last."""
        return self._opened.dataset

    def close(self) -> None:
        """Give back the connection."""
        self._watch.close()

    # -- reading on ------------------------------------------------------------------------------------

    def _read_on(self, cancelled: Callable[[], bool]) -> None:
        """The further rows, and the tables beside them; everything where that is not enough."""
        extent, reader = self._extent, self._reader(cancelled)
        last = reader.last() if reader else None
        if extent is None or reader is None or last is None or last < extent.pieces[-1][0]:
            self._read_again(cancelled)
            return
        self.to_prove = len(extent.pieces)
        mended = reader.has_change_column and self._mend(reader, extent.pieces[-1][0])
        self._behind = self._behind or mended
        extent = self._extent or extent
        if sum(rows for _, rows in extent.pieces) <= AT_ONCE and not self._are_all_proven(reader, extent):
            self._read_again(cancelled)
            return
        people, spend = self._beside()
        if mended:
            self._customer_table = None
        if self._customer_table is None and not mended and people is not None and self._is_of(people):
            self._customer_table = people
        described = self._customer_table is None or people is None or _begins_with(people, self._customer_table)
        if last == extent.pieces[-1][0]:
            if self._behind or (
                people is not None and (self._customer_table is None or not people.equals(self._customer_table))
            ):
                self._recount(people, spend)
            elif not _same(spend, self._opened.dataset.spend):
                self._show(replace(self._opened.dataset, spend=spend))
            return
        scanned = reader.between(extent.pieces[-1][0] + 1, last, last - extent.pieces[-1][0])
        rows = whole_numbers(scanned.frame)
        if scanned.mixed or (reader.may_repeat and self._repeat(rows)):
            self._read_again(cancelled)
            return
        waits, self._behind = self._behind, True  # until they are counted, should that fail
        self._later = (*self._later, rows)
        self._extent = replace(extent, pieces=self._with_piece(extent.pieces, (last, rows.height)))
        self.to_prove = len(self._extent.pieces) if self.to_prove else 0
        is_described = people is None or (described and self._customer_table is not None)
        dataset = self._grown(rows, people, spend) if is_described and not waits else None
        if dataset is None:
            self._recount(people, spend)
        else:
            self._customer_table = people
            self._show(dataset)

    def _grown(self, rows: pl.DataFrame, people: pl.DataFrame | None, spend: pl.DataFrame | None) -> Dataset | None:
        policy = self._opened.policy
        if {"refund_of", "order_id"} <= set(rows.columns) and policy.refunds == "net":
            parts = self._all_rows()
            if any(awaited(part, rows) for part in parts):
                return None
            rows = booked(self._opened.dataset.cleaned, rows)
            if any(left_out(part, rows) for part in parts):
                return None
        try:
            more = clean(rows, policy)
        except LtvError:
            return None  # all rows together decide whether it is true of them
        if more.orders.is_empty():
            return None
        return grown(
            self._opened.dataset, months_followed(self._opened.query.horizon), more, people, spend, self._day
        )

    def _mend(self, reader: Follower, last: int) -> bool:
        """Read the pieces again that have rows with a later change; False where none was."""
        assert self._extent is not None
        since, self._changed = self._changed, reader.last_change()
        if since is None or self._reading is None:
            return False
        pieces, mended = list(self._extent.pieces), False
        for place in sorted({place_of(self._extent.pieces, row) for row in reader.changed(since, last)}):
            if reader.same(self._piece(place), tuple(pieces), place):
                continue
            start, count = rows_of(tuple(pieces), place)
            rows, now = joined(self._all_rows()), whole_numbers(reader.piece(tuple(pieces), place))
            rows = whole_numbers(joined([rows.slice(0, start), now, rows.slice(start + count)]))
            pieces[place] = (pieces[place][0], now.height)
            self._extent, mended = replace(self._extent, pieces=tuple(pieces)), True
            self._reading, self._later = replace(self._reading, rows=rows.slice, height=rows.height), ()
        return mended

    def _recount(self, people: pl.DataFrame | None, spend: pl.DataFrame | None) -> None:
        """Clean and count all rows so far."""
        if self._reading is None:
            self._read_again(lambda: False)
            return
        dataset = build_dataset(
            whole_numbers(joined(self._all_rows())), people, spend, self._opened.policy, self._day
        )
        dataset = replace(dataset, facts=self._opened.dataset.facts)
        self._customer_table = people
        self._show(dataset)

    def _read_again(self, cancelled: Callable[[], bool]) -> None:
        """Everything, as the first time."""
        opened = self._opened
        database = self._watch.database
        policy = opened.policy
        ids = id_rules_of(policy)
        shop = read(database, opened.mapping, cancelled=cancelled, zone=policy.time_zone, ids=ids)
        spend = shop.spend if opened.spend_file is None else opened.dataset.spend
        dataset = around(build_dataset(shop.rows, shop.people, spend, opened.policy, self._day), shop, opened.policy)
        self._reading, self._later = Reading.of(shop), ()
        self._extent, self._customer_table, self.to_prove = self._reading.extent, shop.people, 0
        self._follower = (None, None)
        self._show(dataset)

    def _all_rows(self) -> list[pl.DataFrame]:
        """All rows so far, in their order."""
        first = [self._reading.rows(0, self._reading.height)] if self._reading else []
        if len(self._later) > PARTS:
            self._later = (joined(list(self._later)).rechunk(),)
        return [*first, *self._later]

    def _show(self, dataset: Dataset) -> None:
        # Notices of the first opening are dropped: it may be opened otherwise now.
        others = [notice for notice in self._opened.notices if notice not in self._opening_notices]
        notices = (*self._watch.database.notices, *others)
        self._behind = False
        dataset = replace(dataset, criteria=self._opened.dataset.criteria)
        self._opened = replace(self._opened, dataset=dataset, notices=notices, reading=self._so_far(), store=None)

    def _so_far(self) -> Reading | None:
        """All that is known by now: who watches the shop again goes on from there, and counts nothing twice."""
        first, later = self._reading, self._later
        if first is None:
            return None

        def rows(start: int, count: int) -> pl.DataFrame:
            inside = max(min(count, first.height - start), 0)
            parts = [first.rows(start, inside)] if inside or not later else []
            behind = joined(list(later)).slice(max(start - first.height, 0), count - inside) if later else None
            return joined([*parts, behind]) if behind is not None and count > inside else parts[0]

        height = first.height + sum(part.height for part in later)
        return Reading(rows, height, self._customer_table, self._extent)

    def _beside(self) -> tuple[pl.DataFrame | None, pl.DataFrame | None]:
        """The tables of customers and of spend."""
        database, mapping = self._watch.database, self._opened.mapping
        people = read_people(database, mapping.customers, []) if mapping.customers else None
        if self._opened.spend_file is not None or mapping.spend is None:
            return people, self._opened.dataset.spend
        return people, read_spend(database, mapping.spend, [])

    def _reader(self, cancelled: Callable[[], bool]) -> Follower | None:
        """Who reads on in the database that is open; None where only the whole can be read."""
        database = self._watch.database
        if self._follower[0] is not database:
            opened = self._opened
            zone = opened.policy.time_zone
            found = follower(database, opened.mapping, self._extent, zone) if self._extent is not None else None
            self._follower = (database, found)
        return self._follower[1]

    def _is_of(self, people: pl.DataFrame) -> bool:
        """Whether the dataset, stored without it, is of a customer table with as many customers as `people`."""
        counted = self._opened.dataset.people
        if counted.in_table is None or counted.leads is None:
            return False
        return listed(people).height == int(counted.in_table.sum()) + counted.leads.height

    def _repeat(self, rows: pl.DataFrame) -> bool:
        """Whether further rows repeat an order id, their own or an earlier one."""
        if repeats(rows):
            return True
        existing = self._opened.dataset.cleaned.orders["order_id"]
        ids = rows["order_id"].drop_nulls()
        if existing.dtype != ids.dtype:
            existing, ids = existing.cast(pl.String), ids.cast(pl.String)
        return bool(existing.is_in(ids.implode()).any())

    def _with_piece(self, pieces: tuple[tuple[int, int], ...], piece: tuple[int, int]) -> tuple[tuple[int, int], ...]:
        """`pieces` and one more, which is added to the last of those that came later as long as that is small."""
        *firsts, (_, height) = pieces
        later = sum(count for _, count in pieces) - (self._reading.height if self._reading else 0)
        if later and height < PIECE:
            return (*firsts, (piece[0], height + piece[1]))
        return (*pieces, piece)

    # -- proving ---------------------------------------------------------------------------------------

    def _is_proven(self) -> bool:
        """Read one piece again; False where it is not as it was."""
        assert self._extent is not None
        pieces = self._extent.pieces
        reader = self._reader(lambda: False)
        if reader is None or self._reading is None:
            return False
        self._next %= len(pieces)
        same = reader.same(self._piece(self._next), pieces, self._next)
        self._next, self.to_prove = self._next + 1, self.to_prove - 1
        return same

    def _are_all_proven(self, reader: Follower, extent: ReadCheckpoint) -> bool:
        """Read all pieces again, in the transaction in which the shop is read on."""
        proven = all(reader.same(self._piece(place), extent.pieces, place) for place in range(len(extent.pieces)))
        self.to_prove = 0
        return proven

    def _piece(self, place: int) -> pl.DataFrame:
        """The rows of one piece as they are known."""
        assert self._extent is not None
        assert self._reading is not None
        start, count = rows_of(self._extent.pieces, place)
        if start < self._reading.height:
            return self._reading.rows(start, count)
        return joined(list(self._later)).slice(start - self._reading.height, count)

    @property
    def _day(self) -> int:
        return self._today if self._today is not None else day_of(self._opened.policy)


def _begins_with(table: pl.DataFrame, before: pl.DataFrame) -> bool:
    return table.height >= before.height and table.head(before.height).equals(before)


def _same(one: pl.DataFrame | None, other: pl.DataFrame | None) -> bool:
    return one is other or (one is not None and other is not None and one.equals(other))
