"""The fields of a page, each an ordered tuple of small named rules."""
