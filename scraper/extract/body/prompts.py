"""Lines that are no text wherever they stand: they ask their reader to do something else, claim rights, label an
advertisement or a player, or head the readers' comments. Data, and what reads it.

A prompt speaks to its reader: it begins with an imperative or says "you", and opens with no quotation mark. A sentence
that tells of people who follow, subscribe or donate is text.
"""

# ruff: noqa: RUF001 - other alphabets are the point

from __future__ import annotations

import re

_LONGEST = 1000  # characters of a line that may be any of these: patterns must not cost more than they save
_LONGEST_LABEL = 80
_QUOTES = ('"', "\u201c", "\u201e", "\u00ab", "\u2018", "\u300c", "\u300e")
_IMPERATIVES = (
    "follow|like|find|join|sign up|subscribe|download|support|donate|make|become|click|tap|get|visit|check|register"
    "|receive|help|stay|send|read|watch|listen|share|discover|learn|enter|submit|keep|give|consider|log in|view"
)
# "For more of this, sign up ...": an imperative begins a line, a sentence or a part of one.
_BIDS = re.compile(
    rf"(?:^|[.!?:;,\u2013\u2014-]\s+)\W*(?:please |and |also |or )?(?:{_IMPERATIVES})\b|\byou(?:r|rs)?\b"
    r"|^\W*(?:for|to) [^.!?]{3,80} (?:download|sign up|subscribe|follow|visit)\b"
)

_CLAIMS = (
    "all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados"
    "|todos os direitos reservados|riproduzione riservata|tutti i diritti riservati|alle rechten voorbehouden"
    "|wszelkie prawa zastrzeżone|все права защищены|усі права захищені|tüm hakları saklıdır|جميع الحقوق محفوظة"
    "|كافة الحقوق محفوظة|تمامی حقوق|כל הזכויות שמורות|toate drepturile rezervate|minden jog fenntartva"
    "|alla rättigheter förbehålls|alle rettigheter forbeholdt|kaikki oikeudet pidätetään|všechna práva vyhrazena"
    "|με επιφύλαξη παντός δικαιώματος|hak cipta dilindungi|สงวนลิขสิทธิ์|सर्वाधिकार सुरक्षित|版权所有|版權所有"
)
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
# A line that claims rights is known by its beginning, or by the claim that ends it.
_RIGHTS = re.compile(
    r"\W*(?:©|ⓒ|\(c\)\s*(?:19|20)\d\d|copyright\W*(?:©|ⓒ|\(c\)|(?:19|20)\d\d))"
    rf"|\W*(?:{_CLAIMS})"
    rf"|.{{0,80}}(?:\W|^)(?:{_CLAIMS})\W*$|[^.!?]{{0,60}}\bcopyright\W{{0,3}}©[^.!?]{{0,60}}$"
    r"|(?:.{0,80}\.\s)?\W*(?:this|the) (?:material|content|article|story|report|publication)\b[^.]{0,60}"
    r"\b(?:(?:may|must) not be (?:published|broadcast|rewritten|reproduced|redistributed)"
    r"|is the copyrighted property\b)"
    r"|\W*this (?:story|article|post|piece|column) (?:was |has been )?(?:originally |first )?(?:published|posted)"
    rf" (?:on )?(?:\d|{_MONTHS})"
    r"|\W*저작권자|.*무단 ?(?:전재|복제|배포)[^.]{0,40}금지\W*$"
    r"|.*無断(?:複製|転載|使用)[^。]{0,20}禁(?:じます|止します|ず|止)\W*$"
    r"|\W*(?:特别声明|特別聲明|免责声明|免責聲明|版权声明|责任编辑|責任編輯|责编|编辑|編輯|校对|审核|监制|原标题)\s*[：:/／|｜]"
    r"|.*未经(?:授权|许可|允许)[^。]{0,20}(?:不得|禁止|严禁)转载\W*$"
)

# Plain words that tell at once whether a line may say it, and the whole of it; in lower case, and one pattern for each
# because all of them as one cost half a parse a page. These address their reader.
_PROMPTS = tuple(
    (signs.split("|"), re.compile(pattern))
    for signs, pattern in {
        "first-time sub|please sub": r"\bfirst-time subscribers\b|\bplease subscribe\b",
        " us ": r"\b(?:follow|like|find) us (?:on|at|via)\b",
        "submit ": r"\bsubmit (?:your|a) letter\b",
        "advertise with": r"^\W*advertise with\b",
        "got a|have a|do you have|know some": (
            r"^\W*(?:got|have|do you have)(?: an?| any)? (?:(?:news |confidential )?tips?|story|opinion|information)\b"
            r"[^.!?]{0,60}\?"
        ),
        "tell us|email us|write to us|let us know|get in touch": (
            r"^\W*(?:tell us|e?-?mail us|write to us|let us know)\b"
            r"|^\W*get in touch(?:\W*$| with our news| by e?-?mail)"
        ),
        "comment|conversation|discussion": (
            r"^.{0,60}\b(?:leave|post|add) a (?:comment|reply)\b.{0,20}$|^\W*join the (?:conversation|discussion)\b"
        ),
        "miss ": r"^\W*(?:don['\u2019]t|never) miss (?:an?|out|our|the latest)\b",
        "privacy ": r"^\W*privacy notice\b",
        "this audio": r"^\W*this audio (?:article |version )?(?:is|was)\b",
        " here| now| today": r"\b(?:sign up|subscribe|register|click|tap|donate) (?:here|now|today)\W*$",
        "your inbox|your mailbox|your email": (
            r"\b(?:newsletters?|sign up|subscribe|get|delivered|straight|direct|every|daily|weekly|receive|miss)\b.*"
            r"\byour (?:inbox|mailbox|email)\b"
        ),
        # German
        "unterstütz": r"\bunterstütz(?:e|en sie) (?:uns|unser)",
        "spenden sie|newsletter|kanal": r"(?:^\W*|bitte |jetzt )spenden sie\b|\bunser(?:en|em)? (?:newsletter|kanal)\b",
        " uns": (
            r"\b(?:abonniere|folge|folgt|(?:abonnieren|folgen|besuchen) sie) (?:uns|unseren?)\b|\bschreiben sie uns\b"
        ),
        "postfach|anmeldung": (
            r"\b(?:jede|täglich|newsletter|anmeld|kostenlos|direkt|morgen)\w*\b.*"
            r"\bin (?:ihr|dein)(?:em)? (?:e-mail-)?postfach\b|^\W*mit (?:der|ihrer) anmeldung"
        ),
        "diskutier": r"^\W*diskutieren sie\b|^\W*diskutiere\b",
        # Spanish
        "hazte soci|únete|síguenos|sigue a|suscríbe|síganos": (
            r"\bhazte soci[oa]\b|\b(?:suscríbe(?:te|se)|síguenos|síganos|únete)\b|^\W*sigue a\b"
        ),
        "nuestro ": r"\bnuestro (?:canal|boletín)\b",
        "correo|bandeja": r"\ben tu (?:correo|bandeja de entrada)\b|^\W*recib[ae]\b.*\ben su correo\b",
        "comentario": r"\bdej[ae] (?:tu|su|un) comentario\b",
        # French
        "faites un don|soutenez-nous": r"\b(?:faites un don|soutenez-nous)\b",
        "-vous|suivez|notre ": (
            r"\b(?:abonnez-vous|inscrivez-vous|suivez-nous)\b|\bsuivez (?:nos|notre)\b"
            r"|\bnotre (?:newsletter|chaîne|lettre d)"
        ),
        "boîte|boite": r"\bvotre bo[iî]te (?:mail|e-?mail|de réception|aux lettres)\b",
        "commentaire": r"\blaissez (?:un|votre) commentaire\b",
        # Portuguese and Italian
        "iscriviti|seguici|inscreva-se|siga|assine|segui ": (
            r"\b(?:iscriviti|seguici|inscreva-se|siga-nos)\b|^\W*assine\b|\bsiga (?:o nosso|a nossa|nosso|nossa)\b"
            r"|\bsegui (?:il nostro|la nostra)\b"
        ),
        "acompanhe|curta": r"^\W*(?:acompanhe|curta)\b[^.]{0,40}\b(?:nos|noss[oa]s?)\b",
        "seu e|tua casella|tua e": r"^\W*receba\b.*\bno seu e-?mail\b|\b(?:nella|sulla) tua (?:casella|e-?mail)\b",
        " app": (
            r"\b(?:scarica|descarga|baixe) (?:la|a|nuestra|nossa)\b[^.]{0,20}\bapp\b"
            r"|\btéléchargez (?:l['\u2019]|notre )appli"
        ),
        # Northern and Eastern Europe
        "volg ons|meld je aan|schrijf je in|je mailbox|je inbox": (
            r"\b(?:meld je aan|volg ons|schrijf je in)\b|\b(?:in|naar) (?:je|uw|jouw) (?:mailbox|inbox)\b"
        ),
        "oss |tilmeld dig|meld deg|prenumerera": (
            r"\b(?:följ|gilla|følg) oss\b|\b(?:tilmeld dig|meld deg på)\b|^\W*prenumerera på\b"
        ),
        "seuraa|voit ": r"\bseuraa meitä\b|\bvoit (?:keskustella|kommentoida)\b",
        "zapisz się|obserwuj nas|subskrybuj|polub|śledź|dołącz|bądź na|dodać komentarz": (
            r"\b(?:zapisz się|obserwuj nas|subskrybuj|polub nas|śledź nas|dołącz do nas|bądź na bieżąco)\b"
            r"|\baby dodać komentarz\b"
        ),
        "sleduj|přihlaste|kövess|iratkoz|urmăr|abonează": (
            r"\bsleduj(?:te)? nás\b|\bpřihlaste se k\b|\bkövess(?:en)? (?:minket|bennünket)\b|\biratkoz(?:zon|z) fel\b"
            r"|\burmări(?:ți|țe|te)-ne\b|\baboneaz[aă]-te\b"
        ),
        "подпи|читайте нас|следите за|ctrl": (
            r"\bподпи(?:сывайтесь|шитесь) на|\bчитайте нас\b|\bследите за (?:нами|новостями)\b|ctrl\s?\+\s?enter"
        ),
        "підпи|стежте": r"\bпідпи(?:суйтес[ья]|шіться) на\b|\bстежте за нами\b",
        "ακολουθήστε|εγγραφείτε": r"\b(?:ακολουθήστε (?:μας|το)|εγγραφείτε)\b",
        "abone olun|takip edin|tıklayın|uygulama": (
            r"\b(?:abone olun|takip edin|tıklayın(?:ız)?)\b|\buygulama\w* indir"
        ),
        # Asia and Africa
        "تابعو|اشترك|انضم": r"تابعونا |اشتركو?ا? في (?:قنا|النشرة|نشرت)|انضمو?ا? إلى قنا",
        "דואר|המייל|עקבו|הצטרפו|הירשמו": (
            r"לתיבת (?:ה?מייל|הדואר)|עקבו אחרינו|(?:הצטרפו|הירשמו) (?:אלינו|לערוץ|לקבוצת|לניוזלטר)"
        ),
        "जुड़ें|फॉलो|सब्सक्राइब|क्लिक": r"(?:हमारे|चैनल|ग्रुप).*से जुड़ें|(?:फॉलो|सब्सक्राइब|क्लिक) करें",
        "theo dõi|mời ": (
            r"\bmời (?:bạn|quý|độc giả)[^.]{0,30}(?:theo dõi|đón đọc|tham gia)|^\W*theo dõi (?:fanpage|kênh)"
        ),
        "ติดตาม": r"^\W*(?:กด)?ติดตาม.*(?:line|facebook|ไลน์|เฟซบุ๊ก|ของเรา)",
        "ikuti |gabung|dapatkan": r"^\W*(?:ikuti|gabung|dapatkan)\b.*\b(?:kami|whatsapp|telegram|google news)\b",
        "关注|關注|扫码|二维码|阅读原文": (
            r"^\W*(?:欢迎|请|敬请)?(?:关注|關注)(?:我们|我們|微信|.{0,10}公众号)|点击阅读原文"
            r"|(?:扫码|二维码).{0,4}(?:关注|订阅|加入|下载)"
        ),
        "フォロー|登録|購読": r"(?:フォロー|登録|購読)(?:して(?:ください|ね)|をお願い|はこちら)",
        "구독|팔로우|제보": (
            r"구독(?:하기|해 ?주세요|하세요)|팔로우 ?(?:하기|해|하세요)|제보(?:하기|를 기다립니다|해 ?주세요)"
        ),
    }.items()
)
# These a sentence may tell of others, so that the line has to be a bid.
_BIDDEN = tuple(
    (signs.split("|"), re.compile(pattern))
    for signs, pattern in {
        "our ": r"\bour (?:(?:daily|weekly|free|youtube|telegram|whatsapp) ){0,2}(?:newsletter|channel|app)\b",
        "download": r"\bdownload (?:the|our)\b[^.]{0,60}\bapps?\b",
        " on twitter| on x| on facebook| on instagram| on linkedin| on telegram| on whatsapp| on youtube| on tiktok"
        "| on bluesky| on mastodon| on threads| on google": (
            r"(?:^|[.!?:;,]\s)\W*(?:please |and )?(?:follow|like|find|join)\b[^.]{1,60}?\bon (?:twitter|x|facebook"
            r"|bluesky|mastodon|threads|instagram|linkedin|telegram|whatsapp|youtube|tiktok|google news)\b"
        ),
        "sign up|subscribe": (
            r"\b(?:sign up|subscribe)\b[^.]{0,60}\b(?:newsletters?|inbox|channel|podcast|updates|emails?|alerts?)\b"
        ),
        "newsletter": r"\bnewsletter\b.*\b(?:sign up|subscribe)\b|^\W*join \w+ newsletter\b",
        "becom": r"\bbecom(?:e|ing) an? (?:friend|member|supporter|patron) of\b",
        "support ": r"\bsupport (?:us|our (?:work|journalism|reporting|newsroom))\b",
        "a subscriber": r"\b(?:already|become) a subscriber\b",
        "donat": r"\bmake a donation\b|\bdonate (?:now|today|here)\b",
        " app": (
            r"^\W*(?:get|download|try|install|enjoy)\b[^.]*\bapps?\b[^.]*"
            r"\b(?:iphone|android|ios|app store|google play)\b"
        ),
    }.items()
)

ADVERT = re.compile(
    r"\W*(?:advertisements?|advertising|sponsored|anzeige|werbung|publicité|publicidad|pubblicità|publicidade|advertentie"
    r"|reklama|annons|iklan|реклама|إعلان|广告|広告|광고|reklam"
    r"|(?:advertisement\W+)?(?:story |article |post )?continues? (?:reading )?(?:below|after)"
    r"(?: (?:the |this )?(?:ad|advert|advertisement))?|la suite après (?:la|cette) publicité"
    r"|(?:la noticia )?continúa después de la publicidad|continua (?:depois|após) (?:da|a) publicidade"
    r"|(?:l['\u2019]articolo )?continua (?:dopo|sotto) la pubblicità|(?:der )?artikel wird nach der anzeige fortgesetzt"
    r"|weiterlesen nach der anzeige|artikeln fortsätter efter annonsen|saken fortsetter (?:under|etter) annonsen"
    r"|artiklen fortsætter efter annoncen)\W*",
    re.IGNORECASE,
)
"""A line that announces an advertisement: what follows it in its box is one."""

_LABEL = re.compile(
    r"\W*(?:scroll (?:down )?to continue(?: reading)?|video player is loading|this is a modal window"
    r"|(?:beginning|end) of dialog window[^.]*|\d{1,2}:\d\d ?/ ?\d{1,2}:\d\d|list of \d+ items?"
    r"|list \d+ of \d+|end of list|listen to this (?:article|story)|\d[\d,.]* votes?)\W*",
    re.IGNORECASE,
)

_SURE_COMMENTS = (
    "comments?|reader comments|kommentare?|leserkommentare|lesermeinungen|leserbriefe|kommentarer|kommentarar"
    "|komentarze|komentarzy|komentáře|komentari|komentar|comentarios?|comentários?|comentarii|commentaires?|commenti"
    "|reacties|yorumlar|yorum|комментарии|комментариев|комментария|коментарі|коментарів|σχόλια|تعليقات|التعليقات|תגובות"
    "|टिप्पणियाँ|ความคิดเห็น|bình luận|评论|評論|コメント|댓글|hozzászólások|kommentit"
)
_COUNTED_COMMENTS = (
    f"{_SURE_COMMENTS}|reactions?|réactions?|responses?|replies|opinie|opinii|keskustelu|avis|hozzászólás"
)
_COUNTED = re.compile(
    rf"\W*(?:\d[\d,.\s]*(?:{_COUNTED_COMMENTS})|(?:{_COUNTED_COMMENTS})\s*[(\[:]?\s*\d[\d,.]*)\W*", re.IGNORECASE
)
_COMMENTS = re.compile(
    rf"\W*(?:{_SURE_COMMENTS}|join the (?:discussion|conversation)|leave a (?:comment|reply))\W*", re.IGNORECASE
)


_Told = tuple[tuple[list[str], re.Pattern[str]], ...]


def _ascii(told: _Told) -> _Told:
    """What a line of ASCII may say, which most are: the signs of other alphabets are half of them all."""
    signed = (([sign for sign in signs if sign.isascii()], pattern) for signs, pattern in told)
    return tuple((signs, pattern) for signs, pattern in signed if signs)


_ASCII_PROMPTS = _ascii(_PROMPTS)


def claims(text: str) -> bool:
    """Whether a line claims rights, names its makers or says where the text appeared first."""
    return len(text) <= _LONGEST and _RIGHTS.match(text.lower()) is not None


def prompts(text: str) -> bool:
    """Whether a line asks its reader to follow, subscribe or download."""
    if len(text) > _LONGEST:
        return False
    lower = text.lower()
    if lower.startswith(_QUOTES) or (lower[:1] == "\u00bb" and "\u00ab" in lower):
        return False
    told = _ASCII_PROMPTS if lower.isascii() else _PROMPTS
    return _says(lower, told) or (_says(lower, _BIDDEN) and _BIDS.search(lower) is not None)


def _says(lower: str, told: _Told) -> bool:
    for signs, pattern in told:
        for sign in signs:
            if sign in lower:
                if pattern.search(lower):
                    return True
                break
    return False


def labels(text: str) -> bool:
    """Whether a line is the label of an advertisement, a player or a list for screen readers, and no more."""
    return len(text) <= _LONGEST_LABEL and (ADVERT.fullmatch(text) is not None or _LABEL.fullmatch(text) is not None)


def heads_comments(text: str, heading: bool) -> bool:
    """Whether a line heads the readers' comments: a count with a word for them, or in a heading the word alone."""
    if len(text) > _LONGEST_LABEL:
        return False
    return _COUNTED.fullmatch(text) is not None or (heading and _COMMENTS.fullmatch(text) is not None)
