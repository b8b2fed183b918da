"""The body of a page."""
