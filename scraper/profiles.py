"""What config/sources.toml says of asking a source's sites, with its secrets read from where they lie.

A secret stands in sources.toml as ``env:NAME`` or ``file:PATH``, so that the file can be shown and kept with others.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from http.cookiejar import Cookie
from pathlib import Path

from scraper.dedupe import host_of
from scraper.errors import BadUsage, ConfigError
from scraper.fetch.answer import is_secret
from scraper.fetch.cookies import cookies_of_file, own_cookies, parsed_cookies
from scraper.fetch.profile import Profile, Proxy, own_hosts
from scraper.settings import Source


class Profiles:
    """The profiles of a home's sources. ``root`` is what the paths of secrets are relative to, ``environ`` where those
    are that the environment holds.
    """

    def __init__(self, root: Path, environ: Mapping[str, str] = os.environ) -> None:
        self._root = root
        self._environ = environ
        self._known: dict[str, Profile] = {}

    def check(self, sources: Iterable[Source]) -> None:
        """Read the secrets of all of them now. Raises ConfigError for one that is not there."""
        for source in sources:
            self.of(source)

    def of(self, source: Source | None) -> Profile:
        """How the sites of a source are asked; without one, like everybody's. Raises ConfigError."""
        if source is None:
            return Profile()
        if source.name not in self._known:
            self._known[source.name] = self._read(source)
        return self._known[source.name]

    def _read(self, source: Source) -> Profile:
        hosts = source.hosts or own_hosts(host_of(source.url))
        secure = source.url.lower().startswith("https:")
        headers = {name: self._secret(source, f"headers.{name}", value) for name, value in source.headers.items()}
        cookies = {name: self._secret(source, f"cookies.{name}", value) for name, value in source.cookies.items()}
        return Profile(
            name=source.name,
            user_agent=source.user_agent,
            language=source.language,
            timeout=source.timeout,
            proxy=self._proxy(source) if source.proxy else None,
            hosts=hosts,
            headers=headers,
            cookies=own_cookies(cookies, hosts, secure=secure),
            login=self._login(source, hosts, secure=secure),
            secret=any(is_secret(name) or headers[name] != given for name, given in source.headers.items()),
            secure=secure,
            jar=source.jar,
        )

    def _login(self, source: Source, hosts: Iterable[str], *, secure: bool) -> tuple[Cookie, ...]:
        """The cookies of a login: a header's value in the environment, or a cookies.txt."""
        if not source.login:
            return ()
        try:
            if source.login.startswith("file:"):
                return cookies_of_file(self._root / source.login.removeprefix("file:"))
            return own_cookies(parsed_cookies(self._secret(source, "login", source.login)), hosts, secure=secure)
        except BadUsage as error:
            raise ConfigError(f"source {source.name}: login: {error}") from error

    def _proxy(self, source: Source) -> Proxy:
        try:
            return Proxy.parse(self._secret(source, "proxy", source.proxy))
        except BadUsage as error:
            raise ConfigError(f"source {source.name}: proxy: {error}") from error

    def _secret(self, source: Source, key: str, value: str) -> str:
        return secret(value, f"source {source.name}: {key}", self._root, self._environ)


def secret(value: str, what: str, root: Path, environ: Mapping[str, str] = os.environ) -> str:
    """What a value of the configuration stands for: ``env:NAME`` is what that variable holds, ``file:PATH`` the text of
    that file, and anything else is itself. ``what`` names it in the ConfigError that is raised where nothing is there.
    """
    kind, colon, where = value.partition(":")
    if kind == "env" and colon:
        found = environ.get(where, "")
        if not found:
            raise ConfigError(f"{what}: the environment variable {where} is not set")
    elif kind == "file" and colon:
        try:
            found = (root / where).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            told = getattr(error, "strerror", None) or "not UTF-8"
            raise ConfigError(f"{what}: {where} cannot be read: {told}") from error
    else:
        return value
    found = found.strip()
    if not found.isprintable():
        raise ConfigError(f"{what}: what {value} holds is more than one line of text")
    return found
