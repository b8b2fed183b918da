"""The body: which box, what is left out, and its Markdown."""

# ruff: noqa: E501, RUF001 - one case a line, in the world's alphabets

from __future__ import annotations

import json

import pytest

from scraper.extract.body.text import body
from scraper.extract.page import ParsedPage

A = "The ferry stopped running on Monday after divers found a crack in its second propeller."
B = "A replacement is being cast in a foundry inland and should arrive before the winter begins."
C = "Nobody in town can remember a winter without the ferry, the harbour master said."
TEXT = f"{A}\n\n{B}\n\n{C}"
PARAGRAPHS = f"<p>{A}</p><p>{B}</p><p>{C}</p>"
NAV = (
    "<ul class=x>"
    + "".join(f"<li><a href=/{n}>A headline of another story, number {n}</a></li>" for n in range(9))
    + "</ul>"
)


def text(html: str, title: str | None = "Ferry stops", asides: tuple[str, ...] = ()) -> str:
    return body(ParsedPage(html, "https://n.example/a"), title, asides).text


@pytest.mark.parametrize(
    "html",
    [
        f"{NAV}<article><h1>Ferry stops</h1>{PARAGRAPHS}</article>{NAV}",
        f"{NAV}<main>{PARAGRAPHS}<aside><p>Read our other text about the sea, it is long and full of words.</p></aside></main>",
        f"{NAV}<div><div>{PARAGRAPHS}</div>{NAV}</div>",
        f"{NAV}<div>{A}<br><br>{B}<br><br>{C}</div>",
        f"{NAV}<div>{A}<br>{B}<br>{C}</div>",
        f"{NAV}<table><tr><td>{NAV}<td><b>Ferry stops</b><p>{A}<p>{B}<p>{C}</table>",
        f"<div><p>{A}</p></div><div><p>{B}</p></div><div><p>{C}</p></div>{NAV}",
        f"<body class='has-sidebar newsletter'>{PARAGRAPHS}",
        f"<div class='article-body'>{PARAGRAPHS}<div class='newsletter-box'><p>Get all our news every day, it is free.</p></div></div>",
        f"<article>{PARAGRAPHS}<p><a href=/x>Related: another story about another ferry</a></p></article>",
        f"<article><p>March 3, 2026</p>{PARAGRAPHS}<p>Topics</p></article>",
        f"<article>{PARAGRAPHS}{PARAGRAPHS}</article>",
        f"<article><figure><img><figcaption>A ferry at the quay in the evening sun of May.</figcaption></figure>{PARAGRAPHS}</article>",
    ],
)
def test_the_paragraphs_and_nothing_else(html: str) -> None:
    assert text(html) == TEXT


def test_caption_and_credit_are_left_out() -> None:
    html = f"<article><p>A ferry at the quay.</p>{PARAGRAPHS}</article>"
    assert text(html, asides=("A ferry at the quay.",)) == TEXT
    caption = "A ferry lies at the quay in the evening sun of May while its crew waits for a new propeller."
    html = f"<article><div><div class=text>{caption}</div></div>{PARAGRAPHS}</article>"
    assert text(html, asides=(caption,)) == TEXT


def test_what_a_caption_says_stays_where_the_text_says_it_too() -> None:
    assert text(f"<article>{PARAGRAPHS}</article>", asides=(A,)) == TEXT
    heading = f"<article>{PARAGRAPHS.replace('<p>' + B, '<h2>What was counted</h2><p>' + B)}</article>"
    assert "What was counted" in text(heading, asides=("What was counted",))


@pytest.mark.parametrize(
    "sentences",
    [
        (
            "Трамваи снова пойдут через Каменный мост двадцать восьмого декабря.",
            "Ремонт закончат раньше срока, сообщил Полозов.",
        ),
        ("望潮市首条潮汐公交周三开通，发车时间随海水涨落调整。", "首日共有两千多名乘客试乘，司机说他们看的是月亮。"),
        (
            "海辺の町で新しい路線が始まった。時刻表ではなく月を見る。",
            "初日には二千人を超える人が乗ったと運転手は話した。",
        ),
        (
            "عادت الأعشاب البحرية إلى خليج المرجان بعد غياب عشرين عاماً.",
            "وقال المعهد إن المروج تغطي سبعة وثلاثين هكتاراً.",
        ),
        ("ข่าววันนี้เรื่องเรือข้ามฟากที่หยุดวิ่งเพราะใบพัดแตกร้าวเมื่อวันจันทร์", "ชาวเมืองบอกว่าไม่เคยเห็นฤดูหนาวที่ไม่มีเรือข้ามฟากมาก่อนเลยสักครั้ง"),
    ],
)
def test_every_script(sentences: tuple[str, ...]) -> None:
    html = f"<article dir=auto><h1>Ferry stops</h1>{''.join(f'<p>{sentence}</p>' for sentence in sentences)}</article>{NAV}"
    assert text(html) == "\n\n".join(sentences)


def test_markdown_has_the_structure_of_the_same_text() -> None:
    html = (
        f'<article><p>{A} <a href="/x">Link</a> and <b>bold</b>.</p><h2>What next</h2><ul><li>First thing that will happen.</li>'
        f"<li>Second thing that will happen.</li></ul><ol><li>One of the two.</li><li>Two of the two.</li></ol>"
        f"<blockquote><p>We heard it before we saw it.</p></blockquote><p># {B}</p></article>"
    )
    found = body(ParsedPage(html, "https://n.example/a"), "T", ())
    assert found.markdown == (
        f"{A} [Link](https://n.example/x) and **bold**.\n\n## What next\n\n- First thing that will happen.\n"
        "- Second thing that will happen.\n\n1. One of the two.\n2. Two of the two.\n\n> We heard it before we saw it.\n\n"
        f"\\# {B}"
    )
    assert found.text.split("\n\n")[1] == "What next"


def test_lists_within_lists_and_numbers() -> None:
    inner = "<ul><li>The nests that are left.</li><li>The nests that are not.</li></ul>"
    html = (
        f"<article><p>{A}</p><ul><li>All nests.{inner}</li><li>All chicks.</li></ul><p>{B}</p>"
        f"<ol start=3><li>Leave the roots.</li><li>Keep the cattle out.</li></ol><p>{C}</p>"
        "<blockquote><ul><li>It was said.</li></ul></blockquote><ul><li>It was done.</li></ul></article>"
    )
    assert body(ParsedPage(html), "T", ()).markdown == (
        f"{A}\n\n- All nests.\n  - The nests that are left.\n  - The nests that are not.\n- All chicks.\n\n{B}\n\n"
        f"3. Leave the roots.\n4. Keep the cattle out.\n\n{C}\n\n> - It was said.\n\n- It was done."
    )


TABLE = (
    "<table><thead><tr><th>Year</th><th>Runs</th></tr></thead><tr><td>2024</td><td><a href=/r>310</a></td></tr>"
    "<tr><td>2025</td><td>12</td></tr></table>"
)


@pytest.mark.parametrize("wrapped", [TABLE, f"<figure class=table>{TABLE}</figure>", f"<div><div>{TABLE}</div></div>"])
def test_a_table_of_data_between_the_paragraphs_is_of_the_text(wrapped: str) -> None:
    more = PARAGRAPHS.replace("ferry", "tug")
    html = f"{NAV}<article><h1>Ferry stops</h1>{PARAGRAPHS}{wrapped}{more}</article>"
    found = body(ParsedPage(html, "https://n.example/a"), "Ferry stops", ())
    assert "\n\nYear | Runs\n\n2024 | 310\n\n2025 | 12\n\n" in found.text
    assert "| Year | Runs |\n| --- | --- |\n| 2024 | [310](https://n.example/r) |\n| 2025 | 12 |" in found.markdown


def test_json_ld_stands_in_where_the_page_shows_nothing() -> None:
    long = " ".join([A, B, C] * 3)
    html = (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"H","articleBody":"%s"}</script><p>%s</p>'
    )
    found = body(ParsedPage(html % (f"{long}\\n\\n{A}", A)), "H", ())
    assert (found.text, found.rule) == (f"{long}\n\n{A}", "jsonld:articleBody")
    found = body(ParsedPage(html % (f"<p>{long}</p><p>{B}</p>", A)), "H", ())
    assert found.text == f"{long}\n\n{B}"


def test_a_page_without_text_has_an_empty_body() -> None:
    assert body(ParsedPage(""), None, ()).text == ""
    assert body(ParsedPage(NAV), None, ()).text == ""


def test_lines_that_name_an_author_go_and_words_that_hold_the_name_stay() -> None:
    html = f"<article><p>{A}</p><p>Bo Li, Reporter</p><p>{B}</p><h2>What Bo Li saw</h2><p>{C}</p><ul><li>Bo Lister's list</li></ul></article>"
    found = body(ParsedPage(html), "T", (), ("Bo Li",)).text
    assert "Reporter" not in found
    assert "What Bo Li saw" in found


@pytest.mark.parametrize("name", ["article-lead", "post_excerpt", "standfirst", "article__subtitle"])
@pytest.mark.parametrize("tag", ["p", "h2"])
def test_the_paragraph_that_leads_in_is_of_the_article(name: str, tag: str) -> None:
    lead = "The island's only ferry will not run before the winter, its owner has said on the wireless."
    byline = "<div class=byline><a href=/ana>Ana Ruiz</a></div>"
    html = f"{NAV}<h1>Ferry stops</h1><header><{tag} class={name}>{lead}</{tag}>{byline}</header><div class=article-body>{PARAGRAPHS}</div>"
    assert text(html) == f"{lead}\n\n{TEXT}"


@pytest.mark.parametrize(
    "prompt",
    [
        "For the latest stories and breaking news updates download the Island Times app.",
        "Follow The Island Times on Twitter and Instagram @IslandTimes.",
        "© 2022, islandtimes.example. This article is the copyrighted property of the Island Times.",
        "¡Mira lo que tiene nuestro canal de YouTube! Únete.",
        "Подписывайтесь на наш канал в Телеграме.",
    ],
)
def test_prompts_at_the_end_go(prompt: str) -> None:
    more = "".join(
        f"<p>{sentence}</p>" for sentence in (C.replace("ferry", what) for what in ("boat", "pier", "dock", "ship"))
    )
    assert prompt not in text(
        f"{NAV}<article><h1>Ferry stops</h1>{PARAGRAPHS}{more}{PARAGRAPHS.replace('ferry', 'tug')}<p>{prompt}</p></article>"
    )


def test_a_subscriber_in_the_story_stays() -> None:
    told = "He asked the court to let every subscriber of the magazine know, and the court agreed."
    assert told in text(
        f"{NAV}<article>{PARAGRAPHS}{PARAGRAPHS.replace('ferry', 'tug')}{PARAGRAPHS.replace('ferry', 'dock')}<p>{told}</p></article>"
    )


@pytest.mark.parametrize(
    "told",
    [
        "Related costs rose by a tenth in spring.",
        "Recommended limits were passed in May.",
        "Advertisements for boats will be banned.",
        "Photo: a dirty word in this harbour, it seems.",
        "Thousands of people follow the captain on Instagram.",
    ],
)
@pytest.mark.parametrize("box", ["<p>{}</p>", "<div class=x><p class=y>{}</p></div>"])
def test_sentences_that_begin_like_an_aside_or_hold_the_words_of_a_prompt_stay(told: str, box: str) -> None:
    boxed = [box.format(sentence) for sentence in (A, told, B, C)]
    assert text(f"{NAV}<article><h1>Ferry stops</h1>{''.join(boxed)}</article>") == f"{A}\n\n{told}\n\n{B}\n\n{C}"


@pytest.mark.parametrize(
    "line",
    [
        "<p>Read more about the ferry in our dossier.</p>",
        "<p>Lees meer over dit onderwerp.</p>",
        "<p>Story continues below advertisement</p>",
        "<p>All you need to know, in the Ferry newsletter. Sign up <a href=/n>here</a>.</p>",
        "<div class=b1><p>The morning letter</p><p>Every day at six in your inbox.</p></div>",
        "<div class=b2><div>Download the Island app today.</div></div>",
    ],
)
def test_what_is_put_between_the_paragraphs_goes(line: str) -> None:
    more = PARAGRAPHS.replace("ferry", "tug")
    assert text(f"{NAV}<article><h1>Ferry stops</h1>{PARAGRAPHS}{line}{more}</article>") == text(
        f"<article>{PARAGRAPHS}{more}</article>"
    )


@pytest.mark.parametrize("closing", [["© 2026 Island Times", "Follow us on Facebook", "All rights reserved."] * 2])
def test_however_many_lines_close_a_text(closing: list[str]) -> None:
    lines = "".join(f"<p>{line}</p>" for line in dict.fromkeys(closing))
    assert text(f"{NAV}<article><h1>Ferry stops</h1>{PARAGRAPHS}{PARAGRAPHS}{lines}</article>") == TEXT


@pytest.mark.parametrize("heading", ["<h3>2 Comments</h3>", "<div class=c>Komentarze (2)</div>", "<h2>Kommentare</h2>"])
def test_comments_close_the_text(heading: str) -> None:
    comments = "".join(
        f"<div><b>Bo</b><p>{line} I have said so for years and nobody ever listened.</p></div>" for line in "AB"
    )
    html = f"<h1>Ferry stops</h1>{PARAGRAPHS}{PARAGRAPHS.replace('ferry', 'tug')}<div>{heading}{comments}</div>"
    assert "nobody ever listened" not in text(f"{NAV}<article>{html}</article>")
    assert "nobody ever listened" in text(f"{NAV}<article>{html.replace(heading, '')}</article>")


def test_the_headline_as_the_page_writes_it_is_no_text() -> None:
    assert text(f"{NAV}<article><h1>Island without a ferry</h1>{PARAGRAPHS}</article>") == TEXT
    inner = text(f"{NAV}<article><h1>Ferry stops</h1><h1>What happened</h1>{PARAGRAPHS}</article>")
    assert inner == f"What happened\n\n{TEXT}"


@pytest.mark.parametrize(
    "script",
    [
        "window.__STATE__ = %s;",
        'window["__RQ"] = window["__RQ"] || [];window["__RQ"].push(%s)',
        "self.__next_f.push(%s)",
    ],
)
def test_text_that_only_scripts_carry(script: str) -> None:
    html = f"<div class=editor><p>{A}</p><div class=caption><p>Photo: Ana Ruiz</p></div><p>{B}</p><p>{' '.join([C] * 6)}</p></div>"
    state: object = {"article": {"title": "Ferry stops", "html": html}}
    if "next_f" in script:
        state = [1, f"4:I[13,[],0]\n5:{json.dumps([1, state])}\n"]
    page = f"<h1>Ferry stops</h1><script>{script % json.dumps(state).replace('<', chr(92) + 'u003c')}</script>"
    found = body(ParsedPage(page), "Ferry stops", ())
    assert (found.text.split("\n\n")[:2], found.rule) == ([A, B], "json:state")


def test_pushed_text_without_rows_is_read_as_html() -> None:
    html = f"<div><p>{A}</p><p>{B}</p><p>{' '.join([C] * 6)}</p></div>"
    page = (
        "<h1>Ferry stops</h1><script>self.__next_f.push(" + json.dumps([1, html]).replace("<", "\\u003c") + ")</script>"
    )
    assert body(ParsedPage(page), "Ferry stops", ()).text.split("\n\n")[:2] == [A, B]


def test_the_stories_below_are_others() -> None:
    story = f"{PARAGRAPHS}<p>{A.replace('ferry', 'boat')}</p><p>{B.replace('foundry', 'shipyard')}</p>"
    other = "".join(f"<p>{sentence.replace('a', 'e')}</p>" for sentence in (A, B, C))
    html = f"<article><h1>Ferry stops</h1>{story}</article><article><h1>A choir sings</h1>{other}</article>"
    assert text(html) == "\n\n".join([TEXT, A.replace("ferry", "boat"), B.replace("foundry", "shipyard")])
    assert A.replace("a", "e") in text(html.replace("<article>", "<div>"))  # nothing says so


def test_a_teaser_within_the_story_is_another() -> None:
    teaser = "<article><h3>%s</h3><p>The choir says that it will sing until the winter is over.</p></article>"
    linked = teaser % "<a href=/x>A choir sings</a>"
    story = f"{PARAGRAPHS}%s{PARAGRAPHS.replace('ferry', 'tug')}{PARAGRAPHS.replace('ferry', 'dock')}"
    html = f"<article><h1>Ferry stops</h1>{story}</article>"
    assert text(html % linked) == text(html % "")
    assert "until the winter is over" in text(html % (teaser % "What the choir says"))


def test_a_prompt_within_a_quotation_takes_nothing_of_it_along() -> None:
    quoted = "<blockquote><p>“We have radar, we have heat cameras, and we found them by ear.”</p>"
    prompt = "<p><strong>Get the latest headlines in your inbox every day</strong></p></blockquote>"
    found = text(
        f"{NAV}<article><h1>Ferry stops</h1>{PARAGRAPHS}{quoted}{prompt}{PARAGRAPHS.replace('ferry', 'tug')}</article>"
    )
    assert "we found them by ear" in found


def test_what_stands_above_the_headline_is_not_of_the_story() -> None:
    above = "<table><tr><td><p>Hay, 200 bales, you haul.<p>Lost: beagle, answers to Senator.<td>"
    story = f"<b>Ferry stops</b>{PARAGRAPHS}<p>{A.replace('ferry', 'boat')}</p><p>{B.replace('foundry', 'yard')}</p>"
    assert text(f"{above}{story}</table>").startswith(A)


PIECES = ["The ", "ferry", " stopped running on ", "Monday after divers", " found a crack in its propeller."]
MORE = [B, "“No,” she said.", C, " ".join([C] * 3).replace("ferry", "boat"), " ".join([C] * 3).replace("ferry", "tug")]


def _paragraph(pieces: list[str], leaf: str, kids: str, kind: str) -> dict[str, object]:
    """A paragraph of rich text: the fourth of its pieces is linked."""
    nodes: list[object] = [{kind: "text", leaf: piece} for piece in pieces]
    if len(nodes) > 3:
        nodes[3] = {kind: "link", kids: [nodes[3]]}
    return {kind: "paragraph", kids: nodes}


@pytest.mark.parametrize(
    ("leaf", "kids", "kind"),
    [("value", "content", "nodeType"), ("text", "children", "type"), ("text", "children", "_type")],
)
def test_rich_text_is_a_paragraph_a_node(leaf: str, kids: str, kind: str) -> None:
    nodes: list[object] = [_paragraph(pieces, leaf, kids, kind) for pieces in [PIECES, *([line] for line in MORE)]]
    nodes[2] = {kind: "blockquote", kids: [nodes[2]]}
    state = {
        "props": {"post": {"title": "Ferry stops", "body": {kind: "document", kids: nodes}}, "more": [{"title": A}]}
    }
    page = f"<div id=x></div><script type=application/json>{json.dumps(state)}</script>"
    assert text(page).split("\n\n") == ["".join(PIECES), *MORE]


def _pushed(stream: str, size: int) -> str:
    """A page that streams, so many characters a push."""
    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
    scripts = (
        f"<script>self.__next_f.push({json.dumps([1, piece])})</script>".replace("</p", "<\\/p") for piece in pieces
    )
    return "<div>Loading</div><script>(self.__next_f=self.__next_f||[]).push([0])</script>" + "".join(scripts)


@pytest.mark.parametrize("size", [7, 150, 10_000])
def test_streamed_rows_are_read_whole(size: int) -> None:
    lines: list[object] = [
        ["$", "p", str(n), {"children": line, "className": "a " * 40}] for n, line in enumerate(MORE)
    ]
    first = [
        "$",
        "p",
        "x",
        {"children": [*PIECES[:3], ["$", "$L3", None, {"href": "/x", "children": PIECES[3]}], PIECES[4]]},
    ]
    rows = f'1:I["chunk",[],""]\n:HL["/a.css","style"]\n2:{json.dumps(["$", "div", None, {"children": [first, *lines]}])}\n'
    assert text(_pushed(rows, size)).split("\n\n") == ["".join(PIECES), *MORE]


@pytest.mark.parametrize("size", [7, 10_000])
def test_a_streamed_text_has_as_many_bytes_as_it_says(size: int) -> None:
    html = "".join(f"<p>{line}</p>" for line in [A, *MORE])
    row = json.dumps(["$", "div", None, {"dangerouslySetInnerHTML": {"__html": "$2"}}])
    stream = f"2:T{len(html.encode()):x},{html}3:{row}\n"
    assert text(_pushed(stream, size)).split("\n\n") == [A, *MORE]


def test_a_program_is_no_body() -> None:
    program = "function a(b) { const c = b.d; if (c == 1) { return b.e(c); } } " * 20
    assert text(_pushed(f"{program}\n1:{json.dumps([program])}\n", 10_000)) == ""
