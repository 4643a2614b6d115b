"""Chance from a seed. Only `random.random()` is used, whose sequence Python promises to keep; every choice
is arithmetic on it, so that a seed gives the same mails with any Python 3."""

import random


class Dice:
    def __init__(self, seed):
        self._source = random.Random(seed)

    def chance(self, p):
        return self._source.random() < p

    def number(self, low, high):
        """A whole number from low to high, both included."""
        return low + int(self._source.random() * (high - low + 1))

    def pick(self, items):
        return items[int(self._source.random() * len(items))]

    def shuffled(self, items):
        rest = list(items)
        out = []
        while rest:
            out.append(rest.pop(int(self._source.random() * len(rest))))
        return out

    def sample(self, items, count):
        return self.shuffled(items)[:count]

    def some(self, items, low, high):
        """low to high of the items, in their order."""
        keep = set(self.sample(range(len(items)), self.number(low, min(high, len(items)))))
        return [item for i, item in enumerate(items) if i in keep]

    def digits(self, count):
        return "".join(str(self.number(0, 9)) for _ in range(count))

    def token(self, count):
        return "".join(self.pick("0123456789abcdef") for _ in range(count))


class Deck:
    """Deals every card once before any card twice, so that a family's wordings wear evenly."""

    def __init__(self, dice, cards):
        self._dice, self._cards, self._left = dice, list(cards), []

    def deal(self):
        if not self._left:
            self._left = self._dice.shuffled(self._cards)
        return self._left.pop()
