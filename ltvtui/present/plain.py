"""Text from outside made harmless: what a database holds must not steer a terminal.

Every name, label or attribute value read from the user's data goes through `plain` once, where it enters the
interface. What comes out prints as itself: no escape sequences, no line breaks, no reversed reading order.
"""

from __future__ import annotations

SPACES = {ord(character): " " for character in "\t\n\v\f\r\x85\u2028\u2029"}
REMOVED = (
    *range(0x20),  # C0, ESC among them
    *range(0x7F, 0xA0),  # DEL and C1: 0x9b alone opens an escape sequence
    0x061C,  # Arabic letter mark
    *(0x200E, 0x200F),  # left-to-right and right-to-left marks
    *range(0x202A, 0x202F),  # bidi embeddings and overrides
    *range(0x2066, 0x206A),  # bidi isolates
    0xFEFF,  # a byte order mark left inside the text
)
_SURROGATES = range(0xD800, 0xE000)  # they cannot be encoded, so not printed
_TABLE: dict[int, str | None] = {
    **dict.fromkeys(_SURROGATES, "\ufffd"),
    **dict.fromkeys(REMOVED),
    **SPACES,
}


def plain(text: str) -> str:
    """The text on one line, without control characters (C0, C1) and bidi controls.

    Tabs and line breaks become a space each, so that words stay apart; lone surrogates become U+FFFD.
    Everything else is kept, so two different values differ on screen wherever they can.
    """
    if text.isprintable():  # true of nearly all values, and false of everything the table touches
        return text
    return text.translate(_TABLE)
