"""Lines that are no text, and sentences that only have their words."""

# ruff: noqa: RUF001 - in the world's alphabets

from __future__ import annotations

import pytest

from scraper.extract.body.prompts import claims, heads_comments, labels, prompts


@pytest.mark.parametrize(
    "text",
    [
        "Follow us on Facebook for the latest from the island.",
        "For more of this, sign up to our weekly newsletter.",
        "The Briefing newsletter has all that you need. Sign up here.",
        "Download the Island Times app today.",
        "Become a member of the Island Times, and make a donation.",
        "Have a tip? Write to the desk.",
        "Tell us what you think of it.",
        "Get our best stories in your inbox every morning.",
        "Die wichtigsten Nachrichten, jeden Morgen in Ihrem Postfach.",
        "L'essentiel, chaque soir dans votre boîte mail.",
        "Siga nosso canal no WhatsApp",
        "Polub nas na Facebooku",
        "Заметили опечатку? Нажмите Ctrl + Enter",
        "हमारे चैनल से जुड़ें",
        "תושבים, הצטרפו לערוץ שלנו",
        "اشترك في النشرة البريدية",
        "扫码关注我们",
        "欢迎关注我们的微信公众号",
        "Haberler için bizi takip edin",
    ],
)
def test_what_speaks_to_its_reader(text: str) -> None:
    assert prompts(text)


@pytest.mark.parametrize(
    "text",
    [
        "Half a million people follow the mayor on Instagram.",
        "The region applied last year to become a member of the league, and waits.",
        "Neighbours were told to sign up for email alerts and to keep a bag packed.",
        "The widow asked that friends make a donation to the hospital.",
        "“Follow us on Facebook if you want to know,” the farmer said, and closed the gate.",
        "Those who subscribe to its newsletter buy twice as much.",
        "The court found that a story need not please its subscribers.",
        "Readers who download the app spend an hour a week with it.",
        "She was already a subscriber when the paper closed.",
        "El ministerio lo anunció en su canal de Telegram.",
        "La subida sigue a dos meses de caídas.",
        "O senado espera que o presidente assine o decreto.",
        "Sie fand die Drohung am Abend in ihrem Postfach.",
        "Im Sommer besuchen unsere Insel viele Gäste.",
        "هم اشتركوا في المظاهرة يوم الجمعة.",
        "התושבים הצטרפו למחאה ביום שישי.",
        "顾客扫描二维码即可付款。",
    ],
)
def test_what_tells_of_others(text: str) -> None:
    assert not prompts(text)
    assert not claims(text)


@pytest.mark.parametrize(
    "text",
    [
        "© 2026 Island Times",
        "Copyright ⓒ Island Times. All rights reserved.",
        "Island Times, all rights reserved.",
        "Tous droits réservés. Toute reproduction est interdite.",
        "Wszelkie prawa zastrzeżone.",
        "無断転載を禁じます",
        "This material may not be published, broadcast, rewritten or redistributed.",
        "This story was originally published May 3, 2026.",
        "（责任编辑：王晓）",
    ],
)
def test_what_claims_rights(text: str) -> None:
    assert claims(text)


@pytest.mark.parametrize(
    "text",
    [
        "The judge said that the names must not be published.",
        "He owns the copyright (c) and has gone to court four times.",
        "Copyright law changed in 2019, and nobody noticed.",
        "This story begins in a harbour.",
        "新闻编辑王晓说，他已经等了三年。",
    ],
)
def test_what_tells_of_rights(text: str) -> None:
    assert not claims(text)


@pytest.mark.parametrize(
    ("text", "is_label"),
    [
        ("Advertisement", True),
        ("Story continues below advertisement", True),
        ("Video Player is loading.", True),
        ("0:00 / 1:24", True),
        ("end of list", True),
        ("04:10", False),
        ("The story continues below ground", False),
        ("Advertisements were banned", False),
    ],
)
def test_labels(text: str, is_label: bool) -> None:
    assert labels(text) is is_label


@pytest.mark.parametrize(
    ("text", "heading", "heads"),
    [
        ("3 Comments", False, True),
        ("Kommentare (12)", False, True),
        ("Réactions (2)", False, True),
        ("コメント 4", False, True),
        ("Comments", True, True),
        ("Join the discussion", True, True),
        ("Comments", False, False),
        ("Reactions", True, False),
        ("Comments by the mayor", True, False),
    ],
)
def test_headings_of_comments(text: str, heading: bool, heads: bool) -> None:
    assert heads_comments(text, heading) is heads
