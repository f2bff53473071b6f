"""Shapes of words."""

import pytest

from piiguard.shapes import LOWER, MIXED, N_SHAPES, OTHER, TITLE, UPPER, shape_of


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("priya", LOWER),
        ("Priya", TITLE),
        ("PRIYA", UPPER),
        ("iPhone", MIXED),
        ("McKay", MIXED),
        ("I", TITLE),
        ("-", OTHER),
        ("", OTHER),
        ("王", MIXED),  # a script without case
    ],
)
def test_a_word_of_letters_has_the_shape_of_its_case(word, expected):
    assert shape_of(word) == expected


@pytest.mark.parametrize("char", ["7", "x7"])
def test_longer_numbers_and_codes_have_higher_classes(char):
    shapes = [shape_of((char * n)[:n] if n > 1 else "7") for n in range(2, 90)]
    assert shapes == sorted(shapes)
    assert max(shapes) < N_SHAPES


def test_numbers_of_the_lengths_of_ids_are_told_apart():
    shapes = {shape_of("7" * n) for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 16)}
    assert len(shapes) == 14


def test_a_number_and_a_code_of_one_length_are_told_apart():
    assert shape_of("12345678") != shape_of("1234567A")
