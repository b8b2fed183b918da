"""An article on its way into the store, and which of the addresses that lead to it is its own.

What a page says of its own address is believed unless the addresses alone show that it cannot be: another outlet's, a
front page or a section, the address without the number that says which article it is. Whether two articles name one
address, and what stood there before, the store knows: :mod:`scraper.dedupe.ties`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from scraper.dedupe.fingerprint import Fingerprints, fingerprints
from scraper.dedupe.urlkey import clean_url, normalise, site_of, url_key
from scraper.dedupe.variants import form, same_outlet
from scraper.errors import BadURL
from scraper.model import VARIANTS, Address, Article, How

_RULES = {"og:url": How.OG_URL, "jsonld:url": How.JSONLD}
_FRONT = re.compile(
    r"(?:/(?:[a-z]{2}(?:[-_][a-z]{2,4})?|home|homepage|start|startseite|main|portada|accueil|login|error|not-found"
    r"|(?:404|500)(?:\.html?)?))+",
    re.IGNORECASE,
)
_TELLING = re.compile(r"\d{4}|(?:[^-_]+[-_]){2}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_WHICH = re.compile(
    r"(?!.*(?:session|user|visitor|campaign|click|sub))"
    r"(?:\w*id|p|nr|no|art|aid|article|artikel|story|item|doc|seq_?code|art_?n[ro]|idx_?no|news_?(?:no|nr))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article on its way into the store: the record, and every address that leads to it (its own URL first).

    ``answered`` is the one that answered with the page. What the others say can be wrong: where a redirect leads
    changes, and some sites name one canonical address for all their pages. ``how`` says of each of ``addresses`` how
    it is known. ``says_copy_of`` is an address at another outlet, where the page says that it was published.
    ``sketch``: by what its near-copies are looked for (``scraper.dedupe.resemblance``).
    """

    article: Article
    addresses: tuple[str, ...]
    content_hash: str
    answered: str
    how: Mapping[str, How] = field(default_factory=dict)
    says_copy_of: str | None = None
    sketch: tuple[int, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The URL keys of its addresses, that of ``answered`` first."""
        return tuple(dict.fromkeys(url_key(address) for address in (self.answered, *self.addresses)))

    @property
    def variant(self) -> How | None:
        """Which variant of the article the page is that was read; None: its plain page."""
        how = self.how.get(self.answered)
        return how if how in VARIANTS else None

    def led(self, url: str) -> bool:
        """Whether an address led to the page, and was not only named there."""
        return url == self.answered or self.how.get(url) in (How.ASKED, How.REDIRECT)

    def known_by(self, key: str) -> How:
        """How the address of a key is known; one that the page says is its variant is that before all else."""
        found = [self.how[url] for url in self.addresses if url in self.how and url_key(url) == key]
        return next((how for how in found if how in VARIANTS), found[0] if found else How.UNKNOWN)


def candidate(article: Article, came_by: Iterable[str] = (), prints: Fingerprints | None = None) -> Candidate:
    """Give the article its original URL and gather its addresses.

    The original URL is the page's own canonical address where it can be believed. Otherwise it is the article's URL.
    Either way without tracking parameters. ``came_by`` are the URLs that led here: what was asked for, and every
    redirect. ``prints`` are the article's, where they are known. Raises BadURL, and NotAnArticle for the text of a page
    that is none.
    """
    article = article.storable()
    came = [normalise(url) for url in came_by]
    answered = normalise(article.url)  # no address keeps a password
    if came and "#!" in came[0] and came[0].partition("#")[0] == answered:
        came = [url for url in came if url != answered]  # servers are not asked for what follows
        answered = came[0]
    named = list(_named(article))
    claims = [each for each in named if each.how not in VARIANTS and _can_be(each.url, answered)]
    own = _own(claims, answered)
    leads = {
        **{each.url: each.how for each in reversed(claims)},
        **dict.fromkeys(reversed(came[1:]), How.REDIRECT),
        **dict.fromkeys(came[:1], How.ASKED),
        **_variants(named, answered, own),
    }
    leads[answered] = _answered(answered, own, leads)
    prints = prints or fingerprints(article)
    order = (own, answered, *came, *(each.url for each in claims), *leads)
    return Candidate(
        _addressed(article, own, answered, claims),
        tuple(dict.fromkeys(order)),
        prints.content_hash,
        answered,
        {own: _how_own(own, claims, leads[answered])} | leads,
        _elsewhere(named, answered),
        prints.sketch,
    )


def _named(article: Article) -> Iterator[Address]:
    """What the page says of its addresses, normalised, the record's own field first."""
    how = _RULES.get(article.evidence.get("canonical_url", ""), How.CANONICAL)
    own = (Address(article.canonical_url, how),) if article.canonical_url else ()
    for each in (*own, *article.addresses):
        try:
            yield replace(each, url=normalise(each.url))
        except BadURL:
            continue


def _can_be(claim: str, answered: str) -> bool:
    """Whether a page at ``answered`` may be right to call ``claim`` its own address."""
    key, at = url_key(claim), url_key(answered)
    if key == at:
        return True
    return _is_page(key) and same_outlet(claim, answered) and not _is_section(key, at) and not _lacks_which(key, at)


def _is_page(key: str) -> bool:
    """Whether a key is not that of a front page; ``/en`` and ``/home`` are some, too."""
    path = _path(key)
    return "#!" in key or (path != "" and not _FRONT.fullmatch(path))


def _is_section(key: str, at: str) -> bool:
    """Whether an address is a place above the page, and names no story while the page's does."""
    above, steps = _path(key).split("/")[1:], _path(at).split("/")[1:]
    while len(steps) > 1 and form(f"{site_of(at)}/{steps[-1]}"):
        steps.pop()  # /story/amp is not below a section of that name
    return len(above) < len(steps) and steps[: len(above)] == above and not _tells(above[-1]) and _tells(steps[-1])


def _tells(step: str) -> bool:
    """Whether a step of a path says which story it is: by three words, or by a number that is no year."""
    return not _YEAR.fullmatch(step) and _TELLING.search(step) is not None


def _lacks_which(key: str, at: str) -> bool:
    """Whether an address is the page's without what says which article of the script it is."""
    if "#!" in at and key == at.partition("#")[0]:
        return True
    if _path(key) != _path(at) or _tells(_path(at).rpartition("/")[2]):
        return False
    kept = set(_query(key))
    return any(
        pair not in kept and _WHICH.fullmatch(pair.partition("=")[0]) and any(map(str.isdigit, pair.partition("=")[2]))
        for pair in _query(at)
    )


def _own(claims: list[Address], answered: str) -> str:
    if not claims:
        return clean_url(answered)
    own = clean_url(claims[0].url)
    if own.startswith("http:") and answered.startswith("https:") and url_key(own) == url_key(answered):
        own = f"https:{own[5:]}"  # a template that is older than the certificate
    return own


def _variants(named: list[Address], answered: str, own: str) -> dict[str, How]:
    """The addresses that the page says are its variants, as far as they may be."""
    plain = url_key(own)
    return {
        each.url: each.how
        for each in named
        if each.how in VARIANTS
        and _is_page(key := url_key(each.url))
        and key != plain
        and same_outlet(each.url, answered)
    }


def _answered(answered: str, own: str, leads: Mapping[str, How]) -> How:
    """What the address that answered is: a variant's, if the page says so, or if it has the form of one and its page
    names another address, which has not, as its own.
    """
    if url_key(answered) == url_key(own):
        return How.ANSWERED
    if leads.get(answered) in VARIANTS:
        return leads[answered]
    kind = form(answered)
    return kind if kind is not None and form(own) != kind else How.ANSWERED


def _how_own(own: str, claims: list[Address], answered: How) -> How:
    return claims[0].how if claims and url_key(claims[0].url) == url_key(own) else answered


def _addressed(article: Article, own: str, answered: str, claims: list[Address]) -> Article:
    """The record under its own address, with the evidence where that is not the one that answered."""
    evidence = article.evidence
    if claims and url_key(own) != url_key(answered):
        evidence = {**evidence, "url": claims[0].how.value, "url:read": answered}
    return replace(article, url=own, evidence=evidence)


def _elsewhere(named: list[Address], answered: str) -> str | None:
    """The page at another outlet that the page says it is a copy of."""
    others = (
        each
        for each in sorted(named, key=lambda each: each.how is not How.SOURCE)
        if each.how not in VARIANTS and _is_page(url_key(each.url)) and not same_outlet(each.url, answered)
    )
    return next((clean_url(each.url) for each in others), None)


def _path(key: str) -> str:
    return key.partition("#")[0].partition("?")[0][len(site_of(key)) :]


def _query(key: str) -> list[str]:
    return key.partition("#")[0].partition("?")[2].split("&")
