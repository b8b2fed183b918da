"""Numbers drawn in signs: columns, and lines of small columns, as wide as they may be. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_HIGH = 6  # lines of the columns
_WIDEST = 3  # signs of one column, with the gap


@dataclass(frozen=True, slots=True)
class Signs:
    """What a chart is drawn with: ``steps`` from nothing to a whole sign, and the lines of its frame."""

    steps: str
    tick: str
    side: str
    corner: str
    floor: str


UNICODE = Signs(" ▁▂▃▄▅▆▇█", "┤", "│", "└", "─")
ASCII = Signs(" .:#", "+", "|", "+", "-")


def spark(numbers: Sequence[int], most: int, signs: Signs) -> str:
    """A sign for each number, whole where it is ``most``; what is not nothing is to be seen."""
    return "".join(_step(number, most, signs) for number in numbers)


def columns(numbers: Sequence[int], labels: Sequence[str], width: int, signs: Signs) -> list[str]:
    """A chart of columns in so many columns of a terminal, with its scale and with the first and the last label."""
    numbers = merged(numbers, width - len(f"{sum(numbers):,}") - 2)
    most = max(numbers)
    scale = len(f"{most:,}")
    room = width - scale - 2
    each = max(1, min(_WIDEST, room // max(1, len(numbers))))
    lines = []
    for line in range(_HIGH, 0, -1):
        edge = f"{most:,}".rjust(scale) + f" {signs.tick}" if line == _HIGH else " " * scale + f" {signs.side}"
        part = (_part(number, line, most, signs) for number in numbers)
        lines.append((edge + "".join((sign * max(1, each - 1)).ljust(each) for sign in part)).rstrip())
    drawn = each * len(numbers)
    lines.append(f"{'0'.rjust(scale)} {signs.corner}{signs.floor * drawn}")
    first, last = labels[0], labels[-1]
    under = last.rjust(drawn - len(first)) if len(first) + len(last) < drawn else f"  {last}" if first != last else ""
    lines.append(f"{' ' * scale}  {first}{under}")
    return lines


def merged(numbers: Sequence[int], room: int) -> list[int]:
    """So few numbers that there is room for a sign each: sums of as many neighbours, counted from the last one."""
    each = together(len(numbers), room)
    over = len(numbers) % each
    start = [sum(numbers[:over])] if over else []
    return start + [sum(numbers[place : place + each]) for place in range(over, len(numbers), each)]


def together(many: int, room: int) -> int:
    """How many numbers are drawn as one where there is room for so few signs."""
    return max(1, -(-many // max(1, room)))


def _step(number: int, most: int, signs: Signs) -> str:
    last = len(signs.steps) - 1
    return signs.steps[-(-number * last // most) if number else 0]


def _part(number: int, line: int, most: int, signs: Signs) -> str:
    """What is to be seen of a column in one line, counted from the floor."""
    last = len(signs.steps) - 1
    height = -(-number * _HIGH * last // most) if most else 0
    return signs.steps[min(last, max(0, height - (line - 1) * last))]
