from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scraper.units import Duration, Size

SECONDS = {"ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604800, "": 1}
BYTES = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "": 1}
BYTES |= {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
numbers = st.integers(0, 500) | st.decimals(0, 500, places=3)
spaces = st.sampled_from(["", " ", "  "])
cases = st.sampled_from([str, str.lower, str.upper])


@settings(deadline=None)
@given(numbers, st.sampled_from(sorted(SECONDS)), spaces, cases)
def test_durations(number: object, unit: str, space: str, case: type[str]) -> None:
    text = f"{space}{number}{space}{case(unit)}{space}"
    assert Duration.parse(text) == pytest.approx(float(str(number)) * SECONDS[unit])


@settings(deadline=None)
@given(numbers, st.sampled_from(sorted(BYTES)), spaces, cases)
def test_sizes(number: object, unit: str, space: str, case: type[str]) -> None:
    size = Size.parse(f"{space}{number}{space}{case(unit)}{space}")
    assert size == int(float(str(number)) * BYTES[unit])
    assert isinstance(size, Size)


@pytest.mark.parametrize(
    ("value", "seconds"), [(90, 90), (1.5, 1.5), (0, 0), ("90s", 90), ("15m", 900), ("1.5h", 5400), ("7d", 604800)]
)
def test_examples(value: object, seconds: float) -> None:
    assert Duration.parse(value) == seconds


BAD: list[object] = [
    -1,
    True,
    None,
    [],
    {},
    float("inf"),
    float("nan"),
    10**400,
    "",
    "s",
    "-1s",
    "1 fortnight",
    "1h30m",
    "1e3",
]


@pytest.mark.parametrize("bad", [*BAD, "9" * 400, "11 w w", "600w", "10 MiB", 4 * 10**8])
def test_no_duration(bad: object) -> None:
    with pytest.raises(ValueError, match=r"(?s)Expected a duration such as .*, got "):
        Duration.parse(bad)


@pytest.mark.parametrize("bad", [*BAD, "9" * 400, "10 MiB B", "1001 TiB", "15m", 2**60])
def test_no_size(bad: object) -> None:
    with pytest.raises(ValueError, match=r"(?s)Expected a size such as .*, got "):
        Size.parse(bad)


values = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers())


@settings(deadline=None)
@given(values)
@example("\u0663s")  # a digit too, to Python
def test_anything_else_is_a_value_error(value: object) -> None:
    for kind in (Duration, Size):
        try:
            parsed = kind.parse(value)
        except ValueError:
            continue
        assert 0 <= parsed < 2**60
