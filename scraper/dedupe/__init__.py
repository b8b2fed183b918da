"""URL keys, fingerprints, and the decision: new, unchanged, revised or copy. Pure."""

from scraper.dedupe.addresses import Candidate, candidate
from scraper.dedupe.decide import Action, Decision, Difference, Known, decide, may_differ
from scraper.dedupe.fingerprint import Fingerprints, content_hash, fingerprints
from scraper.dedupe.sources import Sources, Whole
from scraper.dedupe.stories import Likeness, Match
from scraper.dedupe.ties import Move
from scraper.dedupe.urlkey import clean_url, host_of, normalise, same_site, site_of, url_key

__all__ = [
    "Action",
    "Candidate",
    "Decision",
    "Difference",
    "Fingerprints",
    "Known",
    "Likeness",
    "Match",
    "Move",
    "Sources",
    "Whole",
    "candidate",
    "clean_url",
    "content_hash",
    "decide",
    "fingerprints",
    "host_of",
    "may_differ",
    "normalise",
    "same_site",
    "site_of",
    "url_key",
]
