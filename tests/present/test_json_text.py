"""JSON that is printed or written: the same when it is read, and nothing in it that is obeyed or not seen."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltvtui.present.jsontext import escaped, write_json

SIGNS = [
    *(
        "\u2028",
        "\u2029",
        "\u200b",
        "\u200d",
        "\u2060",
        "\ufeff",
        "\u00ad",
        "\x7f",
        "\x85",
        "\x9b",
        "\u202e",
        "\u2066",
    ),
    *("\U000e0001", "\ue000", "\U0001d173", "\ufff9", "\u0600", "\u180e"),
]


@pytest.mark.parametrize("sign", SIGNS)
def test_what_is_not_seen_is_written_as_a_number(sign: str) -> None:
    value = {f"na{sign}me": [f"a{sign}b", sign]}
    text = write_json(value)
    assert sign not in text
    assert f"\\u{ord(sign):04x}" in text or "\\ud" in text
    assert json.loads(text) == value


def test_a_lone_surrogate_can_be_printed() -> None:
    text = write_json("a\ud800b")
    text.encode("utf-8")
    assert json.loads(text) == "a\ud800b"


def test_what_is_seen_stays_as_it_is() -> None:
    assert escaped('"Zoë 日本 🙂 €"') == '"Zoë 日本 🙂 €"'


@given(st.recursive(st.text() | st.integers() | st.none(), lambda inner: st.dictionaries(st.text(), inner)))
def test_it_is_the_same_when_it_is_read(value: object) -> None:
    text = write_json(value)
    assert json.loads(text) == value
    assert not any(unicodedata.category(sign) in ("Cf", "Cc", "Zl", "Zp") for sign in text if sign != "\n")
