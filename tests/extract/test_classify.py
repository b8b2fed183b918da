"""What a page is: every reason to refuse one, the kinds, and pages that must pass."""

# ruff: noqa: E501, ISC004, RUF001 - one case a line, in the world's alphabets

from __future__ import annotations

import pytest

from scraper.errors import NotAnArticle
from scraper.extract import extract_article
from scraper.model import Kind

P = "<p>The ferry stopped running on Monday after divers found a crack in its second propeller, the board said.</p>"
Q = "<p>A replacement is being cast in a foundry inland and should arrive before the winter timetable begins.</p>"
LINKS = "".join(f"<div><h3><a href=/{n}>A headline of another story, number {n}</a></h3></div>" for n in range(30))
COOKIES = (
    "<p>We and our 214 partners use cookies to show personalised advertising. You can accept all, reject all, or manage your"
    " choices. You may withdraw your consent at any time in our privacy centre.</p>"
)
LD = '<script type="application/ld+json">{"@type":"%s","headline":"Ferry stops"%s}</script>'


def reason(html: str, url: str = "https://n.example/2026/story") -> str:
    with pytest.raises(NotAnArticle) as caught:
        extract_article(html, url).storable()
    assert str(caught.value)
    return caught.value.reason


@pytest.mark.parametrize(
    ("expected", "html"),
    [
        ("empty page", ""),
        ("empty page", "<html><head><title>x</title></head><body> </body></html>"),
        ("bot check", "<title>Just a moment...</title><h1>n.example</h1><p>Checking your browser before accessing the site.</p>"),
        ("bot check", "<title>Access denied</title><h1>Access Denied</h1><p>You don't have permission. Reference #18.</p>"),
        ("bot check", "<title>n.example</title><p>Please enable JS and disable any ad blocker</p><script>x</script>"),
        ("consent wall", f"<title>Before you continue</title><h1>Before you continue</h1>{COOKIES}<button>Accept all</button>"),
        ("consent wall", "<h1>继续访问之前</h1><p>我们和合作伙伴使用Cookie来展示个性化内容和广告。继续访问需要您同意我们处理数据。</p>"),
        ("login wall", "<h1>Welcome back</h1><p>Please log in to go on reading.</p><form><input type=password></form>"),
        ("login wall", "<h1>Sign in to continue</h1><p>Forgot your password? Create an account.</p>"),
        ("soft 404", f"<title>Page not found - N</title><h1>Page not found</h1><p>Sorry.</p>{LINKS}"),
        ("soft 404", "<title>404</title><h1>404</h1><p>We looked everywhere.</p>"),
        ("soft 404", "<title>Новости</title><h1>Страница не найдена</h1><p>Попробуйте поискать ещё раз.</p>"),
        ("javascript shell", "<title>N</title><div id=root></div><script src=/app.js></script>"),
        ("javascript shell", "<title>N</title><noscript>You need to enable JavaScript to run this app.</noscript><script>x</script>"),
        ("hub", f'<meta property="og:type" content="website"><title>World news</title><h1>World</h1>{LINKS}'),
        ("hub", LD % ("CollectionPage", "") + f"<h1>World</h1>{LINKS}"),
        ("other page", "<title>About</title><h1>About us</h1><p>We write.</p>"),
        ("no article", "<title>Ferry</title><h1>Ferry stops</h1><p>We write.</p>"),
        ("no article", "<p>Just a line of text that has no headline over it, and a little more text than that, to be sure of"
         " it, in case anyone counts the words of it.</p>"),
    ],
)  # fmt: skip
def test_refusals_say_what_the_page_is(expected: str, html: str) -> None:
    assert reason(html) == expected


def test_a_front_page_is_a_hub() -> None:
    assert reason(f"<title>N</title><h1>Today</h1>{P}{Q}{LINKS}", "https://n.example/") == "hub"


def test_a_page_with_a_text_that_is_no_article_has_a_kind_of_its_own() -> None:
    page = extract_article(f"<title>N</title><h1>Today</h1>{P}{Q}{LINKS}", "https://n.example/")
    assert page.kind is Kind.OTHER
    assert page.evidence["kind"].startswith("hub: ")
    assert page.title == "Today"
    assert "second propeller" in page.body


def test_a_page_without_a_text_of_its_own_is_refused_at_once() -> None:
    with pytest.raises(NotAnArticle, match="list") as caught:
        extract_article(f"<title>N</title><h1>Today</h1>{LINKS}", "https://n.example/")
    assert caught.value.reason == "hub"


@pytest.mark.parametrize(
    "html",
    [
        f"<h1>Ferry stops</h1>{P}{Q}",
        f"<title>Ferry stops</title>{LINKS}<article>{P}{Q}</article>{LINKS}" + LD % ("NewsArticle", ""),
        f"<h1>404 days without a ferry</h1>{P * 4}{Q.replace('A', 'B') * 4}{''.join(P.replace('ferry', str(n)) for n in range(9))}",
        f"<h1>What cookie walls ask</h1>{LD % ('NewsArticle', '')}{P}{COOKIES}{Q}",
        f"<h1>Ferry stops</h1>{P}{Q}<div class=cookie-banner>{COOKIES}</div>" + LD % ("NewsArticle", ""),
        f'<h1>Ferry stops</h1>{P}{Q}<form>Log in <input type="password"> Forgot password?</form>'
        + LD % ("NewsArticle", ""),
        f"<div id=__next><h1>Ferry stops</h1>{P}{Q}</div><noscript>Please enable JavaScript</noscript>",
        "<h1>潮汐公交开通</h1><p>望潮市首条潮汐公交周三开通，发车时间随海水涨落调整。</p><p>首日共有两千多名乘客试乘。</p>",
    ],
)
def test_articles_pass(html: str) -> None:
    assert extract_article(html, "https://n.example/2026/story").kind is Kind.ARTICLE


def test_a_short_paid_article_is_a_teaser() -> None:
    article = extract_article(
        f"<h1>Ferry stops</h1>{P}{Q}" + LD % ("NewsArticle", ',"isAccessibleForFree":false'), None
    )
    assert (article.kind, article.paywalled) == (Kind.TEASER, True)


def test_an_overlay_over_a_short_text_is_a_teaser() -> None:
    assert extract_article(f"<h1>Ferry stops</h1>{P}{Q}<div class='c-paywall'>Subscribe</div>").kind is Kind.TEASER


def test_a_paid_article_in_full_is_an_article() -> None:
    full = "".join(P.replace("ferry", f"ferry {n}") for n in range(20))
    article = extract_article(f"<h1>Ferry stops</h1>{full}" + LD % ("NewsArticle", ',"isAccessibleForFree":"False"'))
    assert (article.kind, article.paywalled) == (Kind.ARTICLE, True)
    cut = LD % ("NewsArticle", ',"isAccessibleForFree":false,"wordCount":2000')
    assert extract_article(f"<h1>Ferry stops</h1>{full}{cut}").kind is Kind.TEASER


def test_a_live_blog_is_live() -> None:
    assert extract_article(f"<h1>Ferry stops</h1>{P}{Q}" + LD % ("LiveBlogPosting", "")).kind is Kind.LIVE
