"""WARC (ISO 28500), the format that web archives exchange pages in: written, and read with bounds. No network, no SQL.

::

    pages ──writing──> records ──> a file, one gzip member a record

    a file ──unpacking──> plain bytes ──records──> records ──captures──> pages (and what was passed over, and why)
             gzip, zstd   lines and headers        WARC, ARC              message: HTTP within a record, chunks and
             or none      have an end                                     content codings undone
"""
