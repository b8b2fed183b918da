"""Stored articles in the forms that other programs read, and back. Pure: files are opened elsewhere.

::

    StoredArticle ── record ──┬── JSON lines              ── reading ── StoredArticle
                              ├── sheet      CSV
                              ├── columns    Parquet
                              ├── notes      Markdown     ── reading ── StoredArticle
                              └── feeds      Atom, JSON Feed, with the body as html
"""
