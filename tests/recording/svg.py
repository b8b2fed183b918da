"""A recording as an SVG that plays by itself: no script, no font and no picture from elsewhere.

Every line lies in one long strip behind a window. Keyframes show each when its time has come, and move the strip as a
terminal scrolls. Whoever asks for less motion, or cannot play it, sees the first lines, all at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from tests.recording.terminal import COLUMNS, ROWS, Line, Run, Step

WIDTH, HEIGHT, SIZE = 8.4, 19, 14  # pixels of a character, of a line and of the font
_MARGIN, _BAR = 16, 34
_KEY, _ENTER, _PRINT, _READ, _END = 0.045, 0.5, 0.04, 2.2, 4.0
"""Seconds: to type a character, until the answer comes, between its lines, to read it, and before it begins anew."""
_INK = "#d6dbe4"
_FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace"
_COLOURS = {
    "black": "#5c6675", "red": "#ff7b72", "green": "#7ee787", "brown": "#e3b341", "blue": "#79c0ff",
    "magenta": "#d2a8ff", "cyan": "#76e3ea", "white": "#d6dbe4", "default": _INK, "brightblack": "#8b95a5",
    "brightred": "#ffa198", "brightgreen": "#a5f0ae", "brightbrown": "#f2cc60", "brightblue": "#a5d6ff",
    "brightmagenta": "#e2c5ff", "brightcyan": "#a5f0f5", "brightwhite": "#ffffff",
}  # fmt: skip
_PROMPT = Run("$ ", "green", bold=True)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A piece of the strip: on which line and from which column, and the second from which it is seen."""

    row: int
    column: int
    run: Run
    at: float


def draw(steps: Sequence[Step], title: str) -> str:
    """The text of the SVG."""
    pieces, rows, end = _play(steps)
    width, height = round(COLUMNS * WIDTH) + 2 * _MARGIN, ROWS * HEIGHT + _BAR + _MARGIN
    times = sorted({piece.at for piece in pieces})
    told = "\n".join([f"{title}.", *(f"$ {step.typed}" for step in steps)])
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{escape(title)}">\n<title>{escape(title)}</title>\n<desc>{escape(told)}</desc>\n'
        f"<style>\n{_style(times, rows, end)}\n</style>\n"
        f'<rect width="{width}" height="{height}" rx="8" fill="#161b22"/>\n'
        + "".join(
            f'<circle cx="{20 + 18 * number}" cy="17" r="5.5" fill="{colour}"/>\n'
            for number, colour in enumerate(("#ff5f57", "#febc2e", "#28c840"))
        )
        + f'<svg x="{_MARGIN}" y="{_BAR}" width="{width - 2 * _MARGIN}" height="{ROWS * HEIGHT}">\n'
        f'<g class="strip" font-family="{_FONT}" font-size="{SIZE}" fill="{_INK}">\n'
    )
    return head + "".join(_text(piece, times.index(piece.at)) for piece in pieces) + "</g></svg>\n</svg>\n"


def _play(steps: Sequence[Step]) -> tuple[list[_Shown], list[tuple[float, int]], float]:
    """All pieces, how many lines there are from which second on, and the second at which it ends."""
    pieces: list[_Shown] = []
    rows: list[tuple[float, int]] = []
    now, row = 0.4, 0
    for step in steps:
        rows.append((now, row + 1))
        pieces.append(_Shown(row, 0, _PROMPT, now))
        column = len(_PROMPT.text)
        for word in step.typed.split(" "):
            now += _KEY * (len(word) + 1)
            pieces.append(_Shown(row, column, Run(word, bold=True), now))
            column += len(word) + 1
        now += _ENTER
        for line in step.printed:
            row += 1
            rows.append((now, row + 1))
            pieces += _placed(line, row, now)
            now += _PRINT
        now += _READ
        row += 1
    return [piece for piece in pieces if piece.run.text.strip()], rows, now + _END


def _placed(line: Line, row: int, at: float) -> Iterator[_Shown]:
    column = 0
    for run in line:
        yield _Shown(row, column, run, at)
        column += len(run.text)


def _text(piece: _Shown, number: int) -> str:
    run = piece.run
    text = run.text.rstrip()
    lead = len(text) - len(text.lstrip())
    x, y = (piece.column + lead) * WIDTH, (piece.row + 0.75) * HEIGHT
    text = text.lstrip()
    colour = _COLOURS.get(run.colour, f"#{run.colour}")
    look = ("" if colour == _INK else f' fill="{colour}"') + (' font-weight="700"' if run.bold else "")
    # The length is said, so that columns stand below each other in whatever font there is.
    place = f'x="{x:g}" y="{y:g}" textLength="{len(text) * WIDTH:g}"'
    return f'<text class="t{number}" {place}{look}>{escape(text)}</text>\n'


def _style(times: Sequence[float], rows: Sequence[tuple[float, int]], end: float) -> str:
    def share(at: float) -> str:
        return f"{100 * at / end:.3f}%"

    offsets = [(at, max(0, count - ROWS) * HEIGHT) for at, count in rows]
    moves = "".join(
        f"{share(at)}{{transform:translateY(-{offset}px)}}"
        for (at, offset), before in zip(offsets, [0, *(offset for _, offset in offsets)], strict=False)
        if offset != before
    )
    shows = "\n".join(
        f"@keyframes k{number}{{0%{{opacity:0}}{share(at)}{{opacity:1}}}}.t{number}{{animation-name:k{number}}}"
        for number, at in enumerate(times)
    )
    return (
        f"text{{white-space:pre;animation:{end:.2f}s step-end infinite}}\n"
        f".strip{{animation:scroll {end:.2f}s step-end infinite}}\n"
        f"@keyframes scroll{{0%{{transform:translateY(0)}}{moves}}}\n{shows}\n"
        "@media (prefers-reduced-motion:reduce){text,.strip{animation:none!important}}"
    )
