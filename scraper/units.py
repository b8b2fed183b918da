"""Durations, sizes and endpoints as people write them: ``"15m"``, ``"10 MiB"``, ``"127.0.0.1:9464"``."""

from __future__ import annotations

import re

_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604800}
_BYTES = {
    "b": 1,
    "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12,
    "kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40,
}  # fmt: skip
_LONGEST = 10 * 365 * 86400
_LARGEST = 1000 * 2**40
_ENDPOINT = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})")
_FORM = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]*)\s*")


class Duration(float):
    """Seconds. ``Duration.parse("1.5h")`` is 5400.0; a bare number is seconds."""

    __slots__ = ()

    @classmethod
    def parse(cls, value: object) -> Duration:
        """A number, or a number with one of ms, s, m, min, h, d, w. Raises ValueError for anything else."""
        wanted = 'a duration such as "90s", "15m", "24h" or a number of seconds, of ten years at most'
        return cls(_parse(value, _SECONDS, "s", _LONGEST, wanted))


class Period(Duration):
    """A duration that cannot be nothing: a time-out, an interval."""

    __slots__ = ()

    @classmethod
    def parse(cls, value: object) -> Period:
        """As :meth:`Duration.parse`, and more than 0."""
        parsed = Duration.parse(value)
        if parsed <= 0:
            raise ValueError(f"Expected a duration of more than 0, got {value!r}")
        return cls(parsed)


class Size(int):
    """Bytes. ``Size.parse("10 MiB")`` is 10485760; a bare number is bytes."""

    __slots__ = ()

    @classmethod
    def parse(cls, value: object) -> Size:
        """A number, or a number with one of B, kB, MB, GB, TB, KiB, MiB, GiB, TiB. Raises ValueError otherwise."""
        wanted = 'a size such as "10 MiB", "500 MB" or a number of bytes, of 1,000 TiB at most'
        return cls(int(_parse(value, _BYTES, "b", _LARGEST, wanted)))


class Endpoint(str):
    """Where to listen: ``"127.0.0.1:9464"``, ``"[::1]:9464"``; empty: nowhere."""

    __slots__ = ()

    @classmethod
    def parse(cls, value: object) -> Endpoint:
        """An address or a name, a colon and a port; or nothing. Raises ValueError for anything else."""
        form = _ENDPOINT.fullmatch(value) if isinstance(value, str) else None
        if value != "" and (form is None or not 0 < int(form[3]) < 65536):
            raise ValueError(f'Expected an address and a port such as "127.0.0.1:9464", or "" for none, got {value!r}')
        return cls(value)

    @property
    def host(self) -> str:
        """The address or the name."""
        return self.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port."""
        return int(self.rpartition(":")[2])


def _parse(value: object, units: dict[str, float] | dict[str, int], default: str, most: float, wanted: str) -> float:
    form = _FORM.fullmatch(value) if isinstance(value, str) else None
    unit = (form[2].lower() or default) if form else ""
    number = value
    if form is not None and unit in units:
        number = float(form[1]) * units[unit]
    # TOML knows inf and nan, and whole numbers of any length.
    if not isinstance(number, (int, float)) or isinstance(number, bool) or not 0 <= number <= most:
        raise ValueError(f"Expected {wanted}, got {value!r}")
    return float(number)
