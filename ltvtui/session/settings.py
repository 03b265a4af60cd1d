"""What is agreed on before a shop is read: said with the request, else saved with its mapping, else remembered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from ltvtui.analytics.abcxyz import SHARES, VARIATION
from ltvtui.analytics.budget.terms import BudgetTerms
from ltvtui.analytics.cleaning.barred import EXCLUDED_STATUSES
from ltvtui.analytics.cleaning.clean import CleaningPolicy
from ltvtui.analytics.rfm.names import NAMES_HELP, Names, read_names, usual_names
from ltvtui.analytics.rules import Rules
from ltvtui.analytics.tiers.tiers import TierRule, parse_rule, parse_tier_value
from ltvtui.days import parse_day
from ltvtui.errors import LtvError
from ltvtui.query.query import Query
from ltvtui.query.terms import (
    parse_abc,
    parse_churn_gap,
    parse_discount,
    parse_entry,
    parse_horizon,
    parse_margin,
    parse_payback_limit,
    parse_rfm,
    parse_target,
    parse_time_zone,
    parse_week_start,
    parse_xyz,
)
from ltvtui.session.open_request import OpenRequest
from ltvtui.sources.mapping_file import SavedMapping
from ltvtui.storage.regular_file import read_text
from ltvtui.storage.settings_file import config_dir, unreachable

TERMS: Final = (
    *("as_of", "horizon", "churn_gap", "entry", "margin", "discount", "tier_rule", "tier_value"),
    *("week_start", "rfm", "rfm_names", "abc", "xyz"),
    *("channel", "target", "payback_limit"),
)
"""Names of the terms that can be said of a shop."""


def query_of(request: OpenRequest, saved: SavedMapping | None) -> Query:
    """The query to begin with: what was said, else what is remembered of this shop, else the defaults."""
    words = _words(request, saved)
    return query_from(words, _rfm_names(words.get("rfm_names")))


def query_from(words: Mapping[str, str], names: Names | None = None) -> Query:
    """The query of terms as text, those of Query.terms and as_of; RFM segments have the usual names, or `names`.

    Raises LtvError (exit code 2) for what cannot be.
    """
    rule = parse_rule(words["tier_rule"]) if "tier_rule" in words else TierRule()
    rfm = replace(parse_rfm(words.get("rfm", "")), names=names or usual_names())
    shares = parse_abc(words["abc"]) if "abc" in words else SHARES
    limits = parse_xyz(words["xyz"]) if "xyz" in words else VARIATION
    return Query(
        as_of=parse_day(words["as_of"]) if "as_of" in words else None,
        horizon=parse_horizon(words.get("horizon", "12")),
        churn_gap=parse_churn_gap(words["churn_gap"]) if "churn_gap" in words else None,
        entry=parse_entry(words.get("entry", "auto")),
        margin=parse_margin(words["margin"]) if "margin" in words else None,
        discount=parse_discount(words.get("discount", "0")),
        tier_rule=replace(rule, value=parse_tier_value(words.get("tier_value", "historic"))),
        week_start=parse_week_start(words.get("week_start", "monday")),
        rules=Rules(rfm, shares, limits),
    )


def budget_terms_of(request: OpenRequest, saved: SavedMapping | None) -> BudgetTerms:
    """What is agreed on about spend: what was said, else what is saved or remembered, else the defaults."""
    words = _words(request, saved)
    return BudgetTerms(
        dimension=words.get("channel"),
        target=parse_target(words.get("target", "3")),
        payback_limit=parse_payback_limit(words.get("payback_limit", "12")),
        aliases=tuple(saved.aliases.items()) if saved else (),
    )


def _words(request: OpenRequest, saved: SavedMapping | None) -> dict[str, str]:
    """Terms as text: options go before the mapping file, and that before the user state."""
    in_file = {k: str(v) for k, v in saved.shop.items()} if saved else {}
    if unknown := set(in_file) - set(TERMS):
        raise LtvError(
            f"Unknown setting {min(unknown)!r} in [shop] of the mapping file.",
            f"The settings are {', '.join(TERMS[:-1])} and {TERMS[-1]}.",
            2,
        )
    if "rfm_names" in in_file:
        in_file["rfm_names"] = str(request.mapping_file.parent / Path(in_file["rfm_names"]).expanduser())
    return {**request.user_state, **in_file, **request.terms}


def _rfm_names(given: str | None) -> Names:
    """Names of RFM segments: of the `given` file, else of the user's own for all shops, else the usual."""
    table = names_table(given)
    return usual_names() if table is None else read_names(table)


def names_table(given: str | None = None) -> str | None:
    """The text of the file of RFM names; None where the usual names are in use."""
    if given is None and unreachable() is not None:
        return None
    path = Path(given).expanduser() if given is not None else config_dir() / "rfm.toml"
    try:
        return read_text(path)
    except FileNotFoundError:
        if given is None:
            return None
        raise LtvError(f"There is no file of RFM names {path}.", NAMES_HELP, 2) from None
    except (OSError, UnicodeDecodeError) as error:
        raise LtvError(f"The file of RFM names {path} cannot be read.", NAMES_HELP, 2) from error


def policy_of(request: OpenRequest, saved: SavedMapping | None) -> CleaningPolicy:
    """The cleaning policy: what was said, else what is saved, else metrics.md §1."""
    words = {**(dict(saved.cleaning) if saved else {}), **request.cleaning}
    choices: dict[str, tuple[object, ...]] = {
        "refunds": ("net", "drop", "keep"),
        "zero": ("count", "drop"),
        "repeats": ("auto", "keep", "drop"),
        "guests": ("drop", "keep"),
        "force_ids": (False, True),
    }
    for name, allowed in choices.items():
        if words.get(name, allowed[0]) not in allowed:
            raise LtvError(
                f"Invalid cleaning rule {name}: {words[name]!r}.",
                f"Choose one of {', '.join(str(choice).lower() for choice in allowed)}.",
                2,
            )
    unknown = set(words) - {*choices, "excluded_statuses", "currency", "time_zone"}
    if unknown:
        raise LtvError(
            f"Unknown cleaning rule {min(unknown)!r}.",
            "The rules are refunds, zero, repeats, guests, force_ids, excluded_statuses, currency and time_zone.",
            2,
        )
    statuses = words.get("excluded_statuses", EXCLUDED_STATUSES)
    if isinstance(statuses, str):
        statuses = [s.strip() for s in statuses.split(",") if s.strip()]
    texts = [words[name] for name in ("currency", "time_zone") if name in words]
    if not isinstance(statuses, list | tuple) or not all(isinstance(text, str) for text in texts):
        raise LtvError(
            "A cleaning rule of the mapping file has the wrong type.",
            'Write excluded_statuses = ["cancelled"], currency = "EUR" and time_zone = "Europe/Berlin".',
            2,
        )
    if "time_zone" in words:
        words["time_zone"] = parse_time_zone(words["time_zone"])
    return CleaningPolicy(**{**words, "excluded_statuses": tuple(str(s) for s in statuses)})
