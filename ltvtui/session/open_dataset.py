"""From a path to a dataset: open, understand, read, clean. The one road that screen and command line take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ltvtui.analytics.budget.terms import BudgetTerms
from ltvtui.analytics.cleaning.clean import CleaningPolicy
from ltvtui.analytics.snapshot import months_followed
from ltvtui.days import parse_day
from ltvtui.errors import LtvError
from ltvtui.query.query import Query
from ltvtui.session.criteria import parse_criteria
from ltvtui.session.dataset import Dataset, build_dataset, completed
from ltvtui.session.dataset_cache import LEAST_ROWS, CachedDataset, DatasetCache
from ltvtui.session.find_mapping import understand
from ltvtui.session.needed import Needs, figures_only
from ltvtui.session.open_request import OpenRequest
from ltvtui.session.opened_dataset import OpenedDataset
from ltvtui.session.reduced_dataset import Doing, reduced_dataset, reducing
from ltvtui.session.request_source import cache_of, layout_of, opened_source
from ltvtui.session.settings import budget_terms_of, policy_of, query_of
from ltvtui.sources.base import Database, Progress, Source, TableChange
from ltvtui.sources.detection.proposal import Proposal
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.mapping_file import SavedMapping, dump
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.read import read, read_first, read_rest
from ltvtui.sources.scan import THREADS
from ltvtui.sources.servers import engine_of, secret_of, where_secrets_go
from ltvtui.sources.shop import Reading, Shop
from ltvtui.sources.values.placeholders import IdRules
from ltvtui.sources.values.zones import DAYS_ONLY
from ltvtui.storage.cache.cache import key_of
from ltvtui.storage.settings_file import load_settings

if TYPE_CHECKING:
    from ltvtui.sources.spend.file import SpendFile

AGAIN = "is read again next time"
"""Said of a shop that cannot be kept."""
Early = Callable[[OpenedDataset], object]
"""Shows a shop of which not all is read; True: that is all that is wanted of it."""
VISIBLE_PASSWORD = (
    "The {secret} in the address is visible to others on this computer (ps), and in the history of the shell: put it "
    "into {place}."
)


def open_shop(
    request: OpenRequest,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    today: int | None = None,
    early: Callable[[OpenedDataset], object] | None = None,
    needs: Needs = figures_only,
    doing: Doing = lambda what, number, steps: None,
) -> OpenedDataset:
    """Read the shop of `request`.

    `early` is called with a large shop as soon as there is of it what `needs` say: its orders may have no ids and
    attributes yet, and its customers none of what describes them. If it answers True, nothing more is needed, and the
    rest is read only to be stored. `today` (days since 1970-01-01) defaults to the clock's.
    Raises Undecided where the mapping is not certain, LtvError for all else that can be mended, Cancelled
    when `cancelled`. `doing` is told the steps of one that is reduced where it lies.
    """
    spent, saved = _spend(request), request.saved()
    trouble, cache = load_settings().trouble, cache_of(request)

    def finished(opened: OpenedDataset, stored: bool) -> OpenedDataset:
        opened = replace(opened, engine=engine_of(request.locator.scheme))
        if trouble:
            opened = replace(opened, notices=(*opened.notices, trouble))  # of now: it is not stored with the shop
        if request.locator.has_password:
            scheme = request.locator.scheme
            visible = VISIBLE_PASSWORD.format(secret=secret_of(scheme), place=where_secrets_go(scheme))
            opened = replace(opened, notices=(*opened.notices, visible))
        if stored and cache is not None and (why := cache.hindrance()):
            notice = f"{request.name} {AGAIN}: {why}."
            opened = replace(opened, notices=tuple(dict.fromkeys((*opened.notices, notice))))
        if saved is not None and saved.criteria:
            opened = _with_criteria(opened, tuple(saved.criteria.items()))
        return opened if spent is None else _with_spend(opened, spent)

    def show(opened: OpenedDataset) -> object:
        return early(finished(opened, request.path is not None)) if early else None

    opened = _opened(request, progress, cancelled, today, (show, needs) if early else None, doing)
    return finished(opened, opened.store is not None)


def _unsure(name: str, read_at: float) -> str:
    """The notice of a shop that was read before, and may have changed."""
    at = datetime.fromtimestamp(read_at).strftime("%H:%M")
    return f"{name} was read at {at}; nothing hints at a change since. Press r to read it again, or use --no-cache."


def _with_criteria(opened: OpenedDataset, given: tuple[tuple[str, str], ...]) -> OpenedDataset:
    """The shop with the groups of criteria of the mapping file; a notice names dimensions that it does not have."""
    mapped = {attribute.name for attribute in opened.mapping.attributes}  # some of them may be read later
    there, criteria = {*opened.dataset.dimensions, *mapped}, parse_criteria(given)
    unknown = [name for name, _ in criteria if name not in there]
    notices = opened.notices
    if unknown:
        verb = "is not a dimension" if len(unknown) == 1 else "are not dimensions"
        notices = (*notices, f"[criteria] of the mapping: {', '.join(unknown)} {verb} of this shop.")
    usable = tuple(pair for pair in criteria if pair[0] in there)
    return replace(opened, dataset=replace(opened.dataset, criteria=usable), notices=notices)


def _with_spend(opened: OpenedDataset, spent: SpendFile) -> OpenedDataset:
    """The shop with the spend of a file; what is stored for the next opening is without."""
    spent.check_currency(opened.dataset.cleaned.currency)
    notices = spent.notices
    if spent.currency is not None and opened.dataset.cleaned.currency is None:
        same = "The shop has no currency: the same one is assumed."
        notices = (*notices, f"The spend in {spent.path.name} is in {spent.currency}. {same}")
    dataset = replace(opened.dataset, spend=spent.rows)
    return replace(opened, dataset=dataset, notices=(*opened.notices, *notices), spend_file=spent.path.name)


def _opened(
    request: OpenRequest,
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
    today: int | None,
    early: tuple[Early, Needs] | None,
    doing: Doing,
) -> OpenedDataset:
    saved = request.saved()
    if request.config is not None and saved is None:
        raise LtvError(f"There is no mapping file {request.config}.", "Write one with `ltvtui config DB --write`.", 2)
    query, budget = query_of(request, saved), budget_terms_of(request, saved)
    policy = policy_of(request, saved)
    day = today if today is not None else day_of(policy)
    with opened_source(request, progress, cancelled) as source:
        if source.fresh:
            progress = None  # the rows were counted once, while they were read from their file
        cached = _dataset_cache(request, source, saved, policy) if request.compute != "there" else None
        stored = cached.find(day, request.again) if cached else None
        if stored is not None:
            stored.dataset.as_of(query)
            policy = replace(policy, time_zone=stored.dataset.time_zone)
            notices = stored.notices
            if stored.read_at is not None:
                notices = (*notices, _unsure(request.name, stored.read_at))
            description = (stored.mapping, stored.proposal, notices, policy)
            opened = OpenedDataset(stored.dataset, query, budget, *description, reading=stored.reading)
            return replace(opened, read_at=stored.read_at)
        change = cached.change() if cached else None
        reader = _Opening(source, request, saved, query, budget, policy, day, progress, cancelled, early, doing)
        found = source.in_one_state(lambda database: reader.read(database, cached, change), cancelled)
        return reader.opened(found, cached)


@dataclass(frozen=True, eq=False)
class _Read:
    """What was read of a shop, and how it was understood."""

    shop: Shop
    mapping: Mapping
    proposal: Proposal | None
    dataset: Dataset | None = None
    """None: not made yet."""


@dataclass(frozen=True, eq=False)
class _Opening:
    """Reads a shop that is not kept as it is."""

    source: Source
    request: OpenRequest
    saved: SavedMapping | None
    query: Query
    budget: BudgetTerms
    policy: CleaningPolicy
    day: int
    progress: Progress | None
    cancelled: Callable[[], bool] | None
    early: tuple[Early, Needs] | None
    """Who is shown a part of a large shop first, and which."""
    doing: Doing
    """Told the steps of a shop that is reduced where it lies."""

    def read(self, database: Database, cached: DatasetCache | None, change: TableChange | None) -> _Read:
        """Everything; only the later rows, where the pages of the file allow it. Within a transaction."""
        zone = self.policy.time_zone
        if cached is not None and change is not None:
            grown = cached.read_on(database, change, zone, self.progress, self.cancelled)
            if grown is not None:
                shop, mapping, proposal = grown
                return _Read(_with_notices(shop, proposal), mapping, proposal)
        mapping, proposal = understand(database, self.request, self.saved)
        there = reducing(database, mapping, self.request.compute)
        if there is not None:
            dataset, shop = reduced_dataset(self.source, there, mapping, self.policy, self.day, self.doing)
            shop, policy = _with_notices(shop, proposal), _as_read(self.policy, shop)
            dataset = around(dataset, shop, policy)
            dataset.as_of(self.query)
            return _Read(shop, mapping, proposal, dataset)
        halves = self._in_two(database, mapping, proposal, cached is not None) if self.early else None
        if halves is not None:
            return halves
        ids = id_rules_of(self.policy)
        shop = read(database, mapping, progress=self.progress, cancelled=self.cancelled, zone=zone, ids=ids)
        return _Read(_with_notices(shop, proposal), mapping, proposal)

    def _in_two(self, database: Database, mapping: Mapping, proposal: Proposal | None, stored: bool) -> _Read | None:
        """A large shop, given to `early` as soon as its figures are ready, then with all the rest, if it is `stored`
        or more is wanted.

        None where nothing is gained by it, or where somebody wrote to the database between the two readings.
        """
        if self.early is None:
            return None
        early, needs = self.early
        needed, zone, ids = needs(mapping), self.policy.time_zone, id_rules_of(self.policy)
        first = read_first(
            database, mapping, needed, progress=self.progress, cancelled=self.cancelled, zone=zone, ids=ids
        )
        if first is None:
            return None
        database.check()
        state, policy = database.state, _as_read(self.policy, first)
        first = _with_notices(first, proposal)
        with database.paused():
            built = build_dataset(first.rows, first.people, first.spend, policy, self.day)
            dataset = around(built, first, policy)
            dataset.as_of(self.query)
            shown = early(
                OpenedDataset(dataset, self.query, self.budget, mapping, proposal, first.notices, self.policy)
            )
        if shown is True and not stored:
            return _Read(first, mapping, proposal, dataset)
        if database.state != state:
            return None
        threads = THREADS if shown is True else 1  # else keys want the other core by now
        shop = read_rest(database, mapping, first, needed, cancelled=self.cancelled, threads=threads)
        dataset = around(completed(dataset, shop.rows, shop.people, shop.spend, policy, self.day), shop, policy)
        return _Read(shop, mapping, proposal, dataset)

    def opened(self, found: _Read, cached: DatasetCache | None) -> OpenedDataset:
        """What was read, as an open shop, and how it is stored in the cache."""
        shop, policy, dataset = found.shop, _as_read(self.policy, found.shop), found.dataset
        if dataset is None:
            dataset = around(build_dataset(shop.rows, shop.people, shop.spend, policy, self.day), shop, policy)
            dataset.as_of(self.query)  # raises now, not on the first screen, where a day is before the first order
        description = (found.mapping, found.proposal, shop.notices)
        opened = OpenedDataset(dataset, self.query, self.budget, *description, policy, reading=Reading.of(shop))
        if cached is None or shop.rows.height < LEAST_ROWS:
            return opened
        entry, horizon = CachedDataset(dataset, *description, Reading.of(shop)), months_followed(self.query.horizon)
        return replace(opened, store=lambda stop: cached.store(entry, shop, horizon, stop))


def preview_dataset(request: OpenRequest, mapping: Mapping, cancelled: Callable[[], bool]) -> Dataset:
    """The shop of `request` under `mapping`, without storing it.

    LtvError where it cannot be read so, Cancelled when `cancelled`.
    """
    policy = policy_of(request, request.saved())
    zone, ids = policy.time_zone, id_rules_of(policy)
    with opened_source(request, cancelled=cancelled) as source:
        shop = source.in_one_state(
            lambda database: read(database, mapping, cancelled=cancelled, zone=zone, ids=ids), cancelled
        )
    policy = _as_read(policy, shop)
    return build_dataset(shop.rows, shop.people, shop.spend, policy, day_of(policy))


def id_rules_of(policy: CleaningPolicy) -> IdRules:
    """What the policy says of ids."""
    return IdRules(policy.force_ids, policy.guests)


def _with_notices(shop: Shop, proposal: Proposal | None) -> Shop:
    """The shop with the notices of how its tables were understood."""
    return replace(shop, notices=(*proposal.notices, *shop.notices)) if proposal and proposal.notices else shop


def day_of(policy: CleaningPolicy) -> int:
    """Today by the clock of the shop's zone, days since 1970-01-01."""
    zone = policy.time_zone
    now = datetime.now(UTC).astimezone(ZoneInfo(zone) if zone else None).date()
    return parse_day(now.isoformat())


def _as_read(policy: CleaningPolicy, shop: Shop) -> CleaningPolicy:
    """The policy as it applies to a shop: one of days alone keeps its own."""
    return replace(policy, time_zone=None) if DAYS_ONLY in shop.notices else policy


def around(dataset: Dataset, shop: Shop, policy: CleaningPolicy) -> Dataset:
    """`dataset` with what stands around its rows."""
    chosen = policy.excluded_statuses != CleaningPolicy().excluded_statuses
    return replace(dataset, facts=replace(shop.facts, statuses_chosen=chosen))


def _spend(request: OpenRequest) -> SpendFile | None:
    if request.spend_file is None:
        return None
    from ltvtui.sources.spend.file import read_spend_file

    return read_spend_file(
        request.spend_file, request.spend_skip_rows, not request.spend_no_header, request.spend_encoding
    )


def _dataset_cache(
    request: OpenRequest, source: Source, saved: SavedMapping | None, policy: CleaningPolicy
) -> DatasetCache | None:
    """The cache of this shop, opened in this way."""
    cache = cache_of(request)
    if cache is None:
        return None
    overrides = {f.name: getattr(request.overrides, f.name) for f in fields(Overrides)}
    mapping = dump(SavedMapping(saved.mapping)) if saved is not None else ""
    layout = layout_of(request, saved)
    identity = request.locator.identity
    key = key_of(identity, overrides, mapping, repr(policy), repr(layout))
    return DatasetCache(cache, key, source, identity)
