"""Random filter expressions, for tests that hold of all of them."""

from __future__ import annotations

from hypothesis import strategies as st

from ltvtui.query.grammar.syntax import SIGNS, And, Compare, In, IsKnown, Node, Not, Or, Word

texts = st.one_of(
    st.text(min_size=0, max_size=8),
    st.sampled_from(
        ["country", "orders band", "and", "or", "in", "is", "not", "IN", "65 and over", "a  b", "", '"', "''"]
    ),
    st.sampled_from(["18–24", "Can't lose", "'quoted'", "a,b", "(x)", "unknown", "= 3", "~", "-90d", "a\nb", " a"]),
    st.sampled_from(["a  b", "", '"', "''", "≥", "\x1f"]),
)
words = texts.map(Word)
leaves = st.one_of(
    st.builds(Compare, words, st.sampled_from(SIGNS), words),
    st.builds(In, words, st.lists(words, min_size=1, max_size=3).map(tuple), st.booleans()),
    st.builds(IsKnown, words, st.booleans()),
)


def _above(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    def parts(left_out: type[Node]) -> st.SearchStrategy[tuple[Node, ...]]:
        return st.lists(inner.filter(lambda n: not isinstance(n, left_out)), min_size=2, max_size=3).map(tuple)

    return st.one_of(st.builds(Not, inner), st.builds(And, parts(And)), st.builds(Or, parts(Or)))


expressions: st.SearchStrategy[Node] = st.recursive(leaves, _above, max_leaves=8)
"""Of any names and values."""
