"""Numbers that belong to a place."""

from hypothesis import assume, given
from hypothesis import strategies as st

from seedbed.core.seeds import rng_for, salt_for

PLACES = st.lists(st.integers() | st.text(max_size=5), max_size=3).map(tuple)


@given(seed=st.integers(), place=PLACES)
def test_a_place_has_its_numbers(seed: int, place: tuple) -> None:
    one, two = rng_for(seed, *place), rng_for(seed, *place)
    assert one.integers(2**60, size=4).tolist() == two.integers(2**60, size=4).tolist()
    assert 0 <= salt_for(seed, *place) < 2**64


@given(seeds=st.tuples(st.integers(), st.integers()), one=PLACES, other=PLACES)
def test_other_places_have_others(seeds: tuple, one: tuple, other: tuple) -> None:
    assume((seeds[0], one) != (seeds[1], other))
    assert salt_for(seeds[0], *one) != salt_for(seeds[1], *other)


def test_a_number_is_not_its_text() -> None:
    assert salt_for(1, 2) != salt_for(1, "2")


def test_numbers_do_not_change_between_releases() -> None:
    assert salt_for(7, "split") == 4098853841680812986
    assert rng_for(7, "row", 3).integers(1000, size=3).tolist() == [628, 709, 268]
