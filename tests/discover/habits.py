"""How feeds write dates, and what a careful person reads there: an instant, a day, or nothing.

A date without a zone is given as UTC would have it. What can be read in two ways, or is what a program writes for "no
date", is None: a wrong date is worse than none. The habits are those of real feeds (many from the issue trackers of
feed readers), the days our own.
"""

# ruff: noqa: RUF001 -- other languages, as they are written

from __future__ import annotations

EVENING = "2026-11-23T20:15:00Z"
DAY = "2026-11-23"

HABITS: dict[str, dict[str, str | None]] = {
    "RFC 822 and near it": {
        "Mon, 23 Nov 2026 20:15:00 GMT": EVENING,
        "Mon, 23 Nov 2026 20:15:00 -0500": "2026-11-24T01:15:00Z",
        "23 Nov 2026 20:15 +0200": "2026-11-23T18:15:00Z",
        "Mon,23 Nov 2026 20:15:00 GMT": EVENING,
        "Mon, 23 Nov 2026, 20:15:00 GMT": EVENING,
        "Mon 23 Nov 2026 20:15:00 +0000": EVENING,
        "Monday, 23-Nov-26 20:15:00 GMT": EVENING,
        "Thu, 03 Sep 15 00:01:01 +0200": "2015-09-02T22:01:01Z",
        "23 November 97 10:00:00 UT": "1997-11-23T10:00:00Z",
        "Mon, 23 Nov 126 20:15:00 GMT": EVENING,  # JavaScript's getYear; RFC 2822, 4.3
        "Mon, 23 November 2026 20:15:00 GMT": EVENING,
        "Mon, 7 Sept 2026 8:05:09 GMT": "2026-09-07T08:05:09Z",
        "Mon, Nov 23 2026 20:15:00 +0000": EVENING,
        "Fri, Nov 20 2026 08:18:00 PM": "2026-11-20T20:18:00Z",
        "Tue, 23 Nov 2026 20:15:00 GMT": EVENING,  # a Monday it was; the number counts
        "  Mon,\n 23 Nov 2026\t20:15:00 GMT ": EVENING,
        "Mon, 23 Nov 2026 20:15:00.500 GMT": EVENING,
        "Mon, 23 Nov 2026 20.15.00 GMT": EVENING,
        "Mon, 23 Nov 2026": DAY,
    },
    "zones": {
        "Mon, 23 Nov 2026 20:15:00 EST": "2026-11-24T01:15:00Z",
        "Thu, 23 Jul 2026 20:15:00 PDT": "2026-07-24T03:15:00Z",
        "Mon, 23 Nov 2026 20:15:00 CET": "2026-11-23T19:15:00Z",
        "Thu, 23 Jul 2026 20:15:00 MESZ": "2026-07-23T18:15:00Z",
        "Mon, 23 Nov 2026 20:15:00 MSK": "2026-11-23T17:15:00Z",
        "Wed, 11 Mar 2026 10:22:12 EET": "2026-03-11T08:22:12Z",
        "Mon, 23 Nov 2026 20:15:00 JST": "2026-11-23T11:15:00Z",
        "Mon, 23 Nov 2026 20:15:00 AEDT": "2026-11-23T09:15:00Z",
        "Mon, 23 Nov 2026 20:15:00 WIB": "2026-11-23T13:15:00Z",
        "Mon, 23 Nov 2026 20:15:00 NPT": "2026-11-23T14:30:00Z",
        "Mon, 23 Nov 2026 20:15:00 BRT": "2026-11-23T23:15:00Z",
        "Mon, 23 Nov 2026 20:15:00 IST": EVENING,  # Ireland, Israel or India: as if it named none
        "Mon, 23 Nov 2026 20:15:00 A": EVENING,  # RFC 2822, 4.3: military letters mean nothing certain
        "Mon, 23 Nov 2026 20:15:00 Z": EVENING,
        "Mon, 23 Nov 2026 20:15:00": EVENING,
        "Mon, 23 Nov 2026 20:15:00 -0000": EVENING,
        "Mon, 23 Nov 2026 20:15:00 +02:00": "2026-11-23T18:15:00Z",
        "Mon, 23 Nov 2026 22:52:30+5:30": "2026-11-23T17:22:30Z",
        "Mon, 23 Nov 2026 20:15:00 GMT+7": "2026-11-23T13:15:00Z",
        "Mon, 23 Nov 2026 20:15:00 UTC+01:00": "2026-11-23T19:15:00Z",
        "Mon, 23 Nov 2026 20:15:00 GMT-0330": "2026-11-23T23:45:00Z",
        "Mon, 23 Nov 2026 20:15:00 +0100 (CET)": "2026-11-23T19:15:00Z",
        "Mon, 23 Nov 2026 20:15:00 \u22120500": "2026-11-24T01:15:00Z",  # a true minus sign
    },
    "ISO 8601 and near it": {
        "2026-11-23T20:15:00Z": EVENING,
        "2026-11-23T20:15:00+01:00": "2026-11-23T19:15:00Z",
        "2026-11-23T20:15:00+0100": "2026-11-23T19:15:00Z",
        "2026-11-23T20:15:00+01": "2026-11-23T19:15:00Z",
        "2026-11-23T20:15:00.123456789-03:30": "2026-11-23T23:45:00Z",
        "2026-11-23T20:15:00,5Z": EVENING,
        "2026-11-23t20:15:00z": EVENING,
        "2026-11-23T20:15Z": EVENING,
        "2026-11-23T20:15:00": EVENING,
        "2026-11-23 20:15:00 +0100": "2026-11-23T19:15:00Z",
        "2026-11-23 20:15:00 UTC": EVENING,
        "2026-11-23 20:15:00.0": EVENING,
        "2026-11-23T20:15:00+01:00[Europe/Paris]": "2026-11-23T19:15:00Z",  # Java
        "20261123T201500Z": EVENING,
        "202611232015": EVENING,
        "2026/11/23 20:15:41": "2026-11-23T20:15:41Z",
        "2026/6/29 15:07": "2026-06-29T15:07:00Z",
        "2026.11.23 20:15": EVENING,
        "2026-Nov-23 20:15:00": EVENING,
        "2026-11-23": DAY,
        "20261123": DAY,
        "2026-11-23+01:00": DAY,
        "2026-11-23-05:00": DAY,  # XML Schema: a day there, and no five o'clock
    },
    "clocks": {
        "Mon, 23 Nov 2026 24:00:00 GMT": "2026-11-24T00:00:00Z",
        "2026-12-31T24:00:00Z": "2027-01-01T00:00:00Z",
        "2016-12-31T23:59:60Z": "2016-12-31T23:59:59Z",
        "Mon, 23 Nov 2026 25:00:00 GMT": None,
        "2026-11-23T20:75:00Z": None,
        "Tue, 24 Nov 2026 2:17:57 PM CET": "2026-11-24T13:17:57Z",
        "Mon, 23 Nov 2026 12:05 AM GMT": "2026-11-23T00:05:00Z",
        "November 23, 2026 12:05 p.m. GMT": "2026-11-23T12:05:00Z",
        "Nov 23 2026 8:15PM": EVENING,
        "23-NOV-26 08.15.00.000000 PM": EVENING,  # Oracle
        "11/23/2026 20:15 PM": EVENING,
        "November 23rd, 2026 at 8:15 pm EST": "2026-11-24T01:15:00Z",
        "Monday 23rd of November 2026 08:15:00 PM": EVENING,
    },
    "programs": {
        "Mon Nov 23 20:15:00 2026": EVENING,
        "Mon Nov 23 20:15:00 CET 2026": "2026-11-23T19:15:00Z",
        "Mon Nov 23 20:15:00 +0100 2026": "2026-11-23T19:15:00Z",  # Ruby, Twitter
        "Mon Nov 23 2026 20:15:00 GMT+0100 (Central European Standard Time)": "2026-11-23T19:15:00Z",
        "Monday, November 23, 2026 - 20:15": EVENING,  # Drupal's long form
        "Mon, 11/23/2026 - 20:15": EVENING,  # Drupal's medium form
        "Mon, 2026/11/23 20:15:00 EST": "2026-11-24T01:15:00Z",  # Perforce
        "11/23/2026 8:15:00 PM": EVENING,
        "1795464900": EVENING,
        "1795464900000": EVENING,
        "1795464900.25": EVENING,
    },
    "no date": {
        "": None,
        "0": None,
        "-": None,
        "N/A": None,
        "yesterday": None,
        "2 hours ago": None,
        "2026": None,
        "2026-11": None,
        "November 2026": None,
        "Mon, 23 Nov 202": None,  # cut off
        "Mon, 23 Nov 2026 -05:00": None,
        "20:15": None,
        "0000-00-00 00:00:00": None,
        "Mon, 30 Nov -0001 00:00:00 +0000": None,  # PHP's year nought
        "Thu, 01 Jan 1970 00:00:00 GMT": None,
        "Wed, 31 Dec 1969 19:00:00 EST": None,  # the same moment
        "Thu, 01 Jan 1970 01:00:00 +0100": None,
        "0001-01-01T00:00:00Z": None,
        "1899-12-30": None,
        "1900-01-01T00:00:00": None,
        "9999-12-31T23:59:59Z": None,
        "2026-02-30": None,
        "Mon, 29 Feb 2027 10:00:00 GMT": None,
        "2026-13-01T10:00:00Z": None,
        "%a, %d %b %Y %H:%M:%S %z": None,
        "Invalid Date": None,
        "NaN-NaN-NaNTNaN:NaN:NaNZ": None,
    },
    "day or month first": {
        "05/11/2026 20:15": None,
        "05-11-2026 20:15:00": None,
        "11/05/2026 8:15 PM": None,
        "23/11/26": None,
        "23.11.26 20:15": None,
        "11/11/2026": "2026-11-11",
        "23/11/2026 20:15": EVENING,
        "23-11-2026 20:15:00": EVENING,
        "23/11/2026": DAY,
        "11/23/2026": DAY,
        "23.11.2026 20:15": EVENING,
        "05.11.2026": "2026-11-05",  # with dots, the day is first wherever it is done
        "23.11.2026 klo 20.15": EVENING,
    },
    "languages": {
        "Mo, 23 Nov 2026 20:15:00": EVENING,
        "Di, 08 Dez 2026 09:00:00 +0100": "2026-12-08T08:00:00Z",
        "Do., 05. März 2026 20:15 Uhr": "2026-03-05T20:15:00Z",
        "lun., 23 nov. 2026 20:15:00 +0100": "2026-11-23T19:15:00Z",
        "jeu, 19 févr. 2026 08:00:00 +0100": "2026-02-19T07:00:00Z",
        "mercredi 1er juillet 2026 à 9h05": "2026-07-01T09:05:00Z",
        "lun, 17 août 2026 20:15:00 +0200": "2026-08-17T18:15:00Z",
        "mar, 20 ott 2026 13:28:06 +0200": "2026-10-20T11:28:06Z",
        "mer, 07 gen 2026 21:44:32 +0100": "2026-01-07T20:44:32Z",
        "mer, 01 lug 2026 20:15:00 +0200": "2026-07-01T18:15:00Z",
        "vie, 03 abr 2026 20:15:00 +0200": "2026-04-03T18:15:00Z",
        "23 de noviembre de 2026, 20:15": EVENING,
        "Qua, 11 Fev 2026 18:09:42 -0300": "2026-02-11T21:09:42Z",
        "segunda-feira, 23 de novembro de 2026 às 20h15": EVENING,
        "23/11/2026 às 20h15": EVENING,
        "Vr, 8 mei 2026 20:15:00 +0200": "2026-05-08T18:15:00Z",
        "do, 05 mrt 2026 20:15:00 +0100": "2026-03-05T19:15:00Z",
        "ons, 13 maj 2026 20:15:00 +0200": "2026-05-13T18:15:00Z",
        "śr., 16 wrz 2026 20:15:00 +0200": "2026-09-16T18:15:00Z",
        "21 października 2026 20:15": "2026-10-21T20:15:00Z",
        "pon, 23 lis 2026 20:15:00 +0100": None,  # November in Poland, October in Croatia
        "23. listopada 2026": None,
        "1. července 2026 20:15": "2026-07-01T20:15:00Z",
        "Pzt, 23 Kas 2026 20:15:00 +0300": "2026-11-23T17:15:00Z",
        "17 Ağustos 2026 Pazartesi, 20:15": "2026-08-17T20:15:00Z",
        "Пн, 23 ноя 2026 20:15:00 +0300": "2026-11-23T17:15:00Z",
        "23 ноября 2026 г., 20:15": EVENING,
        "Лютий 19, 2026, 12:19": "2026-02-19T12:19:00Z",
        "Κυρ, 12 Ιούλ 2026 12:00:00 EST": "2026-07-12T17:00:00Z",
        "23 Νοεμβρίου 2026, 20:15": EVENING,
        "2026-július-13T9:15-05:00": "2026-07-13T14:15:00Z",
        "2026. november 23., hétfő, 20:15": EVENING,
        "2026. 11. 23. 20:15": EVENING,
        "23. marraskuuta 2026": DAY,
        "Thứ Hai, 23/11/2026, 20:15 (GMT+7)": "2026-11-23T13:15:00Z",
        "Senin, 23 Nov 2026 20:15 WIB": "2026-11-23T13:15:00Z",
        "23 Agustus 2026 20:15": "2026-08-23T20:15:00Z",
        "٢٣ نوفمبر ٢٠٢٦": DAY,
        "الإثنين, 23 نوفمبر 2026 20:15:00 +0300": "2026-11-23T17:15:00Z",
        "۱۴۰۵/۰۹/۰۲": None,  # another calendar
        "2569-11-23": None,  # the Buddhist year of 2026
    },
    "East Asia": {
        "2026年11月23日": DAY,
        "2026年11月23日 20:15:00": EVENING,
        "2026年11月23日(月) 20時15分": EVENING,
        "2026年11月23日 月曜日 午後8時15分": EVENING,
        "2026年11月23日 星期一 下午8:15": EVENING,
        "2026-11-23 上午 12:15:00": "2026-11-23T00:15:00Z",
        "2026년 11월 23일 오후 08:15:00": EVENING,
        "2026년 11월 23일 (월) 20:15": EVENING,
        "2026-11-23 오전 8:15:00": "2026-11-23T08:15:00Z",
    },
}
