"""URL keys, fingerprints, and the decision: new, unchanged, revised or copy. Pure."""

from scraper.dedupe.decide import Action, Candidate, Decision, Known, candidate, decide
from scraper.dedupe.fingerprint import content_hash
from scraper.dedupe.stories import How, Likeness
from scraper.dedupe.urlkey import clean_url, host_of, normalise, same_site, url_key

__all__ = [
    "Action",
    "Candidate",
    "Decision",
    "How",
    "Known",
    "Likeness",
    "candidate",
    "clean_url",
    "content_hash",
    "decide",
    "host_of",
    "normalise",
    "same_site",
    "url_key",
]
