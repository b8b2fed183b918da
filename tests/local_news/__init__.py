"""Seven invented newspapers, served over real HTTP on loopback: for `make demo` and the end-to-end tests.

``LocalNews`` is the server, ``python -m tests.local_news`` its command. What it serves is in ``fixtures/outlets`` and
``fixtures/articles``; every outlet, person and story there is made up.
"""

from tests.local_news.home import scraper_toml, sources_toml, write_home
from tests.local_news.outlets import Outlet, Reply, load_outlets
from tests.local_news.site import LocalNews, Override, Request

__all__ = [
    "LocalNews",
    "Outlet",
    "Override",
    "Reply",
    "Request",
    "load_outlets",
    "scraper_toml",
    "sources_toml",
    "write_home",
]
