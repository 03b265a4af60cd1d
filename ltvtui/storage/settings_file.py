"""Settings that are remembered: the app's own, and what was agreed on for each shop.

Everything lies as TOML in the platform's configuration directory, or in LTVTUI_CONFIG_DIR. What can be made
again lies in the platform's cache directory, or in LTVTUI_CACHE_DIR; what cannot, in its data directory, or in
LTVTUI_DATA_DIR.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from collections.abc import Mapping as Table
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from platformdirs import user_cache_path, user_config_path, user_data_path

from ltvtui.errors import LtvError
from ltvtui.storage.atomic_file import write_private
from ltvtui.storage.lock import exclusively
from ltvtui.storage.regular_file import read_text, refuse_irregular

if TYPE_CHECKING:
    import tomlkit

BYTES: Final = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
"""Units in which a size may be written."""
_NOWHERE: Final = Path(os.devnull) / "no home folder"
"""Where nothing can be found or written."""
_ELSEWHERE: Final = "set LTVTUI_CONFIG_DIR to your own folder"
_MEND: Final = "Correct the file, or move it away."


@dataclass(frozen=True)
class Settings:
    """The app's own settings, from config.toml."""

    theme: str = "textual-dark"
    """Name of a Textual theme; changed in the palette."""
    mouse: bool = True
    """Whether the mouse is used; it costs bytes on a slow link. LTVTUI_MOUSE=0 turns it off."""
    keys: Table[str, str] = field(default_factory=dict)
    """Other keys for commands, by id: `explore = "e,2"`."""
    export_folder: str = ""
    """Folder that something was last exported to; blank: the current one."""
    cache_limit: int = 8 * BYTES["G"]
    """Bytes that the cache may take, a number or as in "4 GB"; 0 turns it off."""
    tier_history: bool = True
    """Whether tiers are recorded in the workspace whenever a shop is opened."""
    tour: str = ""
    """"done" where the tour of the demo shop was seen or closed."""
    trouble: str = ""
    """Why none of this is as it was set, and how to mend that; blank where it is."""


def config_dir() -> Path:
    """The directory of all settings."""
    return _chosen("LTVTUI_CONFIG_DIR", user_config_path)


def cache_dir() -> Path:
    """The directory of what can be made again."""
    return _chosen("LTVTUI_CACHE_DIR", user_cache_path)


def workspace_path() -> Path:
    """The database of what the analyst adds to shops; it cannot be made again."""
    return _chosen("LTVTUI_DATA_DIR", user_data_path) / "workspace.sqlite"


def demo_path() -> Path:
    """The shop that `ltvtui demo` makes and opens."""
    return workspace_path().with_name("demo.sqlite")


def unreachable() -> str | None:
    """Why nothing that was set, saved or chosen for a shop is known, and how to mend that, in one sentence each.

    None where the directory of all settings can be looked into, or is not there yet.
    """
    folder = config_dir()
    try:
        (folder / "config.toml").lstat()
    except FileNotFoundError:
        return None
    except OSError as error:
        if folder.is_relative_to(_NOWHERE):
            return f"There is no home folder: settings are not saved. Set HOME, or {_ELSEWHERE}."
        why = f"{folder} cannot be read ({error.strerror or error})"
        return f"{why}: settings and saved mappings are not used. Check its permissions, or {_ELSEWHERE}."
    return None


def load_settings() -> Settings:
    """Settings from config.toml and the environment; defaults where there are none, and where the file cannot be
    read: then `trouble` says so, and nothing is kept in the cache, for that may have been the wish.

    Raises LtvError (exit code 2) where the file holds a setting that cannot be.
    """
    path = config_dir() / "config.toml"
    trouble, read = unreachable() or "", {}
    if not trouble:
        try:
            read = _read(path)
        except LtvError as error:
            trouble = f"{error.what} Default settings are used, and the cache is off. {error.mend}"
            read = {"cache_limit": 0}
    theme, mouse, keys = read.get("theme", Settings.theme), read.get("mouse", True), read.get("keys", {})
    folder, history = read.get("export_folder", ""), read.get("tier_history", True)
    tour = read.get("tour", "")
    texts, switches = (theme, folder, tour), (mouse, history)
    right = all(isinstance(t, str) for t in texts) and all(isinstance(s, bool) for s in switches)
    if not right or not isinstance(keys, dict):
        mend = 'Write theme = "name", mouse and tier_history = true or false, and a table [keys] of id = "keys".'
        raise LtvError(f"{path} has a setting of the wrong type.", mend, 2)
    theme = os.environ.get("LTVTUI_THEME", theme)
    if (mouse_setting := os.environ.get("LTVTUI_MOUSE")) is not None:
        mouse = mouse_setting not in ("0", "no", "off", "")
    limit = _bytes(path, read.get("cache_limit", Settings.cache_limit))
    own_keys = {str(k): str(v) for k, v in keys.items()}
    return Settings(theme, mouse, own_keys, folder, limit, history, tour, trouble)


def save_setting(name: str, value: str) -> None:
    """Keep a changed setting in config.toml; comments and everything else in it stay."""

    def change(document: tomlkit.TOMLDocument) -> None:
        document[name] = value

    _change(change)


def load_terms(shop: str) -> dict[str, str]:
    """Terms last chosen on screen for `shop`, as text: those of Query.terms; none where they cannot be read."""
    try:
        shops = _read(config_dir() / "config.toml").get("shops", {})
    except LtvError:  # load_settings reports it
        return {}
    terms = shops.get(shop, {}) if isinstance(shops, dict) else {}
    return {str(k): str(v) for k, v in terms.items()} if isinstance(terms, dict) else {}


def load_connections() -> dict[str, str]:
    """Addresses of servers by the names that they were saved under; none where they cannot be read."""
    try:
        saved = _read(config_dir() / "config.toml").get("connections", {}) if unreachable() is None else {}
    except LtvError:  # load_settings reports it
        return {}
    return {str(name): str(uri) for name, uri in saved.items()} if isinstance(saved, dict) else {}


def save_connection(name: str, uri: str | None) -> None:
    """Keep the address of a server under a name; None: no longer."""
    import tomlkit

    def change(document: tomlkit.TOMLDocument) -> None:
        if not isinstance(document.get("connections"), dict):
            document["connections"] = tomlkit.table()
        if uri is None:
            document["connections"].pop(name, None)
        else:
            document["connections"][name] = uri

    _change(change)


def save_terms(shop: str, terms: Table[str, str]) -> None:
    """Keep the terms chosen on screen for `shop`."""
    import tomlkit

    def change(document: tomlkit.TOMLDocument) -> None:
        if not isinstance(document.get("shops"), dict):
            document["shops"] = tomlkit.table()
        document["shops"][shop] = dict(terms)

    _change(change)


def _change(change: Callable[[tomlkit.TOMLDocument], None]) -> None:
    """Change config.toml; what another session changes at the same time stays."""
    import tomlkit

    path = config_dir() / "config.toml"
    with suppress(OSError):  # who writes says why there can be none
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with exclusively(path.parent):
        document = _document()
        change(document)
        write_private(path, tomlkit.dumps(document))


def _bytes(path: Path, size: object) -> int:
    if isinstance(size, int) and not isinstance(size, bool) and size >= 0:
        return int(size)
    amount = r"([0-9]{1,15}(?:\.[0-9]{1,9})?)\s*([KMGT]?)B?"
    if isinstance(size, str) and (found := re.fullmatch(amount, size.strip().upper())):
        return round(float(found[1]) * BYTES[found[2]])
    mend = 'Write cache_limit = "4 GB", a number of bytes, or 0 to turn the cache off.'
    raise LtvError(f"{path} has an invalid cache_limit: {size!r}.", mend, 2)


def _chosen(variable: str, usual: Callable[..., Path]) -> Path:
    """The directory that a variable of the environment names, else the platform's."""
    if chosen := os.environ.get(variable):
        return Path(chosen)
    found = usual("ltvtui", appauthor=False)
    return found if found.is_absolute() else _NOWHERE  # without a home it would lie wherever one happens to be


def _document() -> tomlkit.TOMLDocument:
    import tomlkit

    path = config_dir() / "config.toml"
    if (why := unreachable()) is not None:
        raise LtvError(f"{path} cannot be written.", why, 2)
    _read(path)  # refuses what cannot be read, in words
    return tomlkit.parse(path.read_text("utf-8")) if path.exists() else tomlkit.document()


def _read(path: Path) -> dict[str, Any]:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        refuse_irregular(path)
    except LtvError as error:
        raise LtvError(error.what, "Move it away.", 2) from error
    try:
        return tomlkit.parse(read_text(path)).unwrap()
    except FileNotFoundError:
        return {}
    except OSError as error:
        mend = "Check its permissions, or move it away."
        raise LtvError(f"{path} cannot be read ({error.strerror or error}).", mend, 2) from error
    except UnicodeDecodeError as error:
        raise LtvError(f"{path} is damaged: it is not UTF-8 text.", _MEND, 2) from error
    except (TOMLKitError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        why = " ".join(str(error).split()) or "it is nested too deeply"
        raise LtvError(f"{path} is not valid TOML: {why.rstrip('.')}.", _MEND, 2) from error
