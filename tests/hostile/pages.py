"""Answers of status 200 that are no article, or do not say in which letters they are written."""

from __future__ import annotations

from typing import Any
from zlib import crc32

from tests.fetch.loopback import Reply
from tests.hostile.answers import HTML, late, moved, story
from tests.hostile.case import Case, saved, skipped

UMLAUTS = "Häfen öffnen wieder für große Fähren"
RUSSIAN = "Порт снова открыт после шторма"
JAPANESE = "嵐のあと港がまた開いた"
CHINESE = "风暴过后港口重新开放"


def html(body: str, title: str = "News", head: str = "") -> Reply:
    return Reply(200, f"<!doctype html><title>{title}</title>{head}<body>{body}".encode(), (HTML,))


def page_of(title: str, tail: str) -> Reply:
    return Reply(200, story(title, tail=tail).encode(), (HTML,))


def typed(content_type: str | None, body: bytes) -> Reply:
    return Reply(200, body, (("Content-Type", content_type),) if content_type is not None else ())


def written(name: str, title: str, codec: str, content_type: str | None, **more: Any) -> Case:
    """A story in the bytes of a codec, under a header that says what it likes."""
    title = f"{title} {crc32(name.encode())}"
    return saved(f"written: {name}", typed(content_type, story(title, **more).encode(codec)), title)


def of_type(name: str, content_type: str | None, title: str) -> Case:
    return saved(f"type: {name}", typed(content_type, story(title).encode()), title)


def no_page(name: str, content_type: str | None, body: bytes, says: str = "not a web page") -> Case:
    return skipped(f"type: {name}", typed(content_type, body), "wrong type", says)


LOGIN = """<h1>Log in to continue</h1><form action=/login method=post><label>E-mail<input name=email></label>
<label>Password<input type=password name=password></label><button>Log in</button></form>
<p>Forgot your password? Create an account.</p>"""
CONSENT = """<h1>Before you continue</h1><p>We and our 842 partners store and access information on your device with
cookies, to show you advertising and to measure it.</p><p>You can accept all, reject all, or manage your options.</p>
<button>Accept all</button><button>Reject all</button>"""
LOST = "<h1>Page not found</h1><p>The page that you look for does not exist any more.</p><a href=/>Home</a>"
CHALLENGE = """<h1>Just a moment...</h1><p>Checking your browser before accessing the site. Ray ID: 5c0ffee</p>
<script>window._cf_chl_opt={}</script>"""
SHELL = (
    "<div id=root></div><noscript>You need to enable JavaScript to run this app.</noscript><script src=/a.js></script>"
)
OUT_OF_ORDER = "<h1>503 Service Unavailable</h1><p>The server is overloaded. Please try again later.</p>"
FRONT = "".join(
    f"<article><h2><a href=/story-{n}-of-the-day-today>Council votes on plan number {n} for the old harbour</a></h2>"
    f"<p>A short summary of what happened on day {n} at the harbour.</p></article>"
    for n in range(40)
)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)) * 20
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
FILM = b"\0\0\0\x20ftypisom" + bytes(range(256)) * 20

CASES = (
    # --- walls, and what else is no article
    skipped("a login page", html(LOGIN, "Log in"), "login wall"),
    skipped(
        "a redirect to a login page",
        moved("/login?next=story"),
        "login wall",
        others={"/login?next=story": html(LOGIN, "Log in")},
    ),
    skipped("a consent page", html(CONSENT, "Your privacy"), "consent wall"),
    skipped(
        "a redirect to a consent page",
        moved("/consent"),
        "consent wall",
        others={"/consent": html(CONSENT, "Your privacy")},
    ),
    skipped("a soft 404", html(LOST, "Page not found"), "soft 404"),
    skipped("a redirect to a soft 404", moved("/404.html"), "soft 404", others={"/404.html": html(LOST, "Not found")}),
    skipped("a redirect to the front page", moved("/"), "hub", others={"/": html(FRONT, "The Example")}),
    skipped("a bot check", html(CHALLENGE, "Just a moment..."), "bot check"),
    skipped("a bot check that answers 403", Reply(403, html(CHALLENGE).body, (HTML,)), "refused", "403"),
    skipped("an empty application", html(SHELL, "The Example"), "javascript shell"),
    skipped("an error of the server, as 200", html(OUT_OF_ORDER, "503 Service Unavailable"), "error page"),
    skipped("a front page", html(FRONT, "The Example"), "hub"),
    skipped("a page without text", html(""), "empty page"),
    skipped("a page of tags without text", html("<div>" * 500 + "</div>" * 500), "empty page"),
    # --- letters
    written("UTF-8, and it says so", RUSSIAN, "utf-8", "text/html; charset=utf-8"),
    written("UTF-8, and nobody says so", RUSSIAN, "utf-8", "text/html"),
    written("UTF-8 that calls itself latin-1", UMLAUTS, "utf-8", "text/html; charset=iso-8859-1"),
    written("UTF-8 that calls itself Shift_JIS", JAPANESE, "utf-8", "text/html; charset=shift_jis"),
    written("windows-1252 that calls itself UTF-8", UMLAUTS, "cp1252", "text/html; charset=utf-8"),
    written("windows-1251 that calls itself UTF-8", RUSSIAN, "cp1251", "text/html; charset=utf-8"),
    written(
        "windows-1251 under KOI8 in the page",
        RUSSIAN,
        "cp1251",
        "text/html; charset=windows-1251",
        head="<meta charset=koi8-r>",
    ),
    written("KOI8-R by its meta only", RUSSIAN, "koi8-r", "text/html", head="<meta charset=koi8-r>"),
    written(
        "Shift_JIS by its meta, in the old way",
        JAPANESE,
        "shift_jis",
        "text/html",
        head='<meta http-equiv=content-type content="text/html; charset=x-sjis">',
    ),
    written("GB 18030 that calls itself GB 2312", CHINESE, "gb18030", "text/html; charset=gb2312"),
    written("UTF-16 with a mark, that calls itself UTF-8", RUSSIAN, "utf-16", "text/html; charset=utf-8"),
    written("UTF-16 without a mark", RUSSIAN, "utf-16-le", "text/html; charset=utf-16le"),
    written("a mark, that calls itself latin-1", UMLAUTS, "utf-8-sig", "text/html; charset=iso-8859-1"),
    written("a charset that is none", UMLAUTS, "utf-8", "text/html; charset=klingon"),
    written("a charset that only Python knows", UMLAUTS, "utf-8", "text/html; charset=rot13"),
    written("a charset that is code", UMLAUTS, "utf-8", "text/html; charset=unicode_escape", head="<meta charset=zip>"),
    written(
        "a charset that hides markup",
        "Nothing to see here",
        "ascii",
        "text/html; charset=utf-7",
        tail="+ADw-script+AD4-",
    ),
    written("a charset that the standard replaces", UMLAUTS, "utf-8", "text/html; charset=iso-2022-kr"),
    written("a charset of 50,000 letters", UMLAUTS, "utf-8", "text/html; charset=" + "x" * 50_000),
    written("quotes, commas and capitals", UMLAUTS, "utf-8", "Text/HTML;;;CHARSET = 'UTF-8',x"),
    saved(
        "written: a stray byte",
        typed("text/html; charset=utf-8", story("A stray byte").encode().replace(b"ferry", b"f\xffrry")),
        "A stray byte",
    ),
    saved(
        "written: some zero bytes",
        typed("text/html", story("Zero bytes").encode().replace(b"ferry", b"fer\0ry")),
        "Zero bytes",
    ),
    saved(
        "written: what is no character",
        page_of("Controls", "<p>&#xD800; &#0; &#x1F; &#x110000; \x0b\x7f</p>"),
        "Controls",
    ),
    # --- types
    of_type("none", None, "Without a type"),
    of_type("an empty one", "", "An empty type"),
    of_type("XHTML", "application/xhtml+xml", "In XHTML"),
    of_type("plain text that is HTML", "text/plain; charset=utf-8", "Plainly HTML"),
    of_type("XML that is HTML", "text/xml", "In XML"),
    no_page("plain text", "text/plain", b"The harbour opened again on Sunday.\n\n" * 40),
    no_page("a picture that is HTML", "image/png", story("x").encode(), "an image"),
    no_page("a PDF that is HTML", "application/pdf", story("x").encode(), "a PDF"),
    no_page("bytes that are HTML", "application/octet-stream", story("x").encode(), "a binary file"),
    no_page("JSON that is HTML", "application/json", story("x").encode(), "application/json"),
    no_page("nonsense", "nonsense", story("x").encode(), "nonsense"),
    no_page(
        "parts",
        "multipart/mixed; boundary=x",
        b"--x\r\n\r\n" + story("x").encode() + b"\r\n--x--\r\n",
        "multipart/mixed",
    ),
    no_page("a PDF", "text/html", PDF, "a PDF"),
    no_page("a PDF after white space", "text/html", b"\n\n  " + PDF, "a PDF"),
    no_page("a picture", "text/html", PNG, "an image"),
    no_page("a picture without a type", None, PNG, "an image"),
    no_page("a film", "text/html", FILM, "a film"),
    no_page("an archive", "text/html", b"PK\x03\x04" + bytes(range(256)) * 20, "a ZIP archive"),
    no_page("a program", "text/html", b"\x7fELF" + bytes(range(256)) * 20, "a program"),
    no_page("a gzip file", "text/html", b"\x1f\x8b\x08\0" + bytes(range(256)) * 20, "a gzip file"),
    no_page("binary data", "text/html", bytes(range(256)) * 20, "binary data"),
    no_page("a feed", "text/html", b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>', "a feed"),
    no_page("a sitemap", "text/html", b"<urlset><url><loc>https://n.example/</loc></url></urlset>", "a sitemap"),
    skipped(
        "type: JSON under the name of HTML",
        typed("text/html", b'{"title": "Harbour", "body": "opened again"}'),
        "no article",
    ),
    skipped("type: random letters under the name of HTML", typed("text/html", b"x" * 99_999), "no article"),
    # --- trees that hurt
    saved("100,000 open tags", late(lambda: page_of("Nested", "<div>" * 100_000)), "Nested", alone=True),
    saved(
        "a tag of 100,000 attributes",
        late(lambda: page_of("Crowded", "<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">")),
        "Crowded",
        alone=True,
    ),
)
