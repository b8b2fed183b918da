"""URL keys, fingerprints, and the decision: new, unchanged, revised or copy. Pure."""

from scraper.dedupe.decide import Action, Candidate, Decision, Difference, Known, candidate, decide, may_differ
from scraper.dedupe.fingerprint import content_hash
from scraper.dedupe.sources import Sources, Whole
from scraper.dedupe.stories import How, Likeness
from scraper.dedupe.urlkey import clean_url, host_of, normalise, same_site, url_key

__all__ = [
    "Action",
    "Candidate",
    "Decision",
    "Difference",
    "How",
    "Known",
    "Likeness",
    "Sources",
    "Whole",
    "candidate",
    "clean_url",
    "content_hash",
    "decide",
    "host_of",
    "may_differ",
    "normalise",
    "same_site",
    "url_key",
]
