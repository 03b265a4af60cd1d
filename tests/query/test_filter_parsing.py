"""Filter expressions: what is read, how it is written, and where a mistake is."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from query.expressions import expressions, texts

from ltvtui.query.grammar.errors import FilterError
from ltvtui.query.grammar.parsing import DEEPEST, LONGEST, begin, parse
from ltvtui.query.grammar.syntax import And, Compare, In, IsKnown, Node, Not, Or, Word, every, some, written


def is_(name: str, value: str, sign: str = "=") -> Compare:
    return Compare(Word(name), sign, Word(value))


def read(text: str) -> Node | None:
    """What `text` says; None where it is a mistake, which then lies inside it."""
    error = None
    try:
        return parse(text)
    except FilterError as found:
        error = found
    assert 0 <= error.at <= len(text)
    return None


DK, SE, THREE = is_("country", "DK"), is_("country", "SE"), is_("orders", "3", ">=")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("country = DK", DK),
        ("country=DK", DK),
        ("  country\t=\nDK ", DK),
        ("country == 'DK'", DK),
        ('"country" = "DK"', DK),
        ("country != DK", is_("country", "DK", "!=")),
        ("country <> DK", is_("country", "DK", "!=")),
        ("orders ≥ 3", THREE),
        ("orders <= 3", is_("orders", "3", "<=")),
        ('name ~ "ann"', is_("name", "ann", "~")),
        ("orders band = 3-4", is_("orders band", "3-4")),
        ("city = New   York and orders >= 3", And((is_("city", "New York"), THREE))),
        ('city = "New   York"', is_("city", "New   York")),
        ("RFM = Can't lose", is_("RFM", "Can't lose")),
        ('brand = "5"" disc"', is_("brand", '5" disc')),
        ("brand = 'it''s'", is_("brand", "it's")),
        ('brand = ""', is_("brand", "")),
        ("mail = ann+1@shop.dk", is_("mail", "ann+1@shop.dk")),
        ("last >= -90d", is_("last", "-90d", ">=")),
        # After a sign a keyword is a value: India, Oregon, Iceland.
        (
            "country = IN or state = or or country = IS",
            Or((is_("country", "IN"), is_("state", "or"), is_("country", "IS"))),
        ),
        ("android = notable", is_("android", "notable")),
        ("tier in (VIP, middle)", In(Word("tier"), (Word("VIP"), Word("middle")))),
        ("tier IN(at risk)", In(Word("tier"), (Word("at risk"),))),
        ("tier not in (VIP)", In(Word("tier"), (Word("VIP"),), none=True)),
        ("not tier in (VIP)", Not(In(Word("tier"), (Word("VIP"),)))),
        ("country is unknown", IsKnown(Word("country"), False)),
        ("country IS Known", IsKnown(Word("country"), True)),
        ("country = unknown", is_("country", "unknown")),
        ("not country = DK and orders >= 3", And((Not(DK), THREE))),
        ("NOT (country = DK AND orders >= 3)", Not(And((DK, THREE)))),
        ("country = DK and orders >= 3 or country = SE", Or((And((DK, THREE)), SE))),
        ("country = DK or orders >= 3 and country = SE", Or((DK, And((THREE, SE))))),
        ("(country = DK or country = SE) and orders >= 3", And((Or((DK, SE)), THREE))),
        ("country = DK and (orders >= 3 and country = SE)", And((DK, THREE, SE))),
        ("((country = DK))", DK),
        ("not not country = DK", Not(Not(DK))),
    ],
)
def test_what_is_read(text: str, meant: Node) -> None:
    assert parse(text) == meant
    assert parse(meant.describe()) == meant


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (DK, "country = DK"),
        (is_("city", "New York"), "city = New York"),
        (is_("city", "New  York"), 'city = "New  York"'),
        (is_("age band", "65 and over"), 'age band = "65 and over"'),
        (is_("and", "and"), '"and" = and'),
        (is_("brand", '5" disc'), 'brand = "5"" disc"'),
        (is_("brand", ""), 'brand = ""'),
        (is_("brand", "'a"), 'brand = "\'a"'),
        (Not(And((DK, THREE))), "not (country = DK and orders >= 3)"),
        (And((Or((DK, SE)), Not(DK))), "(country = DK or country = SE) and not country = DK"),
        (Or((And((DK, THREE)), SE)), "country = DK and orders >= 3 or country = SE"),
        (In(Word("tier"), (Word("VIP"), Word("a,b"))), 'tier in (VIP, "a,b")'),
        (In(Word("tier"), (Word("VIP"),), none=True), "tier not in (VIP)"),
        (IsKnown(Word("is it"), False), '"is it" is unknown'),
    ],
)
def test_how_it_is_written(node: Node, words: str) -> None:
    assert node.describe() == words
    assert parse(words) == node


@given(expressions)
def test_what_is_written_is_read_back(node: Node) -> None:
    assert parse(node.describe()) == node
    assert hash(parse(node.describe())) == hash(node)


@given(texts)
def test_any_text_can_be_a_value(text: str) -> None:
    assert parse(f"x = {written(text)}") == is_("x", text)


def test_none_stands_in_its_own_kind() -> None:
    assert every([DK, And((THREE, SE))]) == And((DK, THREE, SE))
    assert some([Or((DK, THREE)), SE]) == Or((DK, THREE, SE))
    assert every([DK]) == some([DK]) == DK


def test_where_it_stood_makes_no_difference() -> None:
    assert parse("  country   =  DK") == parse("country=DK")
    found = parse("  country   =  DK")
    assert isinstance(found, Compare)
    assert (found.name.at, found.value.at) == (2, 15)


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("", 1, "A condition is missing."),
        ("   ", 4, "A condition is missing."),
        ("country", 8, "A comparison is missing after 'country'."),
        ("country DK", 11, "A comparison is missing after 'country DK'."),
        ("country =", 10, "A value is missing after =."),
        ("country = )", 11, "')' is not a value."),
        ("country ! DK", 9, "'!' is not a comparison."),
        ("country = = DK", 11, "A value is missing after =."),
        ("= DK", 1, "Unexpected '=': a name is missing."),
        ("(country = DK", 14, "A parenthesis is not closed."),
        ("country = DK)", 13, "This parenthesis has no opening one."),
        ("country = DK, SE", 13, "Unexpected ','."),
        ("country = DK orders = 3", 21, "Unexpected '='."),
        ("country = DK and", 17, "A condition is missing."),
        ("country = DK and or", 20, "A comparison is missing after 'or'."),  # it may be a name
        ("country in DK", 12, "“in” needs values in parentheses."),
        ("country in ()", 13, "')' is not a value."),
        ("country in (DK", 15, "A parenthesis is not closed."),
        ("country is DK", 12, "“is” needs known or unknown."),
        ('country = "DK', 11, "These quotes are not closed."),
        ("country = 'DK", 11, "These quotes are not closed."),
        ("orders band = 10 and more", 26, "A comparison is missing after 'more'."),
        ("()", 2, "Unexpected ')': a name is missing."),
        ("not", 4, "A condition is missing."),
    ],
)
def test_a_mistake_is_pointed_at(text: str, column: int, said: str) -> None:
    with pytest.raises(FilterError) as refused:
        parse(text)
    error = refused.value
    assert (error.at + 1, error.reason) == (column, said)
    assert error.exit_code == 2
    assert error.what == f"{error.reason.removesuffix('.')} (column {error.at + 1})."
    assert error.of(text).what.endswith(f"(column {error.at + 1} of {text!r}).")
    assert error.mend


def test_a_value_with_a_keyword_is_told_to_be_quoted() -> None:
    with pytest.raises(FilterError) as refused:
        parse("orders band = 10 and more")
    assert "Quote a value with “and” in it." in refused.value.mend


@pytest.mark.parametrize(
    "text",
    [
        "not " * 400 + "a = 1",
        "(" * 990 + "a = 1" + ")" * 990,
        "not (" * 300 + "a = 1" + ")" * 300,
        "(a = 1 or (a = 1 and " * 80 + "a = 1" + "))" * 80,
        "a = 1 and " * 190 + "a = 1",
        "x" * LONGEST,
        "(" * LONGEST,
        '"' * (LONGEST - 1),
        "a in (" + "b," * 900 + "b)",
    ],
)
def test_depth_is_no_danger(text: str) -> None:
    node = read(text)
    assert node is None or node.depth <= DEEPEST
    if node is not None and len(node.describe()) <= LONGEST:
        assert parse(node.describe()) == node


def test_what_is_too_long_is_not_read() -> None:
    with pytest.raises(FilterError, match="has 2004 characters, more than 2000"):
        parse("a = " + "b" * LONGEST)
    assert begin("a" * (LONGEST + 1)) is None


near = st.lists(
    st.sampled_from(
        [
            "country",
            "=",
            "DK",
            "and",
            "or",
            "not",
            "(",
            ")",
            ",",
            "in",
            "is",
            "unknown",
            '"',
            "'",
            "~",
            ">=",
            "!",
            "-9d",
            " ",
        ]
    ),
    max_size=14,
).map(" ".join)


@given(
    st.one_of(st.text(max_size=40), near, st.builds(lambda n, at: n.describe()[:at], expressions, st.integers(0, 60)))
)
@example("\x00")
@example("a = 1 \x1f and")
def test_whatever_is_typed_is_an_expression_or_a_mistake(text: str) -> None:
    node = read(text)
    assert node is None or parse(node.describe()) == node
    begin(text)
