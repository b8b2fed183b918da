"""What browsers are told to allow: no script, nothing from elsewhere, no frames."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from typing import Any

from jinja2 import Environment

OURS = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""For the reader's pages, which need a style sheet and no more."""

COMMON = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
# Datasette 0.65 has three scripts in its pages; one says whether facets are allowed.
_INLINE = ("_codemirror_foot.html", "_close_open_menus.html")
_FACETS = ("DATASETTE_ALLOW_FACET = true;", "DATASETTE_ALLOW_FACET = false;")


def datasettes(templates: Environment) -> str:
    """The policy for Datasette's own pages: its scripts run, by the hashes of their text, and no others."""
    hashes = " ".join(f"'sha256-{_hash(script)}'" for script in (*_scripts(templates), *_FACETS))
    return (
        f"default-src 'none'; script-src 'self' {hashes}; connect-src 'self'; style-src 'self' 'unsafe-inline';"
        " img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _scripts(templates: Environment) -> Iterable[str]:
    for name in _INLINE:
        loader = templates.loader
        if loader is not None:
            source, _, _ = loader.get_source(templates, f"default:{name}")
            yield from _SCRIPT.findall(source)


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


class Told:
    """An ASGI application around another: it adds what browsers are told, and the policy where an answer has none."""

    def __init__(self, app: Any, policy: bytes) -> None:
        self._app, self._policy = app, policy

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def tell(event: Any) -> None:
            if event["type"] == "http.response.start":
                given = [(bytes(name).lower(), value) for name, value in event.get("headers", ())]
                names = {name for name, _ in given}
                more = (*COMMON, (b"content-security-policy", self._policy))
                event = {**event, "headers": [*given, *((name, value) for name, value in more if name not in names)]}
            await send(event)

        await self._app(scope, receive, tell)
