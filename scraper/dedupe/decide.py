"""The decision: is this article new, unchanged, revised, or a copy? Pure; the store only carries it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from scraper.dedupe.addresses import Candidate
from scraper.dedupe.changes import Changes, changes
from scraper.dedupe.returns import REASON, recent, redates_itself, returned_to, times_wanted
from scraper.dedupe.sources import Sources
from scraper.dedupe.stories import Likeness, Match
from scraper.dedupe.ties import (
    Move,
    apart,
    homeward,
    is_further,
    is_lesser,
    keys_of,
    leads_from,
    led_astray,
    resembles,
    without,
)
from scraper.dedupe.urlkey import url_key
from scraper.dedupe.variants import form, same_outlet
from scraper.model import Article, Edit, How, Kind, Outcome, Revision, StoredArticle


class Action(StrEnum):
    """What the store has to do."""

    INSERT = "insert"
    REPLACE = "replace"  # and keep the old text as a revision
    TOUCH = "touch"  # note that it was seen, nothing else
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows that bears on a candidate.

    ``by_url``: the article that has one of its keys, in the order of the candidate's; ``taken``: those of its keys
    that are other articles', ``others``: these articles. ``by_text``: articles with the same content hash, the earliest
    first. ``original``: the article at the address that it says it is a copy of. ``forgotten``: one of its keys was
    erased by `scrape forget`. ``near``: articles that it is a near-copy of, the closest first. ``past``: earlier texts
    of the article of ``by_url``, if its text may have changed; ``now`` is an instant, without which all of them are
    recent. ``sources`` is what the page says as a whole, before and now, if that is known.
    """

    by_url: StoredArticle | None = None
    taken: frozenset[str] = frozenset()
    others: tuple[StoredArticle, ...] = ()
    by_text: tuple[StoredArticle, ...] = ()
    original: StoredArticle | None = None
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

    ``url`` is where a new article is stored under, ``moves`` is what turned out about known ones' addresses: it is
    carried out first. ``how`` says how an alias is known, where the decision tells and not the candidate.
    ``difference`` is what a replacement changes, ``returned_to`` the number of the revision whose text was seen again
    in place of the present one. ``moved`` are other articles whose page is no more, as its address leads to this one.
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
    moves: tuple[Move, ...] = ()
    how: Mapping[str, How] = field(default_factory=dict)
    moved: tuple[int, ...] = ()


def decide(new: Candidate, known: Known) -> Decision:
    """What to do with ``new``, given what is ``known``."""
    decision = _decide(new, known)
    if decision.action not in (Action.INSERT, Action.REPLACE):
        return decision
    exact = tuple(Likeness(twin.id) for twin in known.by_text[:1])
    twins = {twin.id for twin in known.by_text}
    said = tuple(like for like in _by_its_own_words(new, known) if like.other_id not in twins)
    named = twins | {like.other_id for like in said}
    near = tuple(like for like in known.near if like.other_id not in named)
    copies = tuple(like for like in exact + said + near if like.other_id != decision.article_id)
    if copies and decision.action is Action.INSERT:
        reason, detail = _said_of(copies[0])
        decision = replace(decision, reason=reason, detail=detail)
    return replace(decision, copies=copies) if copies else decision


def _by_its_own_words(new: Candidate, known: Known) -> tuple[Likeness, ...]:
    """What its page says that it is a copy of, if the texts bear it out: that may be long ago."""
    said = known.original
    if said is None or not resembles(new.article.body, said.article.body):
        return ()
    from scraper.dedupe.resemblance import Wording, compare  # numpy takes its time, and few pages say so

    alike = compare(Wording(new.article.body), Wording(said.article.body))
    return (Likeness(said.id, Match.SAID, round(alike.similarity, 3), round(alike.contained, 3)),)


def _said_of(closest: Likeness) -> tuple[str, str]:
    if closest.how is Match.EXACT:
        return "copy", f"new article, a copy of #{closest.other_id}"
    if closest.how is Match.SAID:
        return "copy", f"new article, by its page's own words a copy of #{closest.other_id}"
    return "near-copy", f"new article, a near-copy of #{closest.other_id} ({closest.contained:.0%} of the shorter text)"


def _decide(new: Candidate, known: Known) -> Decision:
    if known.forgotten:
        return Decision(
            Action.NOTHING, Outcome.SKIPPED, "forgotten", "was erased by `scrape forget` and is not stored again"
        )
    tied = tuple(old for old in (known.by_url, *known.others) if old is not None)
    moves: tuple[Move, ...] = ()
    for old in tied:
        if not led_astray(new, old):
            taken = known.taken.union(*map(keys_of, tied)) - keys_of(old) - {url_key(new.answered)}
            told = replace(known, taken=taken) if old is known.by_url else Known(taken=taken, now=known.now)
            decision = _known_article(without(new, taken), old, told)
            return _after(
                moves, _replacing(decision, [other for other in tied if other is not old and leads_from(new, other)])
            )
        new, found = apart(new, old)
        moves += found
    return _after(moves, _by_text(without(new, known.taken), known))


def _replacing(decision: Decision, moved: Sequence[StoredArticle]) -> Decision:
    """The decision about an article to which the addresses of others lead now."""
    if not moved:
        return decision
    named = ", ".join(f"#{old.id} ({old.article.url})" for old in moved)
    ids = tuple(old.id for old in moved)
    return replace(decision, moved=ids, detail=f"{decision.detail}; the address of {named} leads here now")


def _after(moves: tuple[Move, ...], decision: Decision) -> Decision:
    return replace(decision, moves=(*moves, *decision.moves)) if moves else decision


def _by_text(new: Candidate, known: Known) -> Decision:
    """What to do with an article that no address ties to another."""
    for twin in known.by_text:
        if same_outlet(twin.article.url, new.article.url) and _same_day(twin.article, new.article):
            told = _by_its_text(new)
            seen = _known_article(replace(new, how=told), twin, Known(taken=known.taken, now=known.now))
            return replace(seen, how=told)
    return _insert(new, "new", "new article")


def _by_its_text(new: Candidate) -> dict[str, How]:
    """How the addresses of a page are known that only its text ties to an article."""
    own = (new.article.url, new.answered)
    return {**new.how, **{url: form(url) or How.TEXT for url in own if new.how.get(url) is How.ANSWERED}}


def _known_article(new: Candidate, old: StoredArticle, known: Known) -> Decision:
    """What to do with a page of a known article."""
    may_be_lesser = old.article.kind in (Kind.ARTICLE, Kind.LIVE) and new.content_hash != old.content_hash
    if may_be_lesser and is_further(new, old):
        decision = _seen(new, old, "a further page of it; the text of its first page is kept", reason="page")
    elif may_be_lesser and is_lesser(new, old):
        decision = _seen(new, old, "a variant of its page; the plain page's text is kept", reason="variant")
    else:
        decision = _decide_known(new, old, known)
    move = homeward(new, old, known.taken)
    if move is None:
        return decision
    return replace(decision, moves=(move,), aliases=tuple(url for url in decision.aliases if url != move.url))


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
    """Unchanged under a known address, duplicate under a new one; one that the page only names led nobody here."""
    aliases = _new_aliases(new, old)
    if any(new.led(alias) for alias in aliases):
        return _duplicate(new, old)
    return Decision(_touch(new), Outcome.UNCHANGED, reason, detail, old.id, aliases)


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
