"""What to open, and all that was said about it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ltvtui.sources.locator import Locator, locate
from ltvtui.sources.mapping_file import SavedMapping, load, mapping_path
from ltvtui.sources.overrides import Overrides
from ltvtui.sources.reduction.where import Compute
from ltvtui.storage.settings_file import config_dir, unreachable


@dataclass(frozen=True)
class OpenRequest:
    """What to open, and all that was said about it."""

    uri: str | Path = field(repr=False)
    """The source: a path, or a URI such as sqlite:///shop.db. It may hold a password."""
    overrides: Overrides = field(default_factory=Overrides)
    """How columns are to be understood; goes before what is saved."""
    config: Path | None = None
    """Mapping file to use instead of the one kept for this database."""
    terms: dict[str, str] = field(default_factory=dict)
    """Of TERMS, as text; goes before what is saved."""
    user_state: dict[str, str] = field(default_factory=dict)
    """Terms last chosen on screen for this shop; they give way to what is saved and to what is said."""
    cleaning: dict[str, Any] = field(default_factory=dict)
    """Fields of CleaningPolicy; goes before what is saved."""
    spend_file: Path | None = None
    """File with the spend, instead of the table of the shop."""
    skip_rows: int | None = None
    """Lines or rows above the header of a file that is no database; goes before what is saved. None: found."""
    spend_skip_rows: int | None = None
    """The same of the file with the spend."""
    no_header: bool = False
    """Whether the file has no header; or it is saved so."""
    encoding: str | None = None
    """How a file of text is written, such as cp1252; goes before what is saved. None: UTF-8, or as its mark says."""
    spend_encoding: str | None = None
    """The same of the file with the spend."""
    spend_no_header: bool = False
    """The same of the file with the spend."""
    compute: Compute = "auto"
    """Whether the orders are read, or reduced where they lie."""
    cache: bool = True
    """Whether what was kept of an earlier opening may be used, and this one is kept."""
    again: bool = False
    """Whether the shop is to be read again unless it is certain that nothing was committed since."""
    password: str | None = field(default=None, repr=False)
    """For a server that asks for one, where it is not in its address."""

    @property
    def locator(self) -> Locator:
        """The source that is named. LtvError (exit code 2) where a URI names no file though it should."""
        return locate(self.uri)

    @property
    def path(self) -> Path | None:
        """The local file that is named; None of a source that is none."""
        return self.locator.path

    @property
    def name(self) -> str:
        """What the shop is called: the name of its file, or its address without secrets."""
        return self.locator.name

    @property
    def stem(self) -> str:
        """The name as the beginning of a file name."""
        path = self.path
        if path is None:
            return re.sub(r"\W+", "-", self.name).strip("-")
        return re.sub(r"[*?\[\]]+", "-", path.stem).strip("-")

    @property
    def shop_key(self) -> str:
        """Under which the terms chosen on screen are remembered, whatever mapping file is used."""
        return mapping_path(config_dir(), self.path or self.locator.masked).stem

    @property
    def mapping_file(self) -> Path:
        """Where the mapping of this database is kept."""
        return self.config or mapping_path(config_dir(), self.path or self.locator.masked)

    def saved(self) -> SavedMapping | None:
        """What is kept for this database; None where nothing is, or nothing can be known of it (config.unreachable).

        Raises LtvError (exit code 2) where there is a file that cannot be understood.
        """
        if self.config is None and unreachable() is not None:
            return None
        return load(self.mapping_file)
