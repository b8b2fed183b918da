"""Month names, for dates as people write them."""

# ruff: noqa: RUF001 - other alphabets are the point

from __future__ import annotations

import re
import unicodedata

# A paragraph a language, a group of names a month; an underscore is a space inside a name.
_MONTHS_BY_LANGUAGE = """
january jan|february feb|march mar|april apr|may|june jun|
july jul|august aug|september sep sept|october oct|november nov|december dec

января январь янв|февраля февраль фев февр|марта март мар|апреля апрель апр|мая май|июня июнь июн|
июля июль июл|августа август авг|
сентября сентябрь сен сент|октября октябрь окт|ноября ноябрь ноя нояб|декабря декабрь дек

січня січень|лютого лютий|березня березень|квітня квітень|травня травень|червня червень|
липня липень|серпня серпень|вересня вересень|жовтня жовтень|листопада|грудня грудень

januar jänner jän|februar|märz mrz maerz|april|mai|juni|
juli|august|september|oktober okt|november|dezember dez

janvier janv|février févr fevrier fév|mars|avril avr|mai|juin|
juillet juil|août aout|septembre|octobre|novembre|décembre déc decembre

enero ene|febrero|marzo|abril abr|mayo|junio|
julio|agosto ago|septiembre setiembre|octubre|noviembre|diciembre dic

gennaio gen|febbraio|marzo|aprile|maggio mag|giugno giu|
luglio lug|agosto|settembre set|ottobre ott|novembre|dicembre

janeiro|fevereiro fev|março marco|abril|maio|junho|
julho|agosto|setembro|outubro out|novembro|dezembro

januari|februari|maart mrt|april|mei|juni|
juli|augustus|september|oktober|november|december

stycznia|lutego|marca|kwietnia|maja|czerwca|
lipca|sierpnia|września|października|listopada listopad|grudnia

ocak|şubat|mart|nisan|mayıs|haziran|
temmuz|ağustos|eylül|ekim|kasım|aralık

januari|februari|mars|april|maj|juni|
juli|augusti|september|oktober|november|december

januar|februar|marts|april|mai|juni|
juli|august|september|oktober|november|desember

januari|februari|maret|april|mei|juni|
juli|agustus|september|oktober|november|desember

يناير|فبراير|مارس|أبريل ابريل إبريل|مايو|يونيو يونيه|
يوليو يوليه|أغسطس اغسطس|سبتمبر|أكتوبر اكتوبر|نوفمبر|ديسمبر

كانون_الثاني|شباط|آذار|نيسان|أيار|حزيران|
تموز|آب|أيلول|تشرين_الأول|تشرين_الثاني|كانون_الأول

ledna leden|února únor|března březen|dubna duben|května květen|června červen|
července červenec|srpna srpen|září|října říjen|listopadu|prosince prosinec

januára|februára|marca|apríla|mája|júna|
júla|augusta|septembra|októbra|novembra|decembra

januarja|februarja|marca|aprila|maja|junija|
julija|avgusta|septembra|oktobra|novembra|decembra

siječnja|veljače|ožujka|travnja|svibnja|lipnja|
srpnja|kolovoza|rujna|listopada|studenoga studenog|prosinca

januara|februara|marta|aprila|maja|juna|
jula|avgusta|septembra|oktobra|novembra|decembra

tammikuuta|helmikuuta|maaliskuuta|huhtikuuta|toukokuuta|kesäkuuta|
heinäkuuta|elokuuta|syyskuuta|lokakuuta|marraskuuta|joulukuuta

jaanuar|veebruar|märts|aprill|mai|juuni|
juuli|august|september|oktoober|november|detsember

január|február|március márc|április ápr|május máj|június jún|
július júl|augusztus|szeptember szept|október|november|december

ianuarie|februarie|martie|aprilie|mai|iunie|
iulie|august|septembrie|octombrie|noiembrie|decembrie

gener|febrer|març|abril|maig|juny|
juliol|agost|setembre|octubre|novembre|desembre

ιανουαρίου ιαν|φεβρουαρίου φεβ|μαρτίου μαρ|απριλίου απρ|μαΐου μαϊου μαίου|ιουνίου ιουν|
ιουλίου ιουλ|αυγούστου αυγ|σεπτεμβρίου σεπ|οκτωβρίου οκτ|νοεμβρίου νοε|δεκεμβρίου δεκ

януари|февруари|март|април|май|юни|
юли|август|септември|октомври|ноември|декември

जनवरी|फरवरी फ़रवरी|मार्च|अप्रैल|मई|जून|
जुलाई|अगस्त|सितंबर सितम्बर|अक्टूबर|नवंबर नवम्बर|दिसंबर दिसम्बर

tháng_1|tháng_2|tháng_3|tháng_4|tháng_5|tháng_6|
tháng_7|tháng_8|tháng_9|tháng_10|tháng_11|tháng_12

ינואר|פברואר|מרץ מרס|אפריל|מאי|יוני|
יולי|אוגוסט|ספטמבר|אוקטובר|נובמבר|דצמבר

มกราคม ม.ค|กุมภาพันธ์ ก.พ|มีนาคม มี.ค|เมษายน เม.ย|พฤษภาคม พ.ค|มิถุนายน มิ.ย|
กรกฎาคม ก.ค|สิงหาคม ส.ค|กันยายน ก.ย|ตุลาคม ต.ค|พฤศจิกายน พ.ย|ธันวาคม ธ.ค

sausio|vasario|kovo|balandžio|gegužės|birželio|
liepos|rugpjūčio|rugsėjo|spalio|lapkričio|gruodžio

janvāris janvārī|februāris februārī|marts martā|aprīlis aprīlī|maijs maijā|jūnijs jūnijā|
jūlijs jūlijā|augusts augustā|septembris septembrī|oktobris oktobrī|novembris novembrī|decembris decembrī

janúar|febrúar|mars|apríl|maí|júní|
júlí|ágúst|september|október|nóvember|desember

januari|februari|mac|april|mei|jun|
julai|ogos|september|oktober|november|disember

januari|februari|machi|aprili|mei|juni|
julai|agosti|septemba|oktoba|novemba|desemba

januarie|februarie|maart|april|mei|junie|
julie|augustus|september|oktober|november|desember

xaneiro|febreiro|marzo|abril|maio|xuño|
xullo|agosto|setembro|outubro|novembro|decembro

urtarrilaren urtarrilak|otsailaren otsailak|martxoaren martxoak|apirilaren apirilak|
maiatzaren maiatzak|ekainaren ekainak|uztailaren uztailak|abuztuaren abuztuak|irailaren irailak|
urriaren urriak|azaroaren azaroak|abenduaren abenduak

ionawr|chwefror|mawrth|ebrill|mai|mehefin|
gorffennaf|awst|medi|hydref|tachwedd|rhagfyr

janar|shkurt|mars|prill|maj|qershor|
korrik|gusht|shtator|tetor|nëntor|dhjetor

januar|februar|mart|april|maj|jun|
jul|avgust|septembar|oktobar|novembar|decembar

јануар јануара|фебруар фебруара|март марта|април априла|мај маја|јун јуна|
јул јула|август августа|септембар септембра|октобар октобра|новембар новембра|децембар децембра

јануари|февруари|март|април|мај|јуни|
јули|август|септември|октомври|ноември|декември

студзеня|лютага|сакавіка|красавіка|мая|чэрвеня|
ліпеня|жніўня|верасня|кастрычніка|лістапада|снежня

yanvar|fevral|mart|aprel|may|iyun|
iyul|avqust|sentyabr|oktyabr|noyabr|dekabr

հունվարի|փետրվարի|մարտի|ապրիլի|մայիսի|հունիսի|
հուլիսի|օգոստոսի|սեպտեմբերի|հոկտեմբերի|նոյեմբերի|դեկտեմբերի

იანვარი|თებერვალი|მარტი|აპრილი|მაისი|ივნისი|
ივლისი|აგვისტო|სექტემბერი|ოქტომბერი|ნოემბერი|დეკემბერი

جنوری|فروری|مارچ|اپریل|مئی|جون|
جولائی|اگست|ستمبر|اکتوبر|نومبر|دسمبر

ژانویه|فوریه|مارس|آوریل|مه|ژوئن|
ژوئیه|اوت|سپتامبر|اکتبر|نوامبر|دسامبر

জানুয়ারি জানুয়ারী|ফেব্রুয়ারি ফেব্রুয়ারী|মার্চ|এপ্রিল|মে|জুন|
জুলাই|আগস্ট অগস্ট|সেপ্টেম্বর|অক্টোবর|নভেম্বর|ডিসেম্বর

ஜனவரி|பிப்ரவரி|மார்ச்|ஏப்ரல்|மே|ஜூன்|
ஜூலை|ஆகஸ்ட்|செப்டம்பர்|அக்டோபர்|நவம்பர்|டிசம்பர்

जानेवारी|फेब्रुवारी|मार्च|एप्रिल|मे|जून|
जुलै|ऑगस्ट|सप्टेंबर|ऑक्टोबर|नोव्हेंबर|डिसेंबर
"""
_ELSEWHERE = {  # name -> what it means in some languages and countries, and in all others: nothing for 0
    "listopada": (10, 11, {"hr", "bs", "ba"}), "listopad": (10, 11, {"hr", "bs", "ba"}), "mac": (3, 0, {"ms", "my"}),
}  # fmt: skip


def _months() -> dict[str, int]:
    names: dict[str, int] = {}
    for language in unicodedata.normalize("NFC", _MONTHS_BY_LANGUAGE).split("\n\n"):
        for number, group in enumerate(language.replace("\n", "").split("|"), 1):
            for name in group.split(" "):
                names.setdefault(name.replace("_", " "), number)
    return names


MONTHS = _months()
"""A lower-case month name or abbreviation -> its number."""

MONTH = "(?:" + "|".join(sorted((re.escape(name) for name in MONTHS), key=len, reverse=True)) + r")"
"""A regular expression for any of them, longest first."""


def month_of(name: str, language: str, country: str) -> int:
    """The number of the month that a language, or the language of a country, calls so; 0 where it calls none so."""
    there, otherwise, places = _ELSEWHERE.get(name, (0, MONTHS.get(name, 0), ()))
    return there if language in places or country in places else otherwise
