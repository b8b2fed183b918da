"""The language: declared, guessed from the text, and declared wrongly."""

# ruff: noqa: E501, RUF001 - a text a line, in the world's alphabets

from __future__ import annotations

import pytest

from scraper.extract.fields.language import guess, language
from scraper.extract.page import ParsedPage

TEXTS = {
    "en": "The ferry left the harbour at noon, and it was the first that the people of the town had seen in a week.",
    "de": "Die Fähre hat den Hafen am Mittag verlassen, und sie war die erste, die man in der Stadt seit einer Woche sah.",
    "fr": "Le bac a quitté le port à midi, et c'est le premier que les gens de la ville ont vu dans la semaine.",
    "es": "El barco salió del puerto a mediodía, y fue el primero que la gente de la ciudad vio en una semana.",
    "pt": "O barco saiu do porto ao meio-dia, e foi o primeiro que as pessoas da cidade viram em uma semana.",
    "it": "Il traghetto ha lasciato il porto a mezzogiorno, ed è il primo che la gente della città vede in una settimana.",
    "nl": "De boot is om twaalf uur uit de haven vertrokken, en het was de eerste die de mensen van de stad zagen.",
    "sv": "Färjan lämnade hamnen vid tolv och det var den första som folket i staden har sett på en vecka.",
    "fi": "Lautta lähti satamasta kello kaksitoista, ja se on ensimmäinen, joka on nähty, mutta ei viimeinen, kun sää on hyvä.",
    "pl": "Prom wyszedł z portu w południe i jest to pierwszy, który się w mieście od tygodnia pokazał, ale nie ostatni.",
    "cs": "Trajekt se v poledne vydal z přístavu a je to první, který se ve městě za týden ukázal, ale že by to byl konec.",
    "hu": "A komp délben hagyta el a kikötőt, és ez az első, amelyet egy hét óta láttak, de nem is az utolsó, azt mondják.",
    "ro": "Feribotul a plecat din port la prânz și este primul pe care oamenii din oraș l-au văzut, dar nu și ultimul.",
    "tr": "Vapur öğlen limandan ayrıldı ve bu bir hafta için ilk oldu, ama daha çok vapur da olacak ve ne kadar güzel.",
    "id": "Kapal itu meninggalkan pelabuhan pada siang hari dan ini adalah yang pertama dari kota untuk orang di sana.",
    "vi": "Chiếc phà đã rời cảng vào buổi trưa và đây là chiếc đầu tiên mà các người dân của thành phố được thấy.",
    "tl": "Umalis ang barko sa daungan nang tanghali, at ito ang una na nakita ng mga tao sa lungsod sa isang linggo.",
    "da": "Færgen forlod havnen klokken tolv, og det blev den første, som byen har set af den slags i en uge, efter at de ventede på den.",
    "ru": "Паром вышел из порта в полдень, и это был первый за неделю, который люди в городе увидели, как он и сказал.",
    "uk": "Пором вийшов з порту опівдні, і це був перший за тиждень, який люди у місті побачили, як він і що сказав.",
    "bg": "Фериботът излезе от пристанището на обяд и това е първият, който хората в града са видели от седмица, за да се качат.",
    "ar": "غادرت العبارة الميناء في الظهيرة وكان هذا هو الأول الذي رآه الناس في المدينة على مدى أسبوع من الزمن.",
    "fa": "کشتی در ظهر از بندر رفت و این اولین کشتی است که مردم شهر را به آنجا برد و با آن برای دیدار رفتند.",
    "el": "Το πλοίο έφυγε από το λιμάνι το μεσημέρι και ήταν το πρώτο που είδαν οι άνθρωποι.",
    "he": "המעבורת יצאה מהנמל בצהריים והייתה הראשונה שתושבי העיר ראו מזה שבוע שלם.",
    "hi": "नौका दोपहर में बंदरगाह से निकली और यह एक सप्ताह में पहली नौका थी जिसे शहर के लोगों ने देखा, और सब बहुत खुश थे।",
    "ja": "フェリーは正午に港を出た。町の人々が一週間ぶりに見た最初の船であり、多くの人が岸壁で手を振って見送ったという。",
    "zh": "渡轮于中午离开港口，这是城里人一周以来看到的第一艘渡轮，许多人在岸边挥手送别，孩子们欢呼雀跃，久久不愿离去。",
    "ko": "여객선은 정오에 항구를 떠났으며 이는 도시 사람들이 일주일 만에 본 첫 배였고 많은 사람들이 손을 흔들었다.",
    "th": "เรือเฟอร์รี่ออกจากท่าเรือตอนเที่ยงวันและเป็นลำแรกที่ชาวเมืองได้เห็นในรอบสัปดาห์",
}


@pytest.mark.parametrize(("tag", "text"), TEXTS.items())
def test_a_text_tells_its_language(tag: str, text: str) -> None:
    assert guess(text) == tag


@pytest.mark.parametrize(
    "text", ["", "123", "Lorem ipsum dolor sit amet consectetur adipiscing elit sed eiusmod tempor"]
)
def test_what_tells_nothing_is_not_guessed(text: str) -> None:
    assert guess(text) is None


@pytest.mark.parametrize(
    ("declared", "text", "expected"),
    [
        ("en-US", TEXTS["en"], ("en-US", "html:lang")),
        ("de", TEXTS["en"], ("de", "html:lang")),
        ("en", TEXTS["de"], ("de", "text:words")),
        ("fr", TEXTS["ru"], ("ru", "text:words")),
        ("zh-Hant-TW", TEXTS["zh"], ("zh-Hant-TW", "html:lang")),
        ("und", TEXTS["ja"], ("ja", "text:words")),
        ("english", TEXTS["en"], ("en", "text:words")),
        ("en", "Ok.", ("en", "html:lang")),
    ],
)
def test_a_template_does_not_have_the_last_word(declared: str, text: str, expected: tuple[str, str]) -> None:
    found = language(ParsedPage(f'<html lang="{declared}"><p>{text}</p>'))
    assert found is not None
    assert (found.value, found.rule) == expected
