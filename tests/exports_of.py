"""Runs `ltvtui export` in tests."""

from __future__ import annotations

from click.testing import CliRunner, Result

from ltvtui.cli import main


def export(*words: object) -> Result:
    """Run `ltvtui export` with these words; a traceback is a bug."""
    done = CliRunner().invoke(main, ["export", *(str(w) for w in words)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def exported(*words: object) -> list[str]:
    """Lines that are printed of an export that went well."""
    done = export(*words)
    assert done.exit_code == 0, done.stderr
    return done.stdout.splitlines()


def refused(code: int, *words: object) -> tuple[str, str]:
    """What an export says that must fail: what happened, and how to mend it."""
    done = export(*words)
    assert done.exit_code == code, done.output
    what, mend = done.stderr.strip().splitlines()[-2:]
    return what, mend
