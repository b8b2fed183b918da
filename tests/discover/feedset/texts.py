"""Characters, entities and markup in titles."""

# ruff: noqa: RUF001 -- other languages, as they are written

from __future__ import annotations

from tests.discover.feedset.case import BOTH, BUDGET_ITEM, END, FERRY, FERRY_ITEM, ITEMS, START, rss, titled, told

CASES = {
    "HTML's names in XML": titled(
        ("Caf&eacute;&nbsp;&ldquo;Port&rdquo;&hellip;", "Café “Port”…"), ("Bread&mdash;dear", "Bread—dear")
    ),
    "names that nobody knows": titled(
        ("Bread &unknown; butter", "Bread &unknown; butter"), ("R&D; AT&T;", "R&D; AT&T;")
    ),
    "bare ampersands": titled(("Bread & butter", "Bread & butter"), ("AT&T & Co", "AT&T & Co"), ("Q&A", "Q&A")),
    "numeric references": titled(
        ("Keeper&#8217;s log", "Keeper’s log"),
        ("Keeper&#x2019;s log", "Keeper’s log"),
        ("Keeper&#X2019;s log", "Keeper’s log"),
    ),
    "numeric references of Windows": titled(("Keeper&#146;s &#147;log&#148; &#150; found", "Keeper’s “log” – found")),
    "references to what is no character": titled(
        ("Ferry&#0; back", "Ferry back"),
        ("Ferry&#x110000; back", "Ferry back"),
        ("Ferry&#8; back&#xFFFF;", "Ferry back"),
    ),
    "a reference without its semicolon": titled(("Keeper&#8217s log", "Keeper’s log")),
    "an emoji as two surrogates": titled(("Ferry back &#55357;&#56832;!", "Ferry back 😀!")),
    "text escaped twice": titled(
        ("Bread &amp;amp; butter", "Bread & butter"),
        ("Keeper&amp;#8217;s &amp;quot;log&amp;quot;", 'Keeper’s "log"'),
        ("Harbour &lt;i&gt;Queen&lt;/i&gt; sails", "Harbour Queen sails"),
    ),
    "text escaped three times": titled(("Bread &amp;amp;amp; butter", "Bread & butter")),
    "CDATA": titled(
        ("<![CDATA[Bread & butter]]>", "Bread & butter"),
        ("<![CDATA[Bread &amp; butter]]>", "Bread & butter"),
        ("<![CDATA[ <b>Bread</b> and\n butter ]]>", "Bread and butter"),
        ("Bread <![CDATA[& butter]]> dearer", "Bread & butter dearer"),
    ),
    "CDATA, itself escaped": titled(("&lt;![CDATA[Ferry back]]&gt;", "Ferry back")),
    "CDATA in CDATA": rss(
        FERRY_ITEM.replace("</item>", "<description><![CDATA[a <![CDATA[ b ]]> c ]]></description></item>")
        + BUDGET_ITEM,
        BOTH,
    ),
    "CDATA that is never closed, in the last item": told(
        f"{START}{FERRY_ITEM}"
        + BUDGET_ITEM.replace("</item>", "<description><![CDATA[Boats run.</description></item>")
        + END
    ),
    "CDATA that the next item's closes": told(
        START
        + FERRY_ITEM.replace("</item>", "<description><![CDATA[Boats run.</description></item>")
        + BUDGET_ITEM.replace("</item>", "<description><![CDATA[Taxes rise.]]></description></item>")
        + END
    ),
    "the end of CDATA where there is none": titled(("Ferry back]]> after storm", "Ferry back]]> after storm")),
    "markup that is not escaped": titled(
        ("Harbour <i>Queen</i> sails", "Harbour Queen sails"), ("<a href='/x'>Ferry</a> back", "Ferry back")
    ),
    "markup in a description, not well-formed": rss(
        FERRY_ITEM.replace("</item>", "<description>Boats<br>run <img src=a.jpg> again<p>More</description></item>")
        + BUDGET_ITEM.replace("</item>", "<description><b><i>Taxes</b> rise</i> & more</description></item>"),
        BOTH,
    ),
    "signs that are no markup": titled(
        ("Profits &lt; losses", "Profits < losses"),
        ("Apple &lt;AAPL.O&gt; beats forecast", "Apple <AAPL.O> beats forecast"),
        ("<![CDATA[Why Vector<int> is fast]]>", "Why Vector<int> is fast"),
        ("x &lt;3 y", "x <3 y"),
    ),
    "a bare less-than sign": titled(("Profits < losses", "Profits < losses"), ("Ferry back", "Ferry back")),
    "white space in a title": titled(
        ("\n\t Ferry\r\n   back \n", "Ferry back"), ("Ferry\u2003\u00a0back", "Ferry back")
    ),
    "a line break of HTML in a title": titled(("Ferry back&lt;br/&gt;after storm", "Ferry back after storm")),
    "entities defined in the document": told(
        '<!DOCTYPE rss [<!ENTITY nbsp "&#160;"><!ENTITY eacute "&#233;"><!ENTITY lsquo "&#8216;">]>'
        "<rss version='2.0'><channel><item><title>Caf&eacute;&nbsp;reopens</title><link>https://news.example/1</link></item>"
        "</channel></rss>",
        (("https://news.example/1", "Café reopens", None),),
    ),
    "entities defined elsewhere": told(
        '<!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://n.example/rss.dtd" [<!ENTITY % HTMLlat1 PUBLIC '
        '"-//W3C//ENTITIES Latin 1 for XHTML//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml-lat1.ent">%HTMLlat1;]>'
        f"<rss version='2.0'><channel>{ITEMS}</channel></rss>"
    ),
    "no title, or an empty one": rss(
        "<item><link>/1</link><description>Fog on the quay this morning.</description></item>"
        "<item><link>/2</link><title/></item><item><link>/3</link><title>  </title></item>"
        "<item><link>/4</link><title><![CDATA[]]></title></item>",
        tuple((f"https://news.example/{number}", None, None) for number in range(1, 5)),
    ),
    "a title of another vocabulary": told(
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        "<item><link>/1</link><dc:title>Ferry back</dc:title></item></channel></rss>",
        (("https://news.example/1", "Ferry back", None),),
    ),
    "titles from right to left": titled(
        ("עבודות בגשר \u200fנמשכות", "עבודות בגשר \u200fנמשכות"), ("الجسر «مغلق» اليوم", "الجسر «مغلق» اليوم")
    ),
    "emoji and their joiners": titled(("👩‍🚒 Fire crews 🇫🇷 win", "👩‍🚒 Fire crews 🇫🇷 win")),
    "titles in CJK": titled(("「港」の橋、再開へ", "「港」の橋、再開へ"), ("港口大桥&amp;隧道", "港口大桥&隧道")),
    "letters in pieces": titled(("Cafe\u0301 re\u0301ouvre", "Cafe\u0301 re\u0301ouvre")),
    "a title of many words": titled(("word " * 150 + "end", "word " * 150 + "end")),
    "a title that is an address": titled(("https://news.example/x?a=1&amp;b=2", "https://news.example/x?a=1&b=2")),
    "elements of HTML in an item's place": rss(
        "<item><title>Ferry back after storm</title><link>https://news.example/ferry</link>"
        "<pubDate>Mon, 23 Nov 2026 11:40:00 GMT</pubDate><description><div><title>Not this</title>"
        "<link rel='stylesheet' href='/a.css'/></div></description></item>",
        (FERRY,),
    ),
}
