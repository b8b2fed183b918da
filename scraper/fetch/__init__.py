"""The only code that speaks HTTP.

::

    client   Fetcher: the redirects, the retries, robots.txt and the host budget around one request
      ├── guard    which URLs and addresses may be asked at all                        pure
      ├── request  what is asked for, and the headers that say so                   pure
      │     └── profile     how one source's sites are asked                           pure
      ├── cookies  of one fetch, or of a source's jar
      ├── permit   robots.txt fetched, kept and renewed
      ├── robots   what robots.txt lets our agent ask                                  pure
      ├── pace     the host budget: who may ask a host now, over all processes
      │     └── hosts       what is kept of a host, and decided about it               pure
      ├── answer   what a status, a header or a first byte means for us                pure
      ├── body     the answer's body within its bounds
      │     └── decode, codings  the content coding undone, a piece at a time          pure
      ├── wire     connections made and kept, as a transport of httpx's client
      │     ├── resolve     names resolved, addresses vetted
      │     └── connection  HTTP/1.1 on one of them
      └── door     foreign errors in, ours out

    webhook  what happened, posted to an address of the operator's: past all of the above but the door

Nothing is imported here: the settings read ``scraper.fetch.options`` for commands that never fetch, and httpx alone
costs 0.1 s.
"""
