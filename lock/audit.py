"""Ask pip-audit for the known vulnerabilities of every locked package, and believe no empty answer.

An index that keeps no such list makes pip-audit skip each package and end well. So a release that is known to be
vulnerable is asked for along with the locked ones: an index that knows nothing of that one clears none of the others.

    python lock/audit.py PIP_AUDIT LOCK...
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from textwrap import shorten
from typing import Any, NamedTuple

CANARY = ("jinja2", "2.10")
"""Vulnerable since 2019 (CVE-2019-10906), as any list of vulnerabilities of Python packages says."""

SECONDS = 600

Pin = tuple[str, str]


class NotAuditedError(Exception):
    """Nothing is known of the packages, neither good nor bad; the text says why and how to mend it."""


class Answer(NamedTuple):
    """What pip-audit said of each pin it has an answer to: the vulnerabilities of it, as it tells them."""

    known: Mapping[Pin, Sequence[Mapping[str, Any]]]

    def holes(self, pin: Pin) -> list[str]:
        """One line for each vulnerability of this pin."""
        lines = []
        for hole in self.known.get(pin, ()):
            mended = ", ".join(hole.get("fix_versions") or ()) or "no release yet"
            lines.append(f"{' '.join(pin)}: {hole['id']}, mended in {mended}")
        return lines


def pins_of(lock: Path) -> list[Pin]:
    """The names and versions of a lock file, those for other platforms as well.

    Raises:
        NotAuditedError: when it cannot be read, or pins nothing.
    """
    try:
        found = re.findall(r"^([\w.-]+)==([^\s;\\]+)", lock.read_text("utf-8"), re.MULTILINE)
    except (OSError, UnicodeDecodeError) as error:
        raise NotAuditedError("it cannot be read. Make it with `make lock`.") from error
    if not found:
        raise NotAuditedError("it pins no package. Make it with `make lock`.")
    return found


def ask(pip_audit: str, pins: Sequence[Pin]) -> Answer:
    """What pip-audit knows of these pins.

    Raises:
        NotAuditedError: when it cannot be run or does not get through.
    """
    with tempfile.TemporaryDirectory() as folder:
        asked = Path(folder) / "asked.txt"
        asked.write_text("".join(f"{name}=={version}\n" for name, version in pins), "utf-8")
        options = ["--disable-pip", "--no-deps", "--progress-spinner", "off", "--format", "json"]
        command = [pip_audit, *options, "--requirement", str(asked)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
        except OSError as error:
            raise NotAuditedError(f"{pip_audit} cannot be run ({error.strerror}). Run `make audit`.") from error
        except subprocess.TimeoutExpired as error:
            raise NotAuditedError(f"no answer in {SECONDS} s. Try again later.") from error
    try:
        told = json.loads(done.stdout)["dependencies"]
        return Answer({(one["name"], one["version"]): one["vulns"] for one in told if "vulns" in one})
    except (ValueError, KeyError, TypeError) as error:
        why = shorten((done.stderr.strip().splitlines() or ["it said nothing"])[-1], 120, placeholder=" …")
        raise NotAuditedError(
            f"pip-audit got no answer ({why}). Run `make audit` where pypi.org can be reached."
        ) from error


def audit(pip_audit: str, lock: Path) -> list[str]:
    """The vulnerabilities of a lock file's packages, one a line.

    Raises:
        NotAuditedError: when they are not known, or not those of every package.
    """
    pins = pins_of(lock)
    answer = ask(pip_audit, [*(pin for pin in pins if pin[0] != CANARY[0]), CANARY])
    if not answer.holes(CANARY):
        raise NotAuditedError(
            f"the package index in use keeps no list of vulnerabilities: it knows none of {' '.join(CANARY)}, "
            "which has some. Run `make audit` where pypi.org itself answers."
        )
    unknown = [" ".join(pin) for pin in pins if pin not in answer.known]
    if unknown:
        raise NotAuditedError(f"the index says nothing of {', '.join(unknown)}. Look these up by hand.")
    return [line for pin in pins for line in answer.holes(pin)]


def main(pip_audit: str, locks: Sequence[str]) -> int:
    """Print what was found of each lock file; 1 when anything was, or when anything could not be asked."""
    code = 0
    for name in locks:
        try:
            found = audit(pip_audit, Path(name))
        except NotAuditedError as error:
            print(f"{name}: not audited: {error}", file=sys.stderr)
            code = 1
            continue
        for line in found:
            print(f"{name}: {line}", file=sys.stderr)
        if found:
            print(f"{name}: `make lock UPGRADE=1` takes newer releases.", file=sys.stderr)
            code = 1
        else:
            print(f"{name}: {len(pins_of(Path(name)))} packages, no known vulnerability on {date.today()}.")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
