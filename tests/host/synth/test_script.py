"""Scripts: one grammar, in a list, in a file and in a sim:// port."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinygesture.errors import UserError
from tinygesture.synth import LABELS, Item, format_script, parse_script

items = st.builds(
    Item,
    st.sampled_from(LABELS),
    st.none() | st.floats(0.1, 86_400),
    st.integers(1, 100_000),
)


@given(st.lists(items, max_size=20))
def test_a_script_survives_being_written_and_read(script: list[Item]) -> None:
    assert parse_script(format_script(tuple(script))) == tuple(script)


@given(st.lists(items, min_size=1, max_size=8), st.data())
def test_lines_commas_spaces_and_comments_are_alike(
    script: list[Item], data: st.DataObject
) -> None:
    text = ""
    for item in script:
        space = data.draw(st.sampled_from(["", " ", "\t", "  "]))
        text += space + item.label
        if item.seconds is not None:
            text += f"{space}:{space}{item.seconds!r}{data.draw(st.sampled_from(['', 's', ' s']))}"
        if item.times != 1:
            text += f" x{space}{item.times}"
        text += space + data.draw(
            st.sampled_from([",", "\n", "  # walk:3, circle\n", ",\r\n", ",,"])
        )
    assert parse_script(text) == tuple(script)


@given(st.text(max_size=30))
def test_any_other_text_is_a_sentence(text: str) -> None:
    try:
        script = parse_script(text)
    except UserError as error:
        assert str(error).endswith(".")
    else:
        assert all(item.label in LABELS for item in script)


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("circle", [Item("circle")]),
        ("circle,rest:3,walk:60", [Item("circle"), Item("rest", 3.0), Item("walk", 60.0)]),
        ("punch x 5", [Item("punch", None, 5)]),
        ("punch x5,flex:2 x 3", [Item("punch", None, 5), Item("flex", 2.0, 3)]),
        ("rest:.5", [Item("rest", 0.5)]),
        ("rest:2x3", [Item("rest", 2.0, 3)]),
        ("rest:2s x3", [Item("rest", 2.0, 3)]),
        ("letter-x x 2", [Item("letter-x", None, 2)]),
        ("", []),
        ("# nothing\n\n", []),
    ],
)
def test_examples(text: str, script: list[Item]) -> None:
    assert parse_script(text) == tuple(script)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("juggle", "cannot perform 'juggle'"),
        ("circle rest", "'circle rest' is no item of a script"),
        ("circle:", "is no item"),
        ("circle:abc", "is no item"),
        ("circle:-1", "is no item"),
        ("circle:nan", "is no item"),
        ("circle x", "is no item"),
        ("circle x -3", "is no item"),
        ("circlex3", "cannot perform 'circlex3'"),
        ("circle x 0", "counts from 1 to 100000"),
        ("circle:0", "seconds go from 0.1 to 86400"),
        ("rest:90000", "seconds go from 0.1 to 86400"),
        ("circle\npunch\nswim:::\n", "'swim:::' in line 3"),
    ],
)
def test_errors(text: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        parse_script(text)
