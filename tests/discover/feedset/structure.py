"""Documents that are cut short, put together wrongly, or wrapped in something else."""

from __future__ import annotations

import gzip

from tests.discover.feedset.case import (
    BOTH,
    BUDGET_ITEM,
    CHANNEL,
    END,
    FERRY,
    FERRY_ITEM,
    ITEMS,
    START,
    Case,
    rss,
    told,
)

_WHOLE = START + ITEMS + END
_SHOUTED = _WHOLE
for _name in ("rss", "channel", "item", "title", "link", "pubDate", "description"):
    _SHOUTED = _SHOUTED.replace(f"<{_name}", f"<{_name.upper()}").replace(f"</{_name}", f"</{_name.upper()}")


def _cut(after: str, more: str = "") -> Case:
    """The first item whole, and the second up to there."""
    second = BUDGET_ITEM.replace("</item>", f"{more}</item>")
    return told(START + FERRY_ITEM + second[: second.index(after) + len(after)], (FERRY,))


CASES = {
    "cut inside a tag's name": _cut("<ti"),
    "cut inside a title": _cut("Council pa"),
    "cut inside a link": _cut("https://news.ex"),
    "cut inside a date": _cut("Sun, 22 No"),
    "cut inside CDATA": _cut("Taxes", "<description><![CDATA[Taxes rise.]]></description>"),
    "cut inside an attribute": _cut('url="https://ne', '<enclosure url="https://news.example/1.mp3" type="a"/>'),
    "cut inside a comment": _cut("<!-- mo", "<!-- more -->"),
    "cut inside an entity": _cut("&am", "<category>Law &amp; order</category>"),
    "cut between items": told(START + ITEMS),
    "cut before the first item's end": told(START + FERRY_ITEM[:60], None),
    "cut inside the channel's description": told(START[:-30], None),
    "cut before the end of the root": told(START + ITEMS + "</channel>"),
    "cut inside the last tag": told((START + ITEMS + END).rstrip()[:-2]),
    "Atom, cut inside a link": told(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>N</title><entry><title>Ferry back after storm</title>'
        '<link href="https://news.example/ferry"/><updated>2026-11-23T11:40:00Z</updated></entry>'
        '<entry><title>Council passes budget</title><link href="https://news.exam',
        (FERRY,),
        content_type="application/atom+xml",
    ),
    "gzip that nobody declared": told(gzip.compress(_WHOLE.encode(), mtime=0)),
    "ended in the wrong order": told(START + ITEMS + "</rss></channel>"),
    "items after the channel": told(f"<rss version='2.0'><channel>{CHANNEL}</channel>{ITEMS}</rss>"),
    "items before the channel's own elements": told(f"<rss version='2.0'><channel>{ITEMS}{CHANNEL}</channel></rss>"),
    "no channel": told(f"<rss version='2.0'>{ITEMS}</rss>"),
    "two channels": told(
        f"<rss version='2.0'><channel>{CHANNEL}{FERRY_ITEM}</channel><channel>{CHANNEL}{BUDGET_ITEM}</channel></rss>"
    ),
    "the same document twice": told(_WHOLE + _WHOLE),
    "two documents": told(START + FERRY_ITEM + END + START + BUDGET_ITEM + END),
    "items that are never closed": told(START + ITEMS.replace("</item>", "") + END),
    "one item that is never closed": told(START + FERRY_ITEM.replace("</item>", "") + BUDGET_ITEM + END),
    "an end too many": told(START + FERRY_ITEM + "</item>" + BUDGET_ITEM + "</item>" + END),
    "an element that is never closed": told(
        START + FERRY_ITEM.replace("</item>", "<category>Harbour</item>") + BUDGET_ITEM + END
    ),
    "elements that end crosswise": told(
        START + FERRY_ITEM.replace("</item>", "<author><name>Ines</author></name></item>") + BUDGET_ITEM + END
    ),
    "empty items among others": rss("<item/>" + FERRY_ITEM + "<item></item>\n<item> </item>" + BUDGET_ITEM, BOTH),
    "no items": rss("", ()),
    "an empty channel": told('<?xml version="1.0"?><rss version="2.0"><channel/></rss>', ()),
    "an empty root": told('<rss version="2.0"/>', ()),
    "blank lines first": told("\n\n  \r\n" + _WHOLE),
    "words first": told("Connected successfully\n" + _WHOLE),
    "a comment first": told("<!-- generated in 0.03 s -->\n" + _WHOLE),
    "a comment with a feed in it first": told(
        "<!-- <rss><channel><item><link>/no</link></item></channel></rss> -->" + _WHOLE
    ),
    "a stray element first": told("<div>\n</div>\n" + _WHOLE, content_type="text/html"),
    "a script first": told("<script>if (1 < 2) track('x');</script>\n" + _WHOLE),
    "PHP's notice first": told(
        "<br />\n<b>Notice</b>:  Undefined index in <b>/www/rss.php</b> on line <b>3</b><br />\n" + _WHOLE
    ),
    "a comment last": told(_WHOLE + "<!-- Cached by X & Y -- 0.1 s -->"),
    "a script last": told(_WHOLE + "<script>if (a && b < c) track();</script>"),
    "a page last": told(_WHOLE + "<html><body><p>Not found</body></html>"),
    "a figure last": told(_WHOLE + "\r\n0\r\n\r\n"),
    "style sheets": told(
        '<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="/rss.xsl"?>\n'
        '<?xml-stylesheet href="/rss.css" type="text/css"?>' + _WHOLE.partition("?>")[2]
    ),
    "XML 1.1": told(_WHOLE.replace('version="1.0"', 'version="1.1"', 1)),
    "two XML declarations": told('<?xml version="1.0" encoding="utf-8"?>\n' + _WHOLE),
    "a processing instruction among the items": told(START + FERRY_ITEM + "<?php echo 1 ?>" + BUDGET_ITEM + END),
    "a comment around an item": told(START + f"<!-- {BUDGET_ITEM.replace('budget', 'draft')} -->" + ITEMS + END),
    "a comment with dashes": told(START + FERRY_ITEM + "<!-- one -- two --- three -->" + BUDGET_ITEM + END),
    "a comment in a title": rss(FERRY_ITEM.replace("Ferry back", "Ferry <!-- draft --> back"), (FERRY,)),
    "prefixes that nobody declared": rss(
        FERRY_ITEM.replace(
            "</item>",
            '<dc:creator>Ines</dc:creator><media:content url="https://news.example/1.jpg"/>'
            "<content:encoded><![CDATA[<p>Boats</p>]]></content:encoded><o:p/></item>",
        )
        + BUDGET_ITEM,
        BOTH,
    ),
    "a date under a prefix that nobody declared": rss(
        "<item><title>Ferry back after storm</title><link>https://news.example/ferry</link>"
        "<dc:date>2026-11-23T11:40:00Z</dc:date></item>",
        (FERRY,),
    ),
    "Dublin Core under another prefix": told(
        f'<rss version="2.0" xmlns:d="http://purl.org/dc/elements/1.1/"><channel>{CHANNEL}<item>'
        "<title>Ferry back after storm</title><link>https://news.example/ferry</link><d:date>2026-11-23T11:40:00Z</d:date>"
        "</item></channel></rss>",
        (FERRY,),
    ),
    "everything in capitals": told(_SHOUTED),
    "names in odd case": told(
        _WHOLE.replace("<pubDate", "<pubdate").replace("</pubDate", "</pubdate").replace("link>", "Link>")
    ),
    "starts and ends in different case": told(_WHOLE.replace("<item>", "<Item>").replace("<title>", "<Title>")),
    "attributes without quotes": rss(
        FERRY_ITEM.replace("</item>", "<guid isPermaLink=false>17</guid></item>"), (FERRY,)
    ),
    "an attribute twice": rss(
        FERRY_ITEM.replace("</item>", '<guid isPermaLink="false" isPermaLink="false">17</guid></item>') + BUDGET_ITEM,
        BOTH,
    ),
    "curly quotes around attributes": told(_WHOLE.replace('version="2.0"', "version=”2.0”")),
    "bare ampersands in attributes": rss(
        FERRY_ITEM.replace(
            "</item>", '<enclosure url="https://news.example/i?a=1&b=2&copy=3" type="image/jpeg"/></item>'
        ),
        (FERRY,),
    ),
    "markup 300 deep in a description": rss(
        FERRY_ITEM.replace("</item>", f"<description>{'<div>' * 300}x{'</div>' * 300}</description></item>"), (FERRY,)
    ),
    "spaces in tags": told(_WHOLE.replace("</title>", "</title >").replace("<item>", "<item >\n")),
    "old Macintosh's line ends": told(_WHOLE.replace("\n", "\r")),
    "sent as a page": told(_WHOLE, content_type="text/html; charset=utf-8"),
    "sent as a download": told(_WHOLE, content_type="application/octet-stream"),
}
