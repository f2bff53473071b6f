"""Templates + values + noise -> Examples. The group of an example is its template."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from piiguard.examples import Example
from piiguard.slack_text import escape
from training.generators import WIRE_FILLERS, WORD_FILLERS, Person, Values
from training.noise import Piece, add_noise, join
from training.template import Part, Template

#: How often each kind is drawn, and how often a message is put together from two templates.
_SHARES = {"messages": 0.45, "conversations": 0.25}
_JOINED = 0.1
_WITH_CONTEXT = 0.35
_WITH_NOISE = 0.75
_SEPARATORS = ("\n", " ", ". ", "\n\n", ", ", " — ")


def generate(
    templates: Sequence[Template],
    n: int,
    seed: int,
    *,
    negatives: float = 0.3,
    values: Values | None = None,
) -> Iterator[Example]:
    """``n`` examples in Slack's wire text, the same for the same arguments.

    Every template of a kind comes up before one comes up again. A conversation gives one example a draw: one of its
    turns, with the turns before it as context. ``negatives`` is the share drawn from templates without personal data.
    """
    rng = random.Random(seed)
    values = values or Values(rng)
    decks = {kind: _Deck([t for t in templates if t.kind == kind], rng) for kind in _KINDS}
    shares = {kind: share * (1 - negatives) / 0.7 for kind, share in _SHARES.items()}
    shares["negatives"] = negatives
    kinds = [kind for kind in _KINDS if decks[kind]]
    weights = [shares[kind] for kind in kinds]
    for number in range(n):
        template = decks[rng.choices(kinds, weights)[0]].draw()
        example = _fill(template, decks, values, rng)
        yield replace(example, id=f"t{seed}-{number}")


_KINDS = ("messages", "conversations", "negatives")


class _Deck:
    """Cards that are all dealt once before they are shuffled again."""

    def __init__(self, cards: list[Template], rng: random.Random) -> None:
        self._cards, self._rng, self._left = cards, rng, list[Template]()

    def __bool__(self) -> bool:
        return bool(self._cards)

    def draw(self) -> Template:
        if not self._left:
            self._left = self._rng.sample(self._cards, len(self._cards))
        return self._left.pop()


def _fill(
    template: Template, decks: dict[str, _Deck], values: Values, rng: random.Random
) -> Example:
    people: dict[str, Person] = {}
    last = len(template.turns) - 1
    # Mostly the end of a conversation: there stands what its question asked for.
    turn = last if rng.random() < 0.6 else rng.randint(0, last)
    filled = [_pieces(parts, people, values, rng) for parts in template.turns[: turn + 1]]
    context = [join(_noisy(pieces, rng))[0] for pieces in filled[:-1]]
    pieces = filled[-1]
    if template.kind == "messages" and rng.random() < _JOINED:
        other = decks[rng.choice(["messages", "negatives"])]
        if other:
            more = _pieces(other.draw().turns[0], {}, values, rng)
            both = [pieces, more] if rng.random() < 0.5 else [more, pieces]
            pieces = [*both[0], Piece(rng.choice(_SEPARATORS), fixed=True), *both[1]]
    if not context and decks["negatives"] and rng.random() < _WITH_CONTEXT:
        # Talk that has nothing to do with it: context is not always an answer's question.
        for _ in range(rng.randint(1, 3)):
            talk = decks["negatives"].draw()
            context.append(join(_noisy(_pieces(talk.turns[0], {}, values, rng), rng))[0])
    text, spans = join(_noisy(pieces, rng))
    return Example("", text, spans, template.id, "template", "slack", tuple(context))


def _noisy(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    return add_noise(pieces, rng) if rng.random() < _WITH_NOISE else pieces


def _pieces(
    parts: Sequence[Part], people: dict[str, Person], values: Values, rng: random.Random
) -> list[Piece]:
    pieces = []
    for part in parts:
        if not part.is_slot:
            pieces.append(Piece(part.text, part.label))
        elif part.filler:
            text = values.filler(part.filler, part.variant)
            wire = part.filler in WIRE_FILLERS
            fixed = part.filler not in WORD_FILLERS
            pieces.append(Piece(text if wire else escape(text), fixed=fixed))
        else:
            if part.person:
                person = people.setdefault(part.person, values.person())
                text = values.value(part.label, part.variant, person)
            else:
                text = values.value(part.label, part.variant)
            pieces.append(Piece(escape(text), part.label))
    return [piece for piece in pieces if piece.text]
