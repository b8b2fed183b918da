"""What a page is, before anything of it is stored: an article, a teaser, a live blog, or a reason to refuse it.

The rules are plain and lean towards letting a page pass: a title and a few sentences are an article unless the page
says that it is something else. A wall is only looked for on a page with little text of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from scraper.errors import NotAnArticle
from scraper.extract import jsonld
from scraper.extract.body.text import Body
from scraper.extract.page import ParsedPage, text_of
from scraper.extract.urls import path_of
from scraper.model import Kind

_FEW = 25  # words without which no page is an article
_SHORT = 120  # words under which a wall's phrases count
_WALL = 450  # words that a wall's own text may have
_CROWD = 60  # words in links without which a page is no list of articles
_FRONT_LINKS = 8  # links on a front page, at least
_TEASER = 200  # words under which a paid article is only its free part
_HUB_TYPES = frozenset({"CollectionPage", "SearchResultsPage", "ItemList", "ProfilePage"})

_BOT = re.compile(
    r"just a moment\.\.\.|attention required! \| cloudflare|checking (?:your|if the site) "
    r"|verify(?:ing)? (?:that )?you are (?:a )?human"
    r"|are you a robot|pardon our interruption|unusual traffic|request unsuccessful\. incapsula"
    r"|please enable js and disable any ad blocker"
    r"|bot (?:check|detection|protection)|captcha|access (?:to this page has been )?denied|ddos protection"
    r"|press (?:&|and) hold"
    r"|вы не робот|доступ ограничен|security check",
    re.IGNORECASE,
)
_BOT_MARKUP = (
    "#challenge-form, #cf-wrapper, #px-captcha, #challenge-running, script[src*='captcha-delivery'],"
    " iframe[src*='_Incapsula_'], .g-recaptcha"
)
# What a consent wall speaks of; four of the five on one short page are no accident.
_CONSENT = (
    r"cookie|store (?:and|or) access information|ملفات تعريف الارتباط",
    r"consent|agree|zustimm|einwilligung|stimmen sie|acept|accett|consentimiento|согласи|同意|موافق",
    r"partner|partenaire|socios|партн[ёе]ры?|партнер|合作伙伴|パートナー|شركا",
    r"advertis|\bads\b|anzeigen|werbung|publicit|publicidad|anuncios|pubblicit|реклам|广告|広告|إعلان",
    r"choices|options|manage|withdraw|reject|ablehnen|widerrufen|einstellungen|retirer|refuser|rechazar|настройк|отклонить|отозвать|管理|拒绝|撤回|إدارة|رفض",
)
_LOGIN = re.compile(
    r"(?:log|sign)[ -]?in (?:to|or|with)|please (?:log|sign) in|forgot(?:ten)? (?:your )?password|create an account"
    r"|subscribe to (?:continue|read)"
    r"|(?:bitte )?(?:melden sie sich an|anmelden)|passwort vergessen|se connecter|mot de passe oublié"
    r"|iniciar sesión|войти|забыли пароль|ログイン|تسجيل الدخول",
    re.IGNORECASE,
)
_LOST = re.compile(
    r"^\W*(?:(?:error )?404\b|(?:the |this |sorry,? |oops\W*)*page (?:you[^.]{0,40} )?(?:was |is |could "
    r"|can ?)?(?:not|no longer|n.t)\b|page not found|not found\b"
    r"|(?:this |the )?(?:article|story|content) (?:is |was )?(?:not found|no longer|unavailable|not available"
    r"|has been removed)"
    r"|seite (?:wurde )?nicht gefunden|(?:diese|die) seite (?:existiert|konnte|wurde)|page (?:introuvable"
    r"|non trouvée)|página no encontrada|pagina non trovata"
    r"|страница не (?:найдена|существует)|页面(?:不存在|未找到)|找不到|ページが見つかりません|الصفحة غير موجودة)",
    re.IGNORECASE,
)
_SCRIPT_NEEDED = re.compile(
    r"(?:enable|requires?|turn on|activate|aktivieren|activer|включите) (?:\w+ ){0,2}javascript"
    r"|javascript (?:is )?(?:disabled|required|aktivieren)",
    re.IGNORECASE,
)
_SHELL = "#root, #app, #__next, #__nuxt, #___gatsby, app-root, [ng-app], [data-reactroot]"
_PAYWALL = (
    "[class*='paywall' i], [id*='paywall' i], [class*='subscribe-wall' i], [class*='piano-' i], [data-paywall],"
    " [class*='premium-wall' i]"
)


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What the rules look at: the page, the body found, and what is known beside it."""

    page: ParsedPage
    body: Body
    title: str | None
    heading: str  # <title> and first <h1>
    text: str  # the visible text, where it is no more than a wall has
    words: int  # of the whole visible text
    declared: bool  # the page says of itself that it is an article


def classify(page: ParsedPage, body: Body, title: str | None, *, paywalled: bool | None) -> Kind:
    """The kind of article that a page is; NotAnArticle, whose reason says what it is instead, where it is none."""
    seen = _gather(page, body, title)
    for reason, test, explanation in _REFUSALS:
        if test(seen):
            raise NotAnArticle(explanation, reason=reason)
    kinds = jsonld.types(page.article)
    if "LiveBlogPosting" in kinds:
        return Kind.LIVE
    overlay = body.words < _TEASER and page.tree.css_first(_PAYWALL) is not None
    if (paywalled and _is_cut(page, body)) or (overlay and paywalled is not False and body.words < _SHORT):
        return Kind.TEASER
    return Kind.ARTICLE


def _gather(page: ParsedPage, body: Body, title: str | None) -> _Evidence:
    heading = " \n".join([*page.texts("head > title"), *list(page.texts("h1"))[:1]])
    words = sum(block.size for block in page.flat.blocks)
    tree_body = page.tree.body
    text = text_of(tree_body) if tree_body is not None and words < _WALL else ""
    og_types = {kind.lower() for kind in page.metas("og:type")}
    declared = (
        (bool(page.article) or "article" in og_types) and "website" not in og_types
    ) or "articleBody" in page.article
    return _Evidence(page, body, title, heading, text, words, declared)


def _is_cut(page: ParsedPage, body: Body) -> bool:
    """Whether a paid article shows less than it has: by its own word count, else by being short."""
    stated = next((int(count) for count in page.ld("wordCount") if count.isdecimal()), 0)
    return body.words < 0.6 * stated if stated else body.words < _TEASER


def _empty(seen: _Evidence) -> bool:
    return (
        not seen.words
        and not seen.text
        and not seen.body.words
        and seen.page.tree.css_first("script, iframe, noscript") is None
    )


def _bot_check(seen: _Evidence) -> bool:
    if seen.body.words >= _SHORT or seen.words > _WALL:
        return False
    return bool(_BOT.search(seen.heading)) or (
        seen.words < _SHORT and bool(_BOT.search(seen.text) or seen.page.tree.css_first(_BOT_MARKUP) is not None)
    )


def _consent_wall(seen: _Evidence) -> bool:
    if seen.page.host.startswith(("consent.", "cookiewall.", "privacy-mgmt.")):
        return True
    if seen.words >= _WALL or seen.body.words >= 2 * _SHORT or (seen.declared and seen.body.words >= _FEW):
        return False
    return sum(re.search(topic, seen.text, re.IGNORECASE) is not None for topic in _CONSENT) >= 4


def _login_wall(seen: _Evidence) -> bool:
    if seen.body.words >= _SHORT or seen.words > _WALL or (seen.declared and seen.body.words >= _FEW):
        return False
    password = seen.page.tree.css_first("input[type='password' i]") is not None
    return password or len({match[0].lower() for match in _LOGIN.finditer(seen.text)}) >= 2


def _soft_404(seen: _Evidence) -> bool:
    if seen.body.words >= _SHORT:
        return False
    return any(_LOST.search(line) for line in seen.heading.split("\n"))


def _shell(seen: _Evidence) -> bool:
    if seen.body.words >= _FEW or seen.words >= _SHORT:
        return False
    needed = any(
        _SCRIPT_NEEDED.search(node.text()) for node in seen.page.tree.css("noscript")
    ) or _SCRIPT_NEEDED.search(seen.text)
    if needed or seen.page.tree.css_first(_SHELL) is not None:
        return True
    return seen.words < _FEW and seen.page.tree.css_first("script") is not None


def _hub(seen: _Evidence) -> bool:
    if seen.page.article and seen.body.words >= _FEW:
        return False
    home = seen.page.url is not None and path_of(seen.page.url).strip("/") == ""
    if home and not seen.declared and len(seen.page.tree.css("a[href]")) >= _FRONT_LINKS:
        return True
    linked = sum(block.linked for block in seen.page.flat.blocks)
    if linked < _CROWD or linked < 0.4 * seen.words:
        return False
    site = "website" in {kind.lower() for kind in seen.page.metas("og:type")} or home
    listing = any(jsonld.types(thing) & _HUB_TYPES for thing in seen.page.things)
    little = seen.body.words < _SHORT or (seen.body.words < 2 * _SHORT and seen.body.words < 0.25 * seen.words)
    return little and (site or listing or not seen.declared)


def _no_article(seen: _Evidence) -> bool:
    return seen.title is None or (seen.body.words < _FEW and not (seen.declared and seen.body.sentences))


_REFUSALS: tuple[tuple[str, Callable[[_Evidence], bool], str], ...] = (
    ("empty page", _empty, "The page is empty"),
    ("bot check", _bot_check, "The page asks whether we are human"),
    ("consent wall", _consent_wall, "The page asks for consent and shows no article"),
    ("soft 404", _soft_404, "The page says that it was not found, whatever its status said"),
    ("login wall", _login_wall, "The page asks for a login and shows no article"),
    ("javascript shell", _shell, "The page is filled in by scripts and shows no text without them"),
    ("hub", _hub, "The page lists articles and is none itself"),
    ("no article", _no_article, "The page has no headline with running text"),
)
