"""From a path to a book: open, understand, read, clean. The one road that screen and command line take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from ltvtui.analytics.abcxyz import SHARES, VARIATION
from ltvtui.analytics.clean import EXCLUDED_STATUSES, CleaningPolicy
from ltvtui.analytics.rfm_names import NAMES_HELP, Names, read_names, usual_names
from ltvtui.analytics.rules import Rules
from ltvtui.analytics.tiers import TierRule, parse_rule
from ltvtui.book import Book, completed, open_book
from ltvtui.config import cache_dir, config_dir, load_settings
from ltvtui.days import parse_day
from ltvtui.errors import LtvError
from ltvtui.lens import Lens
from ltvtui.shelf import LEAST_ROWS, Kept, Shelf
from ltvtui.sources.cache import Cache, key_of
from ltvtui.sources.detect import Proposal, propose
from ltvtui.sources.mapping import Mapping
from ltvtui.sources.mapping_file import SavedMapping, dump, load, mapping_path
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.read import Shop, read, read_first, read_rest
from ltvtui.sources.spend_file import SpendFile, read_spend_file
from ltvtui.sources.sqlite import Database
from ltvtui.sources.zones import DAYS_ONLY
from ltvtui.terms import (
    parse_abc,
    parse_churn_gap,
    parse_discount,
    parse_horizon,
    parse_margin,
    parse_rfm,
    parse_time_zone,
    parse_week_start,
    parse_xyz,
)

TERMS: Final = (
    *("as_of", "horizon", "churn_gap", "margin", "discount", "tier_rule", "week_start"),
    *("rfm", "rfm_names", "abc", "xyz"),
)
"""Names of the terms that can be said of a shop."""

Progress = Callable[[int, int], None]
Keep = Callable[[Callable[[], bool]], "str | None"]
"""Gives up where its argument says so. None when it is kept, else why it was not."""


@dataclass(frozen=True)
class Request:
    """What to open, and all that was said about it."""

    path: Path
    overrides: Overrides = field(default_factory=Overrides)
    """How columns are to be understood; goes before what is saved."""
    config: Path | None = None
    """Mapping file to use instead of the one kept for this database."""
    terms: dict[str, str] = field(default_factory=dict)
    """Of TERMS, as text; goes before what is saved."""
    remembered: dict[str, str] = field(default_factory=dict)
    """Terms last chosen on screen for this shop; they give way to what is saved and to what is said."""
    cleaning: dict[str, Any] = field(default_factory=dict)
    """Fields of CleaningPolicy; goes before what is saved."""
    spend_file: Path | None = None
    """File with the spend, instead of the table of the shop."""
    cache: bool = True
    """Whether what was kept of an earlier opening may be used, and this one is kept."""

    @property
    def shop_key(self) -> str:
        """Under which the terms chosen on screen are remembered, whatever mapping file is used."""
        return mapping_path(config_dir(), self.path).stem

    @property
    def mapping_file(self) -> Path:
        """Where the mapping of this database is kept."""
        return self.config or mapping_path(config_dir(), self.path)


@dataclass(frozen=True, eq=False)
class Opened:
    """A shop that can be asked."""

    book: Book
    lens: Lens
    mapping: Mapping
    proposal: Proposal | None
    """How the mapping was found; None where it was saved."""
    notices: tuple[str, ...]
    keep: Keep | None = None
    """Keeps the shop for the next opening: seconds of work, for when the figures stand. None: nothing to keep."""


class Undecided(LtvError):
    """The columns cannot be told apart without the analyst."""

    def __init__(self, proposal: Proposal, error: LtvError) -> None:
        super().__init__(error.what, error.mend, error.exit_code)
        self.proposal = proposal


def open_shop(
    request: Request,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    today: int | None = None,
    early: Callable[[Opened], None] | None = None,
) -> Opened:
    """Read the shop of `request`.

    `early` is told of a large shop as soon as its figures stand; its orders have no ids and attributes yet,
    and its customers none of what describes them. `today` (days since 1970-01-01) defaults to the clock's.
    Raises Undecided where the mapping is not certain, LtvError for all else that can be mended, Cancelled
    when `cancelled` says so.
    """
    spent = read_spend_file(request.spend_file) if request.spend_file is not None else None
    opened = _opened(request, progress, cancelled, today, early)
    return opened if spent is None else _with_spend(opened, spent)


def _with_spend(opened: Opened, spent: SpendFile) -> Opened:
    """The shop with the spend of a file; what is kept for the next opening is without."""
    spent.check_currency(opened.book.cleaned.currency)
    book = replace(opened.book, spend=spent.rows)
    return replace(opened, book=book, notices=(*opened.notices, *spent.notices))


def _opened(
    request: Request,
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
    today: int | None,
    early: Callable[[Opened], None] | None,
) -> Opened:
    saved = load(request.mapping_file)
    if request.config is not None and saved is None:
        raise LtvError(f"There is no mapping file {request.config}.", "Write one with `ltvtui config DB --write`.", 2)
    lens = lens_of(request, saved)
    policy = policy_of(request, saved)
    zone = policy.time_zone
    now = datetime.now(UTC).astimezone(ZoneInfo(zone) if zone else None).date()
    day = today if today is not None else parse_day(now.isoformat())
    shelf = _shelf(request, saved, policy)
    found = shelf.find(day) if shelf else None
    if found is not None:
        found.book.as_of(lens)
        return Opened(found.book, lens, found.mapping, found.proposal, found.notices)
    change = shelf.change() if shelf else None
    book: Book | None = None
    with Database.open(request.path) as database:
        grown = shelf.read_on(database, change, zone, progress, cancelled) if shelf and change else None
        if grown is not None:
            shop, mapping, proposal = grown
        else:
            mapping, proposal = understand(database, request, saved)

            def told(found: Book, notices: tuple[str, ...]) -> None:
                found.as_of(lens)
                if early is not None:
                    early(Opened(found, lens, mapping, proposal, notices))

            halves = _in_two(database, mapping, policy, day, told, progress, cancelled) if early else None
            if halves is not None:
                shop, book = halves
            else:
                shop = read(database, mapping, progress=progress, cancelled=cancelled, zone=zone)
    if book is None:
        book = open_book(shop.rows, shop.people, shop.spend, _as_read(policy, shop), day)
        book.as_of(lens)  # says now, not on the first screen, that a day is before the first order
    opened = Opened(book, lens, mapping, proposal, shop.notices)
    if shelf is None or shop.rows.height < LEAST_ROWS:
        return opened
    kept = Kept(book, mapping, proposal, shop.notices)
    return replace(opened, keep=lambda stop: shelf.keep(kept, shop, lens.horizon, stop))


def _in_two(
    database: Database,
    mapping: Mapping,
    policy: CleaningPolicy,
    day: int,
    told: Callable[[Book, tuple[str, ...]], None],
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
) -> tuple[Shop, Book] | None:
    """A large shop, told of as soon as its figures stand, then with all the rest.

    None where nothing is gained by it, or where somebody wrote to the database between the two readings.
    """
    before = database.commits()
    first = read_first(database, mapping, progress=progress, cancelled=cancelled, zone=policy.time_zone)
    if first is None:
        return None
    policy = _as_read(policy, first)
    book = open_book(first.rows, None, None, policy, day)
    told(book, first.notices)
    shop = read_rest(database, mapping, first, cancelled=cancelled)
    if shop is None or database.commits() != before or database.changed_under_us():
        return None
    return shop, completed(book, shop.rows, shop.people, shop.spend, policy, day)


def _as_read(policy: CleaningPolicy, shop: Shop) -> CleaningPolicy:
    """The policy as it applies to a shop: one of days alone keeps its own."""
    return replace(policy, time_zone=None) if DAYS_ONLY in shop.notices else policy


def _shelf(request: Request, saved: SavedMapping | None, policy: CleaningPolicy) -> Shelf | None:
    """Where this shop, opened in this way, is kept."""
    limit = load_settings().cache_limit
    if not request.cache or not limit:
        return None
    said = {f.name: getattr(request.overrides, f.name) for f in fields(Overrides)}
    mapping = dump(saved.mapping) if saved is not None else ""
    key = key_of(str(request.path.resolve()), said, mapping, repr(policy))
    return Shelf(Cache(cache_dir(), limit), key, request.path)


def understand(database: Database, request: Request, saved: SavedMapping | None) -> tuple[Mapping, Proposal | None]:
    """The mapping: as saved with what was said changed in it, else as detected."""
    said = {f.name: v for f in fields(Overrides) if (v := getattr(request.overrides, f.name)) is not None}
    if saved is not None and saved.mapping is not None and "orders" not in said:
        return _changed(saved.mapping, said), None
    proposal = propose(database, request.overrides)
    try:
        return proposal.demand(), proposal
    except LtvError as error:
        raise Undecided(proposal, error) from error


def _changed(mapping: Mapping, said: dict[str, str]) -> Mapping:
    """A saved mapping with single roles said anew; "" takes a role away."""
    known = {f.name for f in fields(Mapping)}
    for role in ("orders", "customer", "date", "amount"):
        if said.get(role) == "":
            raise LtvError(f"A shop cannot be without {role}.", f"Name its column: --{role} COLUMN", 2)
    changes: dict[str, Any] = {k: v or None for k, v in said.items() if k in known}
    if "date" in changes or "date_format" in said:
        changes["date_formats"] = tuple(said.get("date_format", "").replace(",", " ").split())
    if "customers" in changes or "spend" in changes:
        raise LtvError(
            "Customer and spend tables of a saved mapping are changed in its file.",
            "Edit the file, or leave it aside with --orders TABLE.",
            2,
        )
    return replace(mapping, **changes)


def lens_of(request: Request, saved: SavedMapping | None) -> Lens:
    """The lens to begin with: what was said, else what is remembered of this shop, else the defaults."""
    kept = {k: str(v) for k, v in saved.shop.items()} if saved else {}
    if unknown := set(kept) - set(TERMS):
        raise LtvError(
            f"There is no term {min(unknown)!r} in [shop] of the mapping file.",
            f"There are {', '.join(TERMS[:-1])} and {TERMS[-1]}.",
            2,
        )
    if "rfm_names" in kept:
        kept["rfm_names"] = str(request.mapping_file.parent / Path(kept["rfm_names"]).expanduser())
    words = {**request.remembered, **kept, **request.terms}
    rule = parse_rule(words["tier_rule"]) if "tier_rule" in words else TierRule()
    rfm = replace(parse_rfm(words.get("rfm", "")), names=_rfm_names(words.get("rfm_names")))
    shares = parse_abc(words["abc"]) if "abc" in words else SHARES
    limits = parse_xyz(words["xyz"]) if "xyz" in words else VARIATION
    return Lens(
        as_of=parse_day(words["as_of"]) if "as_of" in words else None,
        horizon=parse_horizon(words.get("horizon", "12")),
        churn_gap=parse_churn_gap(words["churn_gap"]) if "churn_gap" in words else None,
        margin=parse_margin(words["margin"]) if "margin" in words else None,
        discount=parse_discount(words.get("discount", "0")),
        tier_rule=rule,
        week_start=parse_week_start(words.get("week_start", "monday")),
        rules=Rules(rfm, shares, limits),
    )


def _rfm_names(said: str | None) -> Names:
    """Names of RFM segments: of the file that was said, else of the user's own for all shops, else the usual."""
    table = names_table(said)
    return usual_names() if table is None else read_names(table)


def names_table(said: str | None = None) -> str | None:
    """The table of RFM names as it stands in a file; None where the usual one is in force."""
    path = Path(said).expanduser() if said is not None else config_dir() / "rfm.toml"
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        if said is None:
            return None
        raise LtvError(f"There is no table of RFM names {path}.", NAMES_HELP, 2) from None
    except (OSError, UnicodeDecodeError) as error:
        raise LtvError(f"The table of RFM names {path} cannot be read.", NAMES_HELP, 2) from error


def policy_of(request: Request, saved: SavedMapping | None) -> CleaningPolicy:
    """The cleaning policy: what was said, else what is saved, else metrics.md §1."""
    words = {**(dict(saved.cleaning) if saved else {}), **request.cleaning}
    choices = {
        "refunds": ("net", "drop", "keep"),
        "zero": ("count", "drop"),
        "repeats": ("auto", "keep", "drop"),
    }
    for name, allowed in choices.items():
        if words.get(name, allowed[0]) not in allowed:
            raise LtvError(
                f"The cleaning rule {name} cannot be {words[name]!r}.",
                f"Choose one of {', '.join(allowed)}.",
                2,
            )
    unknown = set(words) - {*choices, "excluded_statuses", "currency", "time_zone"}
    if unknown:
        raise LtvError(
            f"There is no cleaning rule {min(unknown)!r}.",
            "There are refunds, zero, repeats, excluded_statuses, currency and time_zone.",
            2,
        )
    statuses = words.get("excluded_statuses", EXCLUDED_STATUSES)
    if isinstance(statuses, str):
        statuses = [s.strip() for s in statuses.split(",") if s.strip()]
    texts = [words[name] for name in ("currency", "time_zone") if name in words]
    if not isinstance(statuses, list | tuple) or not all(isinstance(text, str) for text in texts):
        raise LtvError(
            "A cleaning rule of the mapping file is of the wrong kind.",
            'Write excluded_statuses = ["cancelled"], currency = "EUR" and time_zone = "Europe/Berlin".',
            2,
        )
    if "time_zone" in words:
        words["time_zone"] = parse_time_zone(words["time_zone"])
    return CleaningPolicy(**{**words, "excluded_statuses": tuple(str(s) for s in statuses)})
