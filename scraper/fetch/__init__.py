"""The only code that speaks HTTP.

::

    client   Fetcher: the redirects, the retries, robots.txt and the host budget around one request
      ├── guard    which URLs and addresses may be asked at all                        pure
      ├── request  what is asked for, and the headers that say so                   pure
      ├── permit   robots.txt fetched, kept and renewed
      ├── robots   what robots.txt lets our agent ask                                  pure
      ├── pace     the host budget: who may ask a host now, over all processes
      ├── answer   what a status, a header or a first byte means for us                pure
      ├── decode   the content coding undone, with a bound                             pure
      ├── wire     names resolved, addresses vetted, connections made
      └── door     foreign errors in, ours out

Nothing is imported here: the settings read ``scraper.fetch.options`` for commands that never fetch, and httpx alone
costs 0.1 s.
"""
