"""URL keys, fingerprints, and the decision: new, unchanged, revised or copy. Pure."""
