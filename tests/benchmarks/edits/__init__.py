"""Edits that are made to pages, and noise that comes with every fetch: what becomes a revision, and what does not."""
