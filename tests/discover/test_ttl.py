"""For how long a feed says that nothing new is to come."""

from __future__ import annotations

import pytest

from scraper.discover import discover
from scraper.model import SourceKind

SY = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
DAY = 86_400
WORDPRESS = "<generator>https://wordpress.org/?v=6.7</generator>"


@pytest.mark.parametrize(
    ("markup", "seconds"),
    [
        ("", None),
        ("<ttl>60</ttl>", 3600),
        ("<ttl> 5 </ttl>", 300),
        ("<ttl>100000</ttl>", DAY),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>often</ttl>", None),
        ("<ttl>99999999999999999999</ttl>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", 3600),
        ("<sy:updatePeriod>\n\thourly\t</sy:updatePeriod><sy:updateFrequency>\n\t2\t</sy:updateFrequency>", 1800),
        ("<sy:updatePeriod>Daily</sy:updatePeriod><sy:updateFrequency>24</sy:updateFrequency>", 3600),
        ("<sy:updatePeriod>weekly</sy:updatePeriod>", DAY),
        ("<sy:updatePeriod>weekly</sy:updatePeriod><sy:updateFrequency>14</sy:updateFrequency>", DAY / 2),
        ("<sy:updatePeriod>now and then</sy:updatePeriod>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", None),
        ("<sy:updateFrequency>2</sy:updateFrequency>", None),
        (f"<sy:updatePeriod>hourly</sy:updatePeriod>{WORDPRESS}", None),
        (f"<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>{WORDPRESS}", 1800),
        ("<ttl>15</ttl><sy:updatePeriod>daily</sy:updatePeriod>", 900),
    ],
)
def test_rss(markup: str, seconds: float | None) -> None:
    body = f'<rss version="2.0" {SY}><channel><title>N</title>{markup}<item><link>/1</link></item></channel></rss>'
    assert discover(SourceKind.FEED, body.encode(), "https://n.example/").ttl == seconds


def test_rdf_and_atom_may_say_it_too() -> None:
    rdf = f'<rdf:RDF xmlns="http://purl.org/rss/1.0/" {SY}><channel><sy:updatePeriod>hourly</sy:updatePeriod></channel>'
    atom = f'<feed xmlns="http://www.w3.org/2005/Atom" {SY}><sy:updatePeriod>hourly</sy:updatePeriod></feed>'
    for body in (f"{rdf}<item><link>/1</link></item></rdf:RDF>", atom):
        assert discover(SourceKind.FEED, body.encode(), "https://n.example/").ttl == 3600
