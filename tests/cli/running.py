"""Commands run in this process; a traceback is a bug."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner, Result

from ltvtui.cli import main


def run(*words: object) -> Result:
    """What `ltvtui` gives with these words."""
    done = CliRunner().invoke(main, [str(word) for word in words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def json_of(*words: object) -> dict[str, Any]:
    """What a command prints as JSON; it has to end well."""
    done = run(*words, "--format", "json")
    assert done.exit_code == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found
