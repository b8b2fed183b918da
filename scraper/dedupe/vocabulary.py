"""Words and phrases of what changes on a page without its article, and of notes on changes, in some twenty languages.

White space parts words, semicolons part phrases. Each is folded before it is compared: case and accents as printed.
"""

# ruff: noqa: RUF001 - the world's alphabets

CLOCK = """
at on the of by in and to from date time am pm a.m p.m o'clock ago just now today yesterday last first edited
updated update updates published posted modified revised reviewed created issued filed
second seconds sec secs minute minutes min mins hour hours hr hrs day days week weeks month months year years
jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september october
november december mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday
gmt utc bst ist est edt cst cdt mst mdt pst pdt et pt ct mt cet cest eet eest msk jst kst sgt hkt aest aedt wib
stand vom am um uhr zuletzt aktualisiert aktualisierung veröffentlicht geändert erstellt vor sekunden minuten stunden
stunde tagen tag heute gestern januar februar märz mai juni juli oktober dezember jän mär okt dez montag dienstag
mittwoch donnerstag freitag samstag sonntag der den von
mis mise mise-à-jour à jour le la les publié publiée modifié modifiée actualisé dernière modification il y a heures
heure
jours jour hier aujourd'hui et du au janvier février mars avril juin juillet août septembre octobre novembre décembre
lundi mardi mercredi jeudi vendredi samedi dimanche h
actualizado actualizada actualización última publicado publicada modificado el las los de del a hace horas hora
minutos
minuto segundos días día hoy ayer enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre
diciembre lunes martes miércoles jueves viernes sábado domingo ene dic
aggiornato aggiornata aggiornamento ultimo ultima modifica pubblicato pubblicata alle ore il fa ora minuti oggi ieri
gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre lunedì martedì mercoledì giovedì venerdì
sabato
domenica gen giu lug set ott
atualizado atualizada atualização em às há atrás ontem hoje janeiro fevereiro março maio junho julho setembro outubro
novembro dezembro segunda-feira terça-feira quarta-feira quinta-feira sexta-feira fev dez
laatst laatste bijgewerkt bijwerking gepubliceerd gewijzigd geleden minuten uur uren dagen gisteren vandaag om op
januari
februari maart mei augustus maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
uppdaterad uppdaterat publicerad senast ändrad kl klockan för sedan minuter timmar timme idag igår januari februari
maj
augusti måndag tisdag onsdag torsdag fredag lördag söndag
for oppdatert publisert sist endret siden minutter timer opdateret publiceret senest sidst ændret mandag tirsdag onsdag
lørdag søndag januar februar marts
päivitetty julkaistu muokattu viimeksi klo sitten tuntia minuuttia tänään eilen
aktualizacja zaktualizowano opublikowano ostatnia data dodano godz temu minut minuty godzin godziny dziś wczoraj
stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia r
aktualizováno publikováno před hodinami minutami dnes včera naposledy upraveno
обновлено обновление опубликовано изменено последнее назад минут минуты минуту часов часа час сегодня вчера в г мск
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
оновлено оновлення опубліковано тому хвилин години годин сьогодні вчора січня лютого березня квітня травня червня
липня
серпня вересня жовтня листопада грудня
güncelleme güncellendi güncellenme yayınlanma yayın tarihi son önce dakika saat gün bugün dün ocak şubat mart nisan
mayıs
haziran temmuz ağustos eylül ekim kasım aralık
diperbarui dipublikasikan terakhir yang lalu menit jam hari kemarin wib
cập nhật lúc ngày tháng năm giờ phút trước
آخر تحديث تم التحديث نشر في منذ دقيقة دقائق ساعة ساعات يوم الساعة اليوم أمس بتاريخ
עודכן לאחרונה פורסם לפני דקות שעות ב
अपडेट अद्यतन प्रकाशित मिनट घंटे पहले
업데이트 입력 수정 최종 전 분 시간 오전 오후 기사입력 기사수정 등록
最 终 終 後 后 更 新 日 时 時 分 秒 年 月 前 小 钟 鐘 间 間 发 発 發 布 表 公 开
開 于 於 上 下 午 午 今 昨 天 修 改 改 刚 刚 剛 刊 登 載 周 星 期 曜 火 水 木 金 土
"""
"""What stands beside a date or a time, and what says that it is one."""

COUNTED = """
comment comments share shares shared view views viewed like likes read reads reading reader readers k m mio
tweet tweets retweets reactions reaction replies reply votes vote saves bookmark times words word print listen save
min mins minute minutes time estimated about approx
kommentar kommentare kommentarer lesezeit lesedauer minuten minute ca mal geteilt aufrufe gelesen
commentaire commentaires partage partages vues lecture temps de min
comentario comentarios compartido compartidos compartir visitas lecturas lectura tiempo minutos de
commenti commento condivisioni condividi visualizzazioni lettura tempo minuti di
comentário comentários compartilhamentos leitura tempo minutos visualizações
reacties reactie keer gelezen leestijd delningar läsningar lästid lesetid læsetid kommenttia kommentit lukuaika
komentarz komentarze komentarzy udostępnień czytania czas
комментарий комментария комментариев просмотров поделились чтения время мин коментарів переглядів
yorum görüntülenme paylaşım okuma süresi dk komentar dibaca kali bình luận lượt xem
تعليق تعليقات مشاهدة مشاركة قراءة دقيقة דקות קריאה תגובות
댓글 조회 공유 읽기 阅 読 读 讀 评 評 论 論 次 浏 览 瀏 覽 件 共 享 享 分 钟 で め る こ の 記 事 は 约 約
"""
"""What is counted on a page, and how long it takes to read."""

LEADS = """
advertisement; advert; sponsored; promoted; story continues; article continues; continue reading; scroll to continue;
read more; read also; also read; read next; read the full; keep reading; related; see also; more on; more from;
more stories; most read; most popular; subscribe to; subscribe now; subscribe for; subscribe today; trending; top
stories; recommended; you may also; you might also; up next;
don't miss; editors' picks; editor's picks; in case you missed; sign up; subscribe; follow us; join us; join our;
follow our; get our; get the latest; download our; download the app; support our; support us; donate; click here;
newsletter; watch live; watch now; listen now; listen to our; become a member; already a subscriber; log in; share
this;
have a tip; got a tip; send us; contact us; our newsletter; enter your email; stay up to date; stay informed;
anzeige; werbung; lesen sie auch; lesen sie mehr; mehr zum thema; mehr dazu; auch interessant; das könnte sie;
jetzt abonnieren; newsletter abonnieren; abonnieren sie; folgen sie uns; melden sie sich; zum thema; meistgelesen;
publicité; lire aussi; à lire aussi; lisez aussi; à lire; voir aussi; sur le même sujet; abonnez-vous; inscrivez-vous;
suivez-nous; recevez; newsletter; les plus lus; la suite après; article réservé;
publicidad; lea también; lee también; leer más; te puede interesar; le puede interesar; relacionado; ver también;
más información; suscríbete; suscríbase; síguenos; síganos; regístrate; lo más leído; únete; apúntate;
pubblicità; leggi anche; leggi di più; per approfondire; iscriviti; abbonati; seguici; ti potrebbe; i più letti;
publicidade; leia também; leia mais; veja também; saiba mais; assine; inscreva-se; siga-nos; siga o; receba; mais
lidas;
advertentie; lees ook; lees meer; lees verder; bekijk ook; meld je aan; schrijf je in; volg ons; meest gelezen;
annons; läs också; läs även; läs mer; prenumerera; följ oss; mest läst; annonse; les også; les mer; abonner; følg oss;
mest lest; læs også; læs mere; mest læst; mainos; lue myös; lue lisää; tilaa;
reklama; czytaj też; czytaj także; czytaj więcej; zobacz też; zobacz także; przeczytaj też; zapisz się; subskrybuj;
obserwuj nas; čtěte také; přečtěte si; odebírejte;
реклама; читайте также; читать также; читайте ещё; подробнее; подписывайтесь; подпишитесь; материалы по теме; смотрите
также;
читайте також; підписуйтесь; підписуйтеся; дивіться також;
reklam; ilgili haber; ayrıca okuyun; abone ol; bizi takip; takip edin; baca juga; simak juga; ikuti kami;
berlangganan;
xem thêm; đọc thêm; theo dõi;
إعلان; اقرأ أيضا; اقرأ المزيد; إقرأ أيضا; تابعونا; اشترك; مواضيع ذات صلة; פרסומת; קראו גם; קראו עוד; הירשמו;
विज्ञापन; यह भी पढ़ें; ये भी पढ़ें; 광고; 관련기사; 더 읽기; 구독;
广告; 廣告; 相关阅读; 相關閱讀; 延伸阅读; 延伸閱讀; 阅读更多; 閱讀更多; 订阅;
訂閱; 关注我们; 推荐阅读; 相关新闻; 相關新聞;
関連記事; あわせて読みたい; 続きを読む; おすすめ記事; 広告; 関連ニュース; メルマガ
"""
"""How a line begins that asks to read, watch, follow or buy something else, or that labels one."""

ASKING = """
get sign subscribe join become support download follow register unlock enjoy try start discover receive stay read see
watch listen share tell send help donate explore browse buy find check visit
holen erhalten lesen hören sehen abonnieren jetzt testen unterstützen folgen laden entdecken bestellen
recevez lisez suivez découvrez abonnez soutenez téléchargez rejoignez profitez inscrivez retrouvez
recibe suscríbete apoya sigue descarga únete descubre consulta lee apúntate
ricevi iscriviti segui scarica scopri sostieni abbonati leggi receba assine siga baixe apoie descubra leia
ontvang volg steun ontdek lees prenumerera stöd ladda läs
"""
OURS = """
our us your you newsletter newsletters inbox app membership member journalism subscription alerts podcast whatsapp
unser unsere unseren unserem uns ihr ihre ihren postfach abo notre nos votre vos nous vous nuestro nuestra nuestros tu
correo boletín nostro nostra tua nosso nossa nossos seu e-mail email onze ons je vår våra
"""
"""A short line that begins with one of the former and has one of the latter asks its reader for something."""

CORRECTIONS = """
correction; corrections; corrected; corrects; corrects to; clarification; clarifies; editor's note; editors' note;
editor note;
erratum; errata; retraction; this article was amended; this article was corrected; this article has been corrected;
this article has been amended; this article has been updated to correct; this article was updated to correct;
this story has been corrected; this story was corrected; this story has been updated to correct;
this story was updated to correct; this report has been corrected; an earlier version of this; a previous version of
this;
an earlier version of the; a previous version of the; a previous version incorrectly; an earlier version misstated;
in an earlier version; in a previous version; due to an editing error; for the record; we apologise; we apologize;
korrektur; korrekturhinweis; korrigiert; berichtigung; richtigstellung; klarstellung; anmerkung der redaktion;
anm d red; hinweis der redaktion; in einer früheren version; in einer früheren fassung; in einer vorherigen version;
in einer ersten version; eine frühere version; transparenzhinweis;
rectificatif; rectification; mise au point; précision; note de la rédaction; ndlr; une version précédente;
une première version; une version antérieure; cet article a été corrigé; dans une version précédente;
corrección; fe de errores; fe de errata; rectificación; aclaración; nota de la redacción; nota del editor;
una versión anterior; una versión previa; en una versión anterior; este artículo ha sido corregido;
correzione; errata corrige; rettifica; precisazione; nota della redazione; nota del redattore; una versione
precedente;
in una versione precedente; una prima versione;
correção; correções; retificação; esclarecimento; erramos; nota da redação; nota do editor; uma versão anterior;
em versão anterior; versão anterior; este texto foi corrigido; este artigo foi corrigido;
correctie; rectificatie; verduidelijking; noot van de redactie; naschrift redactie; in een eerdere versie;
een eerdere versie; in een vorige versie;
rättelse; förtydligande; i en tidigare version; en tidigare version; redaktionens kommentar;
rettelse; retting; berigtigelse; præcisering; presisering; i en tidligere versjon; i en tidligere version;
en tidligere versjon; en tidligere version; redaktionel note;
oikaisu; korjaus; korjattu; täsmennys; jutun aiemmassa versiossa; jutussa aiemmin;
sprostowanie; korekta; wyjaśnienie; od redakcji; nota redakcyjna; w poprzedniej wersji; we wcześniejszej wersji;
oprava; upřesnění; poznámka redakce; v původní verzi; v předchozí verzi; oznam redakcie;
corecție; corectură; erată; precizare; nota redacției; într o versiune anterioară; helyesbítés; korrekció;
a cikk korábbi változatában; διόρθωση; διευκρίνιση; исправление; исправлено; уточнение; поправка; опровержение;
примечание редакции; от редакции; в предыдущей версии; в более ранней версии; в первоначальной версии;
виправлення; виправлено; уточнення; від редакції; примітка редакції; у попередній версії;
düzeltme; düzeltme ve özür; editörün notu; tekzip; bu haberin önceki; koreksi; ralat; klarifikasi; catatan redaksi;
đính chính; cải chính; lời tòa soạn; تصحيح; تنويه; توضيح; استدراك; ملاحظة المحرر; תיקון; הבהרה; תיקון טעות; הערת
המערכת;
भूल सुधार; सुधार; स्पष्टीकरण; संपादक का नोट; 更正; 勘误; 勘誤; 澄清; 编者按; 编者注; 編者按; 編按; 编辑注; 訂正; お詫びと訂正;
編集部注; 編集注; おことわり; 정정; 정정보도; 바로잡습니다; 편집자 주; 편집자주; 알려드립니다
"""
"""How a notice begins by which a publisher says that a text was wrong, or speaks for itself."""

UPDATES = """
update updated updates aktualisiert aktualisierung actualisé actualización actualizado aggiornato aggiornamento
atualizado
atualização bijgewerkt uppdaterad uppdatering oppdatert opdateret päivitetty aktualizacja zaktualizowano aktualizováno
обновлено оновлено güncelleme güncellendi diperbarui 更新 업데이트 تحديث עודכן
"""
"""How a line begins that says that something is new."""
