"""The decision: is this article new, unchanged, revised, or a copy? Pure; the store only carries it out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from scraper.dedupe.changes import Changes, changes
from scraper.dedupe.fingerprint import content_hash
from scraper.dedupe.returns import REASON, recent, redates_itself, returned_to, times_wanted
from scraper.dedupe.sources import Sources
from scraper.dedupe.stories import How, Likeness
from scraper.dedupe.urlkey import clean_url, normalise, same_site, url_key
from scraper.errors import BadURL
from scraper.model import Article, Edit, Kind, Outcome, Revision, StoredArticle


class Action(StrEnum):
    """What the store has to do."""

    INSERT = "insert"
    REPLACE = "replace"  # and keep the old text as a revision
    TOUCH = "touch"  # note that it was seen, nothing else
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article on its way into the store: the record, and every address that leads to it (its own URL first).

    ``answered`` is the one that answered with the page. What the others say can be wrong: where a redirect leads
    changes, and some sites name one canonical address for all their pages. ``sketch``: by what its near-copies are
    looked for (``scraper.dedupe.resemblance``).
    """

    article: Article
    addresses: tuple[str, ...]
    content_hash: str
    answered: str
    sketch: tuple[int, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The URL keys of its addresses, that of ``answered`` first."""
        return tuple(dict.fromkeys(url_key(address) for address in (self.answered, *self.addresses)))


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows that bears on a candidate.

    ``by_url``: the article that has one of its keys, in the order of the candidate's; ``taken``: those of its keys
    that are other articles'. ``by_text``: articles with the same content hash, the earliest first.
    ``forgotten``: one of its keys was erased by `scrape forget`. ``near``: articles that it is a near-copy of, the
    closest first. ``past``: earlier texts of the article of ``by_url``, if its text may have changed; ``now`` is an
    instant, without which all of them are recent. ``sources`` is what the page says as a whole, before and now, if
    that is known.
    """

    by_url: StoredArticle | None = None
    taken: frozenset[str] = frozenset()
    by_text: tuple[StoredArticle, ...] = ()
    forgotten: bool = False
    near: tuple[Likeness, ...] = ()
    past: tuple[Revision, ...] = ()
    now: str = ""
    sources: Sources | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What replaces a text: the kind of change, and how many words came and went."""

    edit: Edit = Edit.BODY
    words_added: int | None = None
    words_removed: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do, and how to say it; ``aliases`` are new addresses, ``copies`` is whose story it joins, and why.

    ``url`` is where a new article is stored under. ``difference`` is what a replacement changes, ``returned_to`` the
    number of the revision whose text was seen again in place of the present one.
    """

    action: Action
    outcome: Outcome
    reason: str
    detail: str
    article_id: int | None = None
    aliases: tuple[str, ...] = ()
    copies: tuple[Likeness, ...] = ()
    url: str = ""
    difference: Difference | None = None
    returned_to: int | None = None


def candidate(article: Article, came_by: Iterable[str] = ()) -> Candidate:
    """Give the article its original URL and gather its addresses.

    The original URL is the page's own canonical address where it can be believed: on the same site, and not the home
    page (pages that name their home page, or another outlet, as canonical are common). Otherwise it is the article's
    URL. Either way without tracking parameters. ``came_by`` are the URLs that led here: what was asked for, and
    every redirect. Raises BadURL, and NotAnArticle for the text of a page that is none.
    """
    article = article.storable()
    answered = normalise(article.url)  # no address keeps a password
    own = clean_url(_believed(article.canonical_url, answered) or answered)
    addresses = tuple(dict.fromkeys([own, answered, *map(normalise, came_by)]))
    from scraper.dedupe.resemblance import sketch  # numpy takes its time, and few commands store anything

    return Candidate(replace(article, url=own), addresses, content_hash(article), answered, sketch(article))


def _believed(canonical: str | None, url: str) -> str | None:
    """What a page says of its own address, if it can be believed."""
    try:
        believable = canonical is not None and same_site(normalise(canonical), url)
        return canonical if believable and "/" in url_key(canonical or "").partition("?")[0] else None
    except BadURL:
        return None


def decide(new: Candidate, known: Known) -> Decision:
    """What to do with ``new``, given what is ``known``."""
    decision = _decide(new, known)
    if decision.action not in (Action.INSERT, Action.REPLACE):
        return decision
    exact = tuple(Likeness(twin.id) for twin in known.by_text[:1])
    near = tuple(like for like in known.near if like.other_id not in {twin.id for twin in known.by_text})
    copies = tuple(like for like in exact + near if like.other_id != decision.article_id)
    if copies and decision.action is Action.INSERT:
        reason, detail = _said_of(copies[0])
        decision = replace(decision, reason=reason, detail=detail)
    return replace(decision, copies=copies)


def _said_of(closest: Likeness) -> tuple[str, str]:
    if closest.how is How.EXACT:
        return "copy", f"new article, a copy of #{closest.other_id}"
    return "near-copy", f"new article, a near-copy of #{closest.other_id} ({closest.contained:.0%} of the shorter text)"


def _decide(new: Candidate, known: Known) -> Decision:
    if known.forgotten:
        return Decision(
            Action.NOTHING, Outcome.SKIPPED, "forgotten", "was erased by `scrape forget` and is not stored again"
        )
    new = replace(new, addresses=tuple(url for url in new.addresses if url_key(url) not in known.taken))
    if known.by_url is not None:
        if not led_astray(new, known.by_url):
            return _decide_known(new, known.by_url, known)
        new = _without(new, _keys(known.by_url))
    for twin in known.by_text:
        if same_site(twin.article.url, new.article.url) and _same_day(twin.article, new.article):
            return _decide_known(new, twin, Known())
    return _insert(new, "new", "new article")


def led_astray(new: Candidate, old: StoredArticle) -> bool:
    """Whether only a redirect or a canonical address ties the two together, and they say different things.

    ``/latest`` leads to another story every day, a story that was taken down leads to the front page, and some sites
    name their section page as canonical everywhere. A story that moved keeps its title or its text; one that keeps
    neither is stored as another, because that loses nothing.
    """
    if url_key(new.answered) in _keys(old) or new.article.title.split() == old.article.title.split():
        return False
    return "".join(new.article.body.split()) != "".join(old.article.body.split())


def _without(new: Candidate, keys: set[str]) -> Candidate:
    """The candidate without the addresses that are another article's."""
    url = new.article.url if url_key(new.article.url) not in keys else clean_url(new.answered)
    kept = tuple(address for address in new.addresses if url_key(address) not in keys)
    return replace(new, article=replace(new.article, url=url), addresses=kept)


def _keys(old: StoredArticle) -> set[str]:
    return {old.url_key, *map(url_key, old.aliases)}


def _decide_known(new: Candidate, old: StoredArticle, known: Known) -> Decision:
    was, now = old.article.kind, new.article.kind
    if now is Kind.CLIPPING and was is not Kind.CLIPPING:
        return _seen(new, old, "already stored from its page, which outranks a clipping")
    if now is Kind.TEASER and was in (Kind.ARTICLE, Kind.LIVE, Kind.CLIPPING):
        return _seen(new, old, "only a teaser now; the full text is kept", reason="teaser")
    found = changes(old.article, new.article, known.sources)
    if was is Kind.CLIPPING and now is not Kind.CLIPPING:
        return _replace(new, old, found, "page over clipping", "its page now stands in place of the clipping")
    if not found or redates_itself(found, recent(known.past, known.now)):
        same = new.content_hash == old.content_hash
        detail = "nothing changed" if same else "nothing changed but what comes and goes on its page"
        return _seen(new, old, detail, reason="known" if same else "noise")
    return _decide_changed(new, old, found, known)


def _decide_changed(new: Candidate, old: StoredArticle, found: Changes, known: Known) -> Decision:
    revision = returned_to(found, recent(known.past, known.now))
    if revision is None:
        return _replace(new, old, found, "changed", _detail(found))
    times, wanted = revision.seen_again + 1, times_wanted(known.past)
    if times < wanted:
        detail = f"shows revision {revision.revision} again, {times} of the {wanted} times that make it a change"
        return replace(_seen(new, old, detail, reason="flapping"), returned_to=revision.revision)
    return _replace(new, old, found, REASON, f"{_detail(found)}; as in revision {revision.revision}")


def may_differ(old: StoredArticle, new: Candidate) -> bool:
    """Whether it takes the earlier texts of an article to decide."""
    was, now = old.article, new.article
    same = new.content_hash == old.content_hash and was.authors == now.authors and was.published_at == now.published_at
    return old.revision > 1 and not same


def _detail(found: Changes) -> str:
    """What changed; where the page is read by other rules than before, they may be what made the difference."""
    before, now = found.old.extractor, found.new.extractor
    return found.detail if before == now else f"{found.detail}; read by rules {now}, before by {before or 'none'}"


def _seen(new: Candidate, old: StoredArticle, detail: str, *, reason: str = "known") -> Decision:
    """Unchanged under a known address, duplicate under a new one."""
    if _new_aliases(new, old):
        return _duplicate(new, old)
    return Decision(_touch(new), Outcome.UNCHANGED, reason, detail, old.id)


def _duplicate(new: Candidate, old: StoredArticle) -> Decision:
    detail = f"the same article as #{old.id} ({old.article.url})"
    return Decision(_touch(new), Outcome.DUPLICATE, "known article", detail, old.id, _new_aliases(new, old))


def _touch(new: Candidate) -> Action:
    """A page that was seen again was fetched; a clipping that is imported again was not."""
    return Action.NOTHING if new.article.kind is Kind.CLIPPING else Action.TOUCH


def _replace(new: Candidate, old: StoredArticle, found: Changes, reason: str, detail: str) -> Decision:
    removed, added = found.words
    return Decision(
        Action.REPLACE,
        Outcome.REVISED,
        reason,
        detail,
        old.id,
        _new_aliases(new, old),
        difference=Difference(found.edit, added, removed),
    )


def _insert(new: Candidate, reason: str, detail: str) -> Decision:
    aliases = tuple(address for address in new.addresses if address != new.article.url)
    return Decision(Action.INSERT, Outcome.SAVED, reason, detail, None, aliases, url=new.article.url)


def _new_aliases(new: Candidate, old: StoredArticle) -> tuple[str, ...]:
    return tuple(address for address in new.addresses if address not in (old.article.url, *old.aliases))


def _same_day(one: Article, other: Article) -> bool:
    """Whether the dates allow the two to be one article: daily columns repeat their text under new dates."""
    return not one.published_at or not other.published_at or one.published_at[:10] == other.published_at[:10]
