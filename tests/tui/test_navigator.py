"""Where the analyst is, what they want, and the way back: without a terminal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ltvtui.tui.location import Location
from ltvtui.tui.main_screen.navigator import Navigator

HERE, THERE, BEYOND = Location("overview"), Location("explore"), Location("customers")


def gone(*locations: Location) -> Navigator:
    navigator = Navigator(HERE)
    for location in locations:
        navigator.want(location, "on")
        navigator.arrive(location, "on")
    return navigator


def test_what_is_wanted_is_not_yet_where_one_is() -> None:
    navigator = Navigator(HERE)
    assert not navigator.is_waiting
    navigator.want(THERE, "on")
    assert (navigator.location, navigator.wanted, navigator.is_waiting, navigator.way) == (HERE, THERE, True, "on")
    navigator.arrive(THERE, "on")
    assert (navigator.location, navigator.is_waiting, navigator.way) == (THERE, False, "stay")


def test_an_equal_location_that_is_another_object_is_waited_for() -> None:
    """The same place asked of a newer dataset."""
    navigator = Navigator(HERE)
    navigator.want(Location("overview"), "stay")
    assert navigator.is_waiting


def test_the_way_back_is_that_of_what_was_gone_on_to() -> None:
    navigator = gone(THERE, BEYOND)
    assert navigator.previous_location is THERE
    navigator.arrive(Location("quality"), "stay")
    assert navigator.previous_location is THERE
    navigator.arrive(THERE, "back")
    assert navigator.previous_location is HERE


def test_while_nothing_is_loaded_there_is_no_way_back() -> None:
    navigator = Navigator(HERE)
    navigator.want(THERE, "on")
    navigator.arrive(THERE, "on", can_return=False)
    assert navigator.previous_location is None


def test_giving_up_leaves_one_where_one_is() -> None:
    navigator = gone(THERE)
    navigator.want(BEYOND, "on")
    navigator.give_up()
    assert (navigator.location, navigator.is_waiting, navigator.previous_location) == (THERE, False, HERE)


def test_another_reading_drops_what_is_not_there_any_more() -> None:
    navigator = gone(THERE, BEYOND)
    navigator.carry(lambda location: None if location is THERE else location)
    assert navigator.previous_location is HERE
    navigator.restart(HERE)
    assert (navigator.location, navigator.previous_location) == (HERE, None)


@given(st.lists(st.sampled_from(["on", "across", "stay"]), max_size=8))
def test_as_many_steps_back_as_on_lead_to_the_beginning(ways: list[str]) -> None:
    navigator = Navigator(HERE)
    for way in ways:
        navigator.arrive(Location("explore"), way)  # type: ignore[arg-type]
    steps = 0
    while (before := navigator.previous_location) is not None:
        navigator.arrive(before, "back")
        steps += 1
    assert steps == len(ways) - ways.count("stay")


def test_a_step_leads_up_again_and_a_number_does_not() -> None:
    navigator = Navigator(HERE)
    assert navigator.stepped_from is None
    navigator.arrive(THERE, "on")
    assert navigator.stepped_from is HERE
    navigator.arrive(BEYOND, "across")
    assert (navigator.stepped_from, navigator.previous_location) == (None, THERE)
    navigator.arrive(THERE, "back")
    assert navigator.stepped_from is HERE
