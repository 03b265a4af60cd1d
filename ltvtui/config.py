"""Settings that are remembered: the app's own, and what was agreed on for each shop.

Everything lies as TOML in the platform's configuration directory, or in LTVTUI_CONFIG_DIR.
"""

from __future__ import annotations

import os
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomlkit
from platformdirs import user_config_path
from tomlkit.exceptions import TOMLKitError

from ltvtui.atomic import write_private
from ltvtui.errors import LtvError


@dataclass(frozen=True)
class Settings:
    """The app's own settings, from config.toml."""

    theme: str = "textual-dark"
    """Name of a Textual theme; changed in the palette."""
    mouse: bool = True
    """Whether the mouse is used; it costs bytes on a slow link. LTVTUI_MOUSE=0 turns it off."""
    keys: Table[str, str] = field(default_factory=dict)
    """Other keys for commands, by id: `explore = "e,2"`."""


def config_dir() -> Path:
    """The directory of all settings."""
    chosen = os.environ.get("LTVTUI_CONFIG_DIR")
    return Path(chosen) if chosen else user_config_path("ltvtui", appauthor=False)


def load_settings() -> Settings:
    """Settings from config.toml and the environment; defaults where there are none.

    Raises LtvError (exit code 2) where the file cannot be read or holds something else.
    """
    path = config_dir() / "config.toml"
    read = _read(path)
    theme, mouse, keys = read.get("theme", Settings.theme), read.get("mouse", True), read.get("keys", {})
    if not isinstance(theme, str) or not isinstance(mouse, bool) or not isinstance(keys, dict):
        mend = 'Write theme = "name", mouse = true or false, and a table [keys] of id = "keys".'
        raise LtvError(f"{path} holds a setting of the wrong kind.", mend, 2)
    theme = os.environ.get("LTVTUI_THEME", theme)
    if (wish := os.environ.get("LTVTUI_MOUSE")) is not None:
        mouse = wish not in ("0", "no", "off", "")
    return Settings(theme, mouse, {str(k): str(v) for k, v in keys.items()})


def remember(name: str, value: str) -> None:
    """Keep a changed setting in config.toml; comments and everything else in it stay."""
    document = _document()
    document[name] = value
    write_private(config_dir() / "config.toml", tomlkit.dumps(document))


def remembered_terms(shop: str) -> dict[str, str]:
    """Terms last chosen on screen for `shop`, as text: tier_rule, horizon, churn_gap, margin, discount."""
    shops = _read(config_dir() / "config.toml").get("shops", {})
    kept = shops.get(shop, {}) if isinstance(shops, dict) else {}
    return {str(k): str(v) for k, v in kept.items()} if isinstance(kept, dict) else {}


def remember_terms(shop: str, terms: Table[str, str]) -> None:
    """Keep the terms chosen on screen for `shop`."""
    document = _document()
    if not isinstance(document.get("shops"), dict):
        document["shops"] = tomlkit.table()
    document["shops"][shop] = dict(terms)
    write_private(config_dir() / "config.toml", tomlkit.dumps(document))


def _document() -> tomlkit.TOMLDocument:
    path = config_dir() / "config.toml"
    _read(path)  # refuses what cannot be read, in words
    return tomlkit.parse(path.read_text("utf-8")) if path.exists() else tomlkit.document()


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomlkit.parse(path.read_text("utf-8")).unwrap()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise LtvError(f"{path} cannot be read: {error}.", "Mend the file, or move it away.", 2) from error
