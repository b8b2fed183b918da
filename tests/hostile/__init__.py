"""A server that means no good, and a fetcher of its own process that visits all of it.

::

    case        what one case is: the answers of a host, and how asking it must end
    answers     the answers that cases are made of: pages, redirects, drips, floods
      slow, bodies, codings, headers, redirects, statuses, pages, robots, sources, limits   a family each
    cases       all of them
    server      the server, with an address for each case, in a thread
    visitor     the process that asks, through the real pipeline, and says how it ended and what memory it took
    visit       both, joined; `python -m tests.hostile` prints what came of every case
"""
