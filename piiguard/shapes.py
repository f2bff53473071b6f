"""The shape of a word: its letter case, or how long a number it is. Small integers, fed to the model as token types.

The vocabulary is lower case and cuts a long number into pieces of uneven length, so neither shows in the ids.
"""

from bisect import bisect_left

OTHER, LOWER, TITLE, UPPER, MIXED = range(5)
_FIRST_NUMBER = 5
#: The longest number of each class, in characters; one more class for what is longer.
_NUMBERS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 16, 20)
_FIRST_CODE = _FIRST_NUMBER + len(_NUMBERS) + 1
#: Words of letters and digits, likewise.
_CODES = (4, 6, 8, 10, 12, 16, 20, 24, 32, 40, 64)
N_SHAPES = _FIRST_CODE + len(_CODES) + 1


def shape_of(word: str) -> int:
    """The class of ``word``, below N_SHAPES."""
    if word.isdigit():
        return _FIRST_NUMBER + bisect_left(_NUMBERS, len(word))
    if any(char.isdigit() for char in word):
        return _FIRST_CODE + bisect_left(_CODES, len(word))
    if not any(char.isalpha() for char in word):
        return OTHER
    if word.islower():
        return LOWER
    if word.isupper():
        return UPPER if len(word) > 1 else TITLE
    if word[0].isupper() and word[1:].islower():
        return TITLE
    return MIXED
