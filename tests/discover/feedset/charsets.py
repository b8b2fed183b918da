"""Bytes in every charset, declared, undeclared and declared wrongly."""

# ruff: noqa: RUF001 -- other languages, as they are written

from __future__ import annotations

from tests.discover.feedset.case import Case, item

_RU = (
    "Мост через реку откроют в декабре",
    "Городской совет одобрил бюджет на следующий год после долгих споров о ремонте набережной и новых трамваях.",
)
_FR = (
    "Le café du port rouvre après l’été",
    "Le maire se dit très satisfait : « C’est une fête pour tout le quartier. »",
)
_PL = ("Zażółć gęślą jaźń: most w Łodzi", "Prezydent miasta zapowiada, że przeprawa będzie czynna już w święta.")
_JA = ("港の橋が再開する", "市議会は来年度の予算案を可決した。新しい路面電車の計画もある。")
_ZH = ("港口大桥重新开放", "市议会周一通过了明年的预算案，包括新的电车线路。")
_TW = ("港口大橋重新開放", "市議會週一通過了明年的預算案，包括新的電車路線。")
_KO = ("항구 다리 다시 열려", "시의회는 월요일 내년도 예산안을 통과시켰다. 새 전차 노선도 포함된다.")
_EL = ("Η γέφυρα ανοίγει ξανά", "Το δημοτικό συμβούλιο ενέκρινε τον προϋπολογισμό του επόμενου έτους.")
_TR = ("Köprü yeniden açılıyor", "Belediye meclisi gelecek yılın bütçesini onayladı; şehir ışıl ışıl.")
_AR = ("الجسر يفتح من جديد", "وافق مجلس المدينة على ميزانية العام المقبل.")
_HE = ("הגשר נפתח מחדש", "מועצת העיר אישרה את התקציב לשנה הבאה.")
_TH = ("สะพานเปิดอีกครั้ง", "สภาเมืองอนุมัติงบประมาณปีหน้า")
_PLAIN = "text/xml"


def _feed(texts: tuple[str, str], declared: str = "", language: str = "") -> str:
    prolog = '<?xml version="1.0"' + (f' encoding="{declared}"' if declared else "") + "?>"
    named = f"<language>{language}</language>" if language else ""
    story = item(
        "https://news.example/1", texts[0], "Mon, 23 Nov 2026 11:40:00 GMT", f"<description>{texts[1]}</description>"
    )
    return f'{prolog}\n<rss version="2.0"><channel><title>News</title>{named}{story}</channel></rss>'


def _in(
    charset: str, texts: tuple[str, str], declared: str = "", language: str = "", content_type: str = _PLAIN
) -> Case:
    body = _feed(texts, declared, language).encode(charset)
    return Case(body, (("https://news.example/1", texts[0], "2026-11-23T11:40:00Z"),), content_type)


def _bytes(body: bytes, title: str, content_type: str = _PLAIN) -> Case:
    return Case(body, (("https://news.example/1", title, "2026-11-23T11:40:00Z"),), content_type)


def _latin(charset: str) -> str:
    return f"application/rss+xml; charset={charset}"


CASES = {
    "UTF-8, undeclared": _in("utf-8", _RU),
    "UTF-8 with a BOM": _in("utf-8-sig", _RU, "utf-8"),
    "UTF-8 with a BOM, declared as ISO 8859-1": _in("utf-8-sig", _FR, "iso-8859-1"),
    "UTF-8 with two BOMs": _bytes(b"\xef\xbb\xbf\xef\xbb\xbf" + _feed(_FR).encode(), _FR[0]),
    "UTF-8, by the header ISO 8859-1": _in("utf-8", _FR, "utf-8", content_type=_latin("iso-8859-1")),
    "UTF-8, by the header US-ASCII": _in("utf-8", _FR, content_type=_latin("us-ascii")),
    "UTF-8, declared as windows-1251": _in("utf-8", _RU, "windows-1251"),
    "UTF-8, declared as UTF-16": _in("utf-8", _FR, "utf-16"),  # .NET's StringWriter
    "UTF-8, the header quoted and doubled": _in("utf-8", _RU, content_type='text/xml;charset="UTF-8";charset=UTF-8'),
    "UTF-8, the declaration misspelt": _in("utf-8", _RU, "utf8mb4", content_type=_latin("unicode")),
    "UTF-8 twice over": _bytes(
        _feed(("Café rouvre à l'été", "Très bien")).encode().decode("latin-1").encode(), "Café rouvre à l'été"
    ),
    "UTF-8 twice over, by windows-1252": _bytes(
        _feed(("L’été revient « enfin » – déjà", "Fête")).encode().decode("cp1252").encode(),
        "L’été revient « enfin » – déjà",
    ),
    "UTF-8, a text cut inside a letter": _bytes(
        _feed((_RU[0], _RU[1] + "@")).encode().replace(b"@", b"\xd0"), _RU[0], _latin("utf-8")
    ),
    "UTF-8, a title cut inside a letter": _bytes(
        _feed(("Мост через ре@…", _RU[1])).encode().replace(b"@", b"\xd0"), "Мост через ре\ufffd…", _latin("utf-8")
    ),
    "UTF-8 with control characters": _bytes(
        _feed(("Ferry\x08 back\x1e after\x0b storm", "\x01\x7f\ufffe")).encode(), "Ferry back after storm"
    ),
    "UTF-8 with NUL bytes": _bytes(
        _feed(("Ferry back@ after storm", "a@b")).encode().replace(b"@", b"\0"), "Ferry back after storm"
    ),
    "UTF-16, little-endian with a BOM": _bytes(b"\xff\xfe" + _feed(_RU, "utf-16").encode("utf-16-le"), _RU[0]),
    "UTF-16, big-endian with a BOM": _bytes(b"\xfe\xff" + _feed(_JA, "utf-16").encode("utf-16-be"), _JA[0]),
    "UTF-16, little-endian without a BOM": _in("utf-16-le", _RU, "utf-16"),
    "UTF-16, big-endian without a BOM or a label": _in("utf-16-be", _FR),
    "UTF-16, declared as UTF-8": _bytes(b"\xff\xfe" + _feed(_RU, "utf-8").encode("utf-16-le"), _RU[0], _latin("utf-8")),
    "windows-1252, declared": _in("cp1252", _FR, "windows-1252"),
    "windows-1252, undeclared": _in("cp1252", _FR),
    "windows-1252, undeclared, language en": _in("cp1252", ("The “ferry” is back – at last", "It’s £5"), language="en"),
    "windows-1252, declared as ISO 8859-1": _in("cp1252", _FR, "ISO-8859-1"),
    "windows-1252, declared as UTF-8": _in("cp1252", _FR, "UTF-8", content_type=_latin("utf-8")),
    "ISO 8859-15, declared": _in("iso-8859-15", ("Le billet à 5 €", "Œuvre"), "iso-8859-15"),
    "windows-1251, declared": _in("cp1251", _RU, "windows-1251"),
    "windows-1251, undeclared": _in("cp1251", _RU),
    "windows-1251, undeclared, language ru": _in("cp1251", _RU, language="ru-RU"),
    "windows-1251, declared as UTF-8": _in("cp1251", _RU, "utf-8"),
    "windows-1251, the header right and the prolog wrong": _in(
        "cp1251", _RU, "utf-8", content_type=_latin("windows-1251")
    ),
    "windows-1251, the prolog right and the header wrong": _in(
        "cp1251", _RU, "windows-1251", content_type=_latin("utf-8")
    ),
    "KOI8-R, declared": _in("koi8-r", _RU, "koi8-r"),
    "KOI8-R, undeclared": _in("koi8-r", _RU),
    "KOI8-R, undeclared, language ru": _in("koi8-r", _RU, language="ru"),
    "windows-1250, declared": _in("cp1250", _PL, "windows-1250"),
    "windows-1250, undeclared, language pl": _in("cp1250", _PL, language="pl"),
    "ISO 8859-2, undeclared, language pl": _in("iso-8859-2", _PL, language="pl-PL"),
    "ISO 8859-7, undeclared, language el": _in("iso-8859-7", _EL, language="el"),
    "ISO 8859-9, declared": _in("iso-8859-9", _TR, "iso-8859-9"),
    "windows-1254, undeclared, language tr": _in("cp1254", _TR, language="tr"),
    "windows-1255, undeclared, language he": _in("cp1255", _HE, language="he-il"),
    "windows-1256, declared": _in("cp1256", _AR, "windows-1256"),
    "windows-874, undeclared, language th": _in("cp874", _TH, language="th"),
    "Shift_JIS, declared": _in("shift_jis", _JA, "Shift_JIS"),
    "Shift_JIS, undeclared, language ja": _in("shift_jis", _JA, language="ja"),
    "Shift_JIS, declared as UTF-8": _in("shift_jis", _JA, "UTF-8", "ja"),
    "EUC-JP, declared": _in("euc_jp", _JA, "EUC-JP"),
    "EUC-JP, undeclared, language ja": _in("euc_jp", _JA, language="ja"),
    "ISO-2022-JP, declared": _in("iso2022_jp", _JA, "ISO-2022-JP"),
    "GB 2312, declared, with letters of GBK": _in("gbk", ("朱镕基与大桥", _ZH[1]), "gb2312"),
    "GB 18030, undeclared, language zh-CN": _in("gb18030", _ZH, language="zh-CN"),
    "Big5, declared": _in("big5", _TW, "big5"),
    "Big5, undeclared, language zh-TW": _in("big5", _TW, language="zh-tw"),
    "EUC-KR, declared": _in("euc_kr", _KO, "euc-kr"),
    "EUC-KR, undeclared, language ko": _in("euc_kr", _KO, language="ko"),
    "UTF-7, which nobody may use": _bytes(_feed(("Ferry back", "a")).encode(), "Ferry back", _latin("utf-7")),
}
