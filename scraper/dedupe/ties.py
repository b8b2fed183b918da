"""What ties a candidate to an article that has one of its addresses, and whether the tie holds.

An address at which the article was read before ties for good, however its text changed. One that was only named, or
only led on, ties as long as the two have something in common: ``/latest`` leads to another story every day, a story
that was taken down leads to the front page, and some sites name one canonical address for all their pages.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from scraper.dedupe.addresses import Candidate
from scraper.dedupe.urlkey import clean_url, url_key
from scraper.dedupe.variants import form, page_of, same_outlet
from scraper.model import VARIANTS, Article, How, StoredArticle

_READ = frozenset({How.ANSWERED, How.TEXT, How.UNKNOWN})
"""How an alias is known at which the article itself was read, or may have been."""

_PIECE = 12  # characters: two texts of one language share hardly any so long by chance
_ENOUGH = 0.5
_LONGEST = 100_000  # characters of a text that are looked at


@dataclass(frozen=True, slots=True)
class Move:
    """What turned out about the addresses of a known article.

    ``url`` is the one that is its own from now on, ``how`` what its former one is then among its aliases (None: it is
    another's). Where ``url`` is empty, its own stays. ``read`` is where the article was read, if not there. ``lost``
    are keys of aliases that are another's.
    """

    article_id: int
    url: str = ""
    how: How | None = None
    read: str = ""
    lost: frozenset[str] = frozenset()


def led_astray(new: Candidate, old: StoredArticle) -> bool:
    """Whether the addresses that tie the two together are wrong. One that is stored as another loses nothing."""
    at = url_key(new.answered)
    if at in keys_of(old):
        return not _was_read_at(old, at) and unlike(new.article, old.article)
    if any(_ties_variant(new, old, key) for key in keys_of(old)):
        return unlike(new.article, old.article)
    return _disagree(new.article, old.article)


def leads_from(new: Candidate, old: StoredArticle) -> bool:
    """Whether the address at which an article was read leads to another page of the same site, with much of its text:
    the site has given it a new address, under which it is stored as well.
    """
    came = {url_key(url) for url in new.addresses if new.led(url)} - {url_key(new.answered)}
    return (
        old.url_key in came
        and _was_read_at(old, old.url_key)
        and same_outlet(new.answered, old.article.url)
        and resembles(new.article.body, old.article.body)
    )


def is_its_page(old: StoredArticle, keys: Collection[str]) -> bool:
    """Whether one of these URL keys is that of an article's own address, or of another one at which it was read."""
    return any(key == old.url_key or bool(_said(old, key) & _READ) for key in keys)


def _was_read_at(old: StoredArticle, key: str) -> bool:
    """Whether an article was read at one of its own addresses, or may have been: of old aliases nothing is known."""
    read = _read_elsewhere(old)
    if key == old.url_key:
        return read is None
    if read is not None and url_key(read) == key:
        return True
    return bool(_said(old, key) & _READ)


def _read_elsewhere(old: StoredArticle) -> str | None:
    """The alias at which an article was read, if its own address was only named there."""
    read = old.article.evidence.get("url:read")
    known = {url_key(url) for url in old.aliases}
    return read if read and url_key(read) in known and url_key(read) != old.url_key else None


def _ties_variant(new: Candidate, old: StoredArticle, key: str) -> bool:
    """Whether an address that both have is said to be a variant's."""
    if key not in new.keys:
        return False
    return new.known_by(key) in VARIANTS or bool(_said(old, key) & VARIANTS)


def _said(old: StoredArticle, key: str) -> set[How]:
    """How the aliases of one key are known."""
    return {old.how.get(url, How.UNKNOWN) for url in old.aliases if url_key(url) == key}


def _disagree(new: Article, old: Article) -> bool:
    """Whether title and text differ. Of a serial, whose title is always the same, the day tells the parts apart."""
    if "".join(new.body.split()) == "".join(old.body.split()):
        return False
    if new.title.split() != old.title.split():
        return True
    return bool(new.date and old.date and new.date != old.date) and unlike(replace(new, title=""), old)


def unlike(one: Article, other: Article) -> bool:
    """Whether two records have neither their title nor half of the shorter text in common."""
    if one.title.casefold().split() == other.title.casefold().split():
        return False
    return not resembles(one.body, other.body)


def resembles(one: str, other: str) -> bool:
    """Whether half of the shorter text's pieces are in the longer one, in whatever script, white space left out."""
    shorter, longer = sorted((_dense(one), _dense(other)), key=len)
    if len(shorter) < _PIECE:
        return shorter == longer
    pieces, pool = _pieces(shorter), _pieces(longer)
    return len(pieces & pool) >= _ENOUGH * len(pieces)


def _dense(text: str) -> str:
    return "".join(text[:_LONGEST].casefold().split())


def _pieces(text: str) -> set[str]:
    return {text[at : at + _PIECE] for at in range(len(text) - _PIECE + 1)}


def apart(new: Candidate, old: StoredArticle) -> tuple[Candidate, tuple[Move, ...]]:
    """The candidate without what is another article's, and what that other's addresses turn out to be.

    Where it now answers itself at an address that the other only named, that address is its own. Where the other was
    read elsewhere too, neither has the address that both name.
    """
    at, read = url_key(new.answered), _read_elsewhere(old)
    moves: tuple[Move, ...] = ()
    if at == old.url_key and read is not None:
        moves = (Move(old.id, clean_url(read), lost=frozenset({at})),)
    elif at in keys_of(old):
        moves = (Move(old.id, lost=frozenset({at})),)
    elif url_key(new.article.url) == old.url_key and read is not None:
        moves = (Move(old.id, clean_url(read), How.SHARED),)
    return without(new, keys_of(old) - {at}), moves


def without(new: Candidate, theirs: AbstractSet[str]) -> Candidate:
    """The candidate without the addresses that are other articles'; the one that answered is its own."""
    if not theirs:
        return new
    kept = tuple(address for address in new.addresses if url_key(address) not in theirs)
    if url_key(new.article.url) not in theirs:
        return replace(new, addresses=kept)
    url = clean_url(new.answered)
    told = {name: rule for name, rule in new.article.evidence.items() if name not in {"url", "url:read"}}
    return replace(new, article=replace(new.article, url=url, evidence=told), addresses=kept)


def homeward(new: Candidate, old: StoredArticle, taken: frozenset[str]) -> Move | None:
    """The move of an article that is known by a variant's address to its plain page's, once that is known."""
    own = url_key(new.article.url)
    if own == old.url_key or own in taken or (new.variant is not None and own == url_key(new.answered)):
        return None
    if _said(old, own) & VARIANTS:
        return None  # either page calls the other its variant
    how = new.known_by(old.url_key)
    if how in VARIANTS:
        return Move(old.id, new.article.url, how, _still_of(old, new))
    kind = form(old.article.url)
    if kind is not None and old.content_hash == new.content_hash and form(new.article.url) is None:
        return Move(old.id, new.article.url, kind)  # the same text at both
    return None


def _still_of(old: StoredArticle, new: Candidate) -> str:
    """Where the text that an article keeps was read, if that is not the address it moves to."""
    own, read = url_key(new.article.url), old.article.evidence.get("url:read") or old.article.url
    at_home = url_key(new.answered) == own and new.content_hash == old.content_hash
    return "" if at_home or url_key(read) == own else read


def is_lesser(new: Candidate, old: StoredArticle) -> bool:
    """Whether the page is a variant of an article whose plain page was read, and says nothing that came later.

    Variants leave out captions and boxes: taking their text would be an edit that nobody made, at every visit.
    """
    was = _was_variant(old) or new.known_by(old.url_key) in VARIANTS
    return not was and _is_variant(new, old) and not _is_later(new.article, old.article)


def is_further(new: Candidate, old: StoredArticle) -> bool:
    """Whether the page is a later page of an article, in parts, than the one whose text is kept."""
    article, number = page_of(new.answered)
    if number == 1 or article != old.url_key:
        return False
    kept, page = page_of(_read_elsewhere(old) or old.article.url)
    return number > (page if kept == article else 1)


def _is_variant(new: Candidate, old: StoredArticle) -> bool:
    return new.variant is not None or bool(_said(old, url_key(new.answered)) & VARIANTS)


def _was_variant(old: StoredArticle) -> bool:
    read = old.article.evidence.get("url:read")
    if read is None or url_key(read) == old.url_key:
        return form(old.article.url) is not None
    return old.how.get(read) in VARIANTS


def _is_later(new: Article, old: Article) -> bool:
    return new.modified_at is not None and old.modified_at is not None and new.modified_at > old.modified_at


def keys_of(old: StoredArticle) -> set[str]:
    """The URL keys of all its addresses."""
    return {old.url_key, *map(url_key, old.aliases)}
