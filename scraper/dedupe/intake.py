"""What becomes of an article that another archive's export tells. Pure."""

from __future__ import annotations

from dataclasses import replace

from scraper.dedupe.addresses import Candidate
from scraper.dedupe.decide import Action, Decision
from scraper.dedupe.fingerprint import fingerprints
from scraper.dedupe.past import outranks
from scraper.dedupe.urlkey import clean_url, normalise
from scraper.model import How, Outcome, StoredArticle


def told(stored: StoredArticle) -> Candidate:
    """What an export says of an article, as a candidate: with all addresses that were known there. Raises BadURL."""
    article = replace(stored.article, url=clean_url(normalise(stored.article.url)))  # no address keeps a password
    prints = fingerprints(article)
    others = {normalise(url): stored.how.get(url, How.UNKNOWN) for url in stored.aliases}
    addresses = tuple(dict.fromkeys((article.url, *others)))
    how = {**others, article.url: How.ANSWERED}
    return Candidate(article, addresses, prints.content_hash, article.url, how, sketch=prints.sketch)


def restrained(decision: Decision, new: Candidate, old: StoredArticle | None) -> Decision:
    """The decision about such an article, if what is stored (``old``) keeps its text unless that is worth less.

    A page that was fetched here outranks what was fetched elsewhere; and so nothing becomes a revision that no page
    here ever showed.
    """
    if decision.action is Action.INSERT or old is None:
        return decision
    if decision.action is Action.REPLACE and outranks(new.article.kind, old.article.kind):
        return decision
    detail = "already stored" if decision.outcome is not Outcome.DUPLICATE else decision.detail
    outcome = decision.outcome if decision.outcome is Outcome.DUPLICATE else Outcome.UNCHANGED
    seen = replace(decision, action=Action.NOTHING, outcome=outcome, detail=detail, moves=(), copies=())
    return replace(seen, returned_to=None, difference=None, reason="known")
