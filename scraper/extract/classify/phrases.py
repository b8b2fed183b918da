"""What pages that are no article say, in the languages that news is most read in. Data; the rules read it.

Phrases are searched in little text only (a heading, or a page without an article's words), so that an article *about*
cookies, captchas or missing pages keeps passing. Where a language is missing, structure has to do.
"""

# ruff: noqa: RUF001 - the world's alphabets

from __future__ import annotations

import re

BOT = re.compile(
    r"one more step|(?:you.ve|you have|has) been blocked|request (?:was )?blocked|human verification"
    r"|verifying your (?:connection|browser)|why (?:have i been blocked|am i seeing this)|too many requests"
    r"|prove (?:that )?you.re (?:not a (?:ro)?bot|human)|\b(?:ray|incident|support) id\b|"
    r"just a moment|attention required! \| cloudflare|check(?:ing)? (?:your|if the site)"
    r"|(?:verify|verifying|confirm) (?:that )?you are (?:a )?(?:human|not a (?:ro)?bot)|are you a (?:ro)?bot"
    r"|i.m not a robot"
    r"|pardon our interruption|unusual (?:traffic|activity)|request unsuccessful\. incapsula"
    r"|please enable js and disable any ad blocker|you (?:are|have been) (?:being )?(?:blocked|redirected)"
    r"|bot (?:check|detection|protection)|captcha|access (?:to this page has been )?denied|ddos[- ]protection"
    r"|press (?:&|and) hold|security (?:check|verification)|automated (?:requests?|queries|access)"
    r"|(?:kein|sie ein) (?:roboter|mensch)|ungewöhnliche[nr]? (?:zugriff|datenverkehr|aktivität)"
    r"|sicherheits(?:prüfung|überprüfung|check)|zugriff verweigert"
    r"|(?:pas|êtes) un robot|vérification de sécurité|accès refusé|trafic inhabituel"
    r"|vérifi\w+ que vous êtes (?:un )?humain"
    r"|no (?:soy|eres) un robot|tráfico inusual|acceso denegado|verifi\w+ (?:de seguridad|que (?:eres"
    r"|es) (?:un )?humano)"
    r"|(?:non sono|sei) un robot|accesso negato|verifica di sicurezza|não (?:sou|é) um robô|acesso negado"
    r"|verificação de segurança"
    r"|geen robot|toegang geweigerd|ben(?:t u)? (?:je )?een (?:mens|robot)|robotem|odmowa dostępu"
    r"|weryfikacja bezpieczeństwa"
    r"|robot (?:olmadığ|değil)|erişim (?:engellendi|reddedildi)|güvenlik (?:kontrolü|doğrulaması)"
    r"|не робот|доступ (?:ограничен|запрещ[её]н)|проверка безопасности|подозрительная активность"
    r"|(?:لست|أنك لست) (?:روبوت|برنامج)|تم رفض (?:الوصول|الدخول)|التحقق من (?:الأمان|أنك إنسان)"
    r"|(?:不是|非)机器人|人机验证|安全(?:验证|检查)|访问(?:被拒绝|受限)|驗證您是|ロボットではありません|アクセスが(?:拒否|制限)|セキュリティ(?:確認|チェック)",
    re.IGNORECASE,
)
"""What a bot challenge says."""

CONSENT = tuple(
    re.compile(topic, re.IGNORECASE)
    for topic in (
        (
            r"cookie|store (?:and|or) access information|auf ihrem gerät|tracking|traceurs|rastreador|çerez"
            r"|ciasteczk|файл\w* куки|ملفات تعريف الارتباط|隐私"
        ),
        (
            r"consent|agree|zustimm|einwilligung|stimmen sie|accept|acept|accett|aceit|akzept|toestemming|akkoord"
            r"|zgod[ay]|rıza|onay"
            r"|согласи|同意|موافق"
        ),
        r"partner|partenaire|socios|parceiro|anbieter|iş ortak|партн[её]ры?|партнер|合作伙伴|パートナー|شركا",
        (
            r"advertis|\bads\b|anzeigen|werbung|publicit|publicidad|anuncios|pubblicit|publicidade|advertentie|reklam"
            r"|реклам|广告|広告|إعلان"
        ),
        (
            r"choices|options|manage|withdraw|reject|ablehnen|widerruf|einstellungen|retirer|refuser|param[éè]tr"
            r"|rechazar|configura"
            r"|rifiut|gestisci|recusar|gerenciar|weigeren|instellingen|odrzu|ustawie|reddet|yönet"
            r"|настройк|отклонить|отозвать|管理|拒绝|撤回|إدارة|رفض"
        ),
    )
)
"""What a consent wall speaks of; four of the five on one short page are no accident."""

LOGIN = re.compile(
    r"(?:log|sign)[ -]?in (?:to|or|with)|please (?:log|sign) in|forgot(?:ten)? (?:your )?password"
    r"|create an? (?:free )?account"
    r"|register (?:to|for free)|subscribe to (?:continue|read)|already (?:registered|a (?:member|subscriber)"
    r"|have an account)"
    r"|(?:bitte )?(?:melden sie sich an|anmelden|einloggen|registrieren)|passwort vergessen|noch kein konto"
    r"|se connecter|connectez-vous|mot de passe|créer un compte|déjà (?:inscrit|abonné)"
    r"|inici(?:ar|a|e) sesión|contraseña|regístr(?:ate|ese)|crear? (?:una )?cuenta|¿ya (?:tienes|tiene|eres|es)"
    r"|accedi|password dimenticata|registrati|iniciar sessão|fa(?:zer|ça) (?:o )?login|esquec\w+ (?:a"
    r"|sua) senha|cadastre-se"
    r"|inloggen|wachtwoord vergeten|account aanmaken|zaloguj|nie pamiętasz hasła|zarejestruj|giriş yap"
    r"|şifre(?:mi|nizi) unut|kayıt ol"
    r"|войти|забыли пароль|зарегистрир|ログイン|会員登録|パスワード"
    r"|登录|忘记密码|注册|تسجيل الدخول|نسيت كلمة|إنشاء حساب",
    re.IGNORECASE,
)
"""What a form for logging in or registering says."""

LOST = re.compile(
    r"^\W*(?:(?:error )?(?:404|410)\b|(?:(?:the|this|that|sorry|oh no|u[hm]+-?oh|who?ops|oops|hmm+|well)\W+)*"
    r"(?:page|link|url|address) (?:(?:that )?you[^.]{0,40} )?(?:was|is|could|has|does|can|seems to)?\s?"
    r"(?:not|no longer|n.t|gone|be missing|(?:been )?(?:moved|removed|deleted))\b"
    r"|page not found|not found\b|gone\b"
    r"|nothing (?:was |to be )?(?:found|here)|we (?:can.?t|cannot|could ?n.t|could not) find"
    r"|page (?:unavailable|missing)"
    r"|(?:this |the |sorry,? )*(?:article|story|content|post|item|video) (?:you[^.]{0,40} )?(?:is|was|has"
    r"|does)?\s?(?:been )?"
    r"(?:not found|no longer|unavailable|not available|n.t (?:exist|available)|not exist|removed|deleted"
    r"|expired|taken down|withdrawn)"
    r"|(?:seite|artikel|beitrag|inhalt) (?:wurde |ist )?(?:leider )?nicht (?:mehr )?(?:gefunden|verfügbar"
    r"|vorhanden)"
    r"|(?:diese[rs]?|die|der) (?:seite|artikel|beitrag|inhalt) (?:existiert|konnte|wurde|ist leider|ist nicht"
    r"|gibt es nicht)"
    r"|page (?:introuvable|non trouvée|inexistante)|(?:ce|cet|cette|le|la) (?:contenu|article"
    r"|page) (?:\w+ )?(?:n.est (?:plus|pas)"
    r"|n.existe|a été (?:retiré|supprimé)|est introuvable)|contenu (?:indisponible|introuvable|retiré)"
    r"|(?:página|pagina|nota|noticia|artículo|contenido) no (?:encontrad|existe|disponible|está disponible)"
    r"|(?:esta|este|la|el|ups\W*)+ ?(?:página|nota|noticia|artículo|contenido"
    r"|enlace) (?:que [^.]{0,40} )?(?:ya )?no (?:existe|está|se|ha)"
    r"|(?:pagina|articolo|contenuto) non (?:trovat|disponibil|esiste|più)|(?:questa|la|questo|l.)\s?(?:pagina"
    r"|articolo|contenuto)"
    r" (?:[^.]{0,30} )?non (?:esiste|è|è più|è stat)"
    r"|(?:página|notícia|matéria|conteúdo) (?:não encontrad|não existe|indispon|removid)"
    r"|(?:pagina|artikel) (?:niet gevonden|bestaat niet|is niet)|(?:deze|dit|de|het) (?:pagina"
    r"|artikel) (?:bestaat|is|kon|werd)"
    r"|nie znaleziono|(?:strona|artykuł) (?:nie (?:istnieje|został)|usunięt)|podana strona nie"
    r"|sayfa (?:bulunamadı|mevcut değil)|aradığınız (?:sayfa|içerik|haber)|(?:haber|içerik) (?:bulunamadı"
    r"|kaldırıl)"
    r"|страниц[аы] (?:не (?:найден|существует)|удал[её]н)|(?:материал|статья|новость) (?:не найден|удал[её]н"
    r"|недоступ)|ничего не найдено|по (?:данному|этому|указанному) адресу"
    r"|(?:页面|頁面|文章|内容)(?:不存在|未找到|已(?:被)?(?:删除|刪除|下线))|找不到|(?:ページ|記事|お探しのページ)(?:が|は)[^。]{0,10}(?:見つかりません|ありません"
    r"|削除)"
    r"|掲載(?:が|期間は?)終了|(?:الصفحة|المقال|المحتوى)[^.]{0,20}(?:غير موجود|غير متاح|لم يتم العثور|محذوف))",
    re.IGNORECASE,
)
"""How the heading of a page begins that is not there."""

BROKEN = re.compile(
    r"we(?:.ll| will) be back|(?:site|page|service) (?:is )?(?:currently |temporarily )?(?:offline|down|overloaded)"
    r"|guru meditation|connection (?:timed out|refused|reset)|having (?:some )?(?:trouble|difficulties|problems)"
    r"|try again (?:later|in a few)|(?:später|in ein paar minuten) (?:noch ?einmal|erneut|wieder)"
    r"|réessayer? (?:plus tard|dans)|int[ée]nt[ea]\w* (?:de nuevo )?más tarde|riprova(?:re)? più tardi"
    r"|tente (?:novamente )?mais tarde|probeer het later|spróbuj (?:ponownie )?później|daha sonra tekrar"
    r"|попробуйте (?:\w+ )?позже|稍后(?:再试|重试)|しばらく(?:して|経って)|حاول مرة أخرى|"
    r"^\W*(?:error )?5(?:0[0-9]|2[0-7]|30)\b|\b5(?:0[0-9]|2[0-7]):? (?:internal|bad|service|gateway|server"
    r"|error|origin|web server|connection)"
    r"|internal server error|bad gateway|service (?:is )?(?:temporarily )?unavailable|gateway time-?out"
    r"|40[03] (?:bad request|forbidden)"
    r"|^\W*error code:? \d|\| 5\d\d\b|(?:database|fatal|server|application|runtime|parse) error"
    r"|error establishing a database"
    r"|uncaught (?:error|exception)|stack trace|traceback \(most recent"
    r"|(?:under|scheduled|for|down for) maintenance|maintenance (?:mode|page)|^\W*maintenance\W*$"
    r"|be (?:right )?back (?:soon|shortly)"
    r"|(?:something|that) went wrong|an (?:unexpected )?error (?:has )?occurred|technical (?:difficulties"
    r"|problems?|error)"
    r"|wartungs(?:arbeit|modus|seite)|(?:wird|wegen) (?:gerade |derzeit )?(?:gewartet|wartung)"
    r"|technische[rn]? (?:fehler|stör|problem|schwierig)|serverfehler|interner fehler"
    r"|vorübergehend nicht (?:erreichbar|verfügbar)"
    r"|(?:en|de) maintenance|maintenance en cours|erreur (?:interne|technique|serveur)|(?:temporairement"
    r"|momentanément) (?:indisponible|inaccessible)|problème technique"
    r"|en mantenimiento|tareas de mantenimiento|error (?:interno|del servidor|técnico)|(?:temporalmente"
    r"|momentáneamente) (?:no disponible|fuera)|algo (?:salió|ha salido) mal"
    r"|in manutenzione|errore (?:interno|del server|tecnico)|temporaneamente non (?:disponibile|raggiungibile)"
    r"|em manutenção|erro (?:interno|no servidor)|temporariamente indispon"
    r"|(?:in|tijdelijk) onderhoud|technische storing|tijdelijk niet (?:bereikbaar|beschikbaar)|interne fout"
    r"|prace (?:techniczne|konserwacyjne)|przerwa techniczna|błąd (?:serwera|wewnętrzny)"
    r"|bakım (?:çalışması|modunda|yapıl)|bakımda|sunucu hatası|beklenmeyen bir hata|bir hata oluştu"
    r"|технически[ех]\w* работ|ошибка (?:сервера|базы данных|50\d)|внутренняя ошибка|временно недоступ"
    r"|メンテナンス|サーバーエラー|エラーが発生|一時的に(?:ご利用|アクセス)|服务器(?:内部)?错误|系统(?:维护|错误)|网站维护|暂时无法访问"
    r"|(?:تحت|قيد) الصيانة|أعمال صيانة|خطأ (?:في الخادم|داخلي|في الاتصال)|غير متا\w+ (?:حاليا|مؤقتا)",
    re.IGNORECASE | re.MULTILINE,
)
"""What a broken server or one under maintenance says."""

SCRIPT_NEEDED = re.compile(
    r"(?:enable|requires?|turn on|activate|aktivieren|activer|activ[ae]r?|abilita|ative|habilit\w+|включите"
    r"|schakel|włącz) (?:\w+ ){0,3}javascript"
    r"|javascript (?:is |ist |est |está |è )?(?:disabled|required|aktivieren|deaktiviert|désactivé"
    r"|deshabilitad|disabilitat|desativad|inschakelen|etkinleştir|を有効)"
    r"|启用 ?javascript|تفعيل (?:جافا|javascript)",
    re.IGNORECASE,
)

SUBSCRIBE = re.compile(
    r"subscri(?:be|ption) (?:now )?(?:to|for) (?:continue|read|keep|unlock|full|unlimited)|(?:keep"
    r"|continue) reading|to (?:continue|keep) reading"
    r"|(?:for|to) (?:paying |paid )?(?:subscribers|members)(?: only)?|(?:subscribers|members)[- ]only"
    r"|unlock (?:this|the full)|already a (?:paid )?(?:print )?(?:subscriber|member)"
    r"|weiterlesen mit|(?:jetzt|um) weiter(?:zu)?lesen|nur für abonnenten|(?:mit|im) (?:\w+[- ])?abo (?:weiter"
    r"|lesen)|bereits (?:abonnent|digital-?abonnent|registriert)|diesen artikel (?:weiter)?lesen"
    r"|réservé (?:à|aux) (?:nos )?abonné|il vous reste [\d,.]+ ?%|(?:pour|lire) la suite|déjà abonné"
    r"|abonnez-vous pour"
    r"|(?:solo|exclusivo|exclusiva|contenido) para (?:suscriptores|socios|abonados)|(?:para )?(?:seguir"
    r"|continuar|sigue) leyendo|suscríb[ae]\w* para|ya (?:sos|eres|es) (?:socio|suscriptor)"
    r"|(?:riservato|solo) (?:agli|per gli|ai) abbonati|(?:continua|per continuare) a leggere|sei già abbonato"
    r"|(?:conteúdo |exclusivo )(?:para|a) assinantes|continue lendo|já é assinante"
    r"|(?:alleen|exclusief) voor abonnees|lees (?:verder|het hele artikel)|al abonnee"
    r"|(?:tylko )?dla (?:subskrybentów|prenumeratorów)|czytaj dalej|wykup (?:dostęp|subskrypcję)"
    r"|abonelere özel|okumaya devam|(?:только|доступно) (?:для |по )подпис|(?:оформите|купите) подписку"
    r"|читать (?:дальше|полностью)"
    r"|(?:有料)?会員限定|続きを(?:読む|お読み|ご覧)|残り[\d,]+文字"
    r"|(?:付费|订阅|会员)(?:后|才|专享|阅读)|继续阅读|للمشتركين(?: فقط)?"
    r"|لمتابعة القراءة|اشترك (?:الآن )?ل(?:قراءة|متابعة)",
    re.IGNORECASE,
)
"""What such a box says."""

LIVE = re.compile(
    r"^live\b|\blive\s*[:|\u2013\u2014-]|[:|,\u2013\u2014/-]\s*live\b|\blive[- ]?(?:blog|ticker|updates?"
    r"|coverage)|\bupdates?\b|\bas it happened\b|(?:live-?)?ticker|newsblog"
    r"|(?:en|le) direct\b|minute par minute|(?:en|el) (?:directo|vivo)\b|minuto a minuto|última hora"
    r"|in diretta|\bla diretta\b|ao vivo"
    r"|na żywo|relacja|canlı|dakika dakika|онлайн|хроника|прямая трансляция|прямой эфир|مباشر|لحظة بلحظة|تغطية"
    r"|直播|实时|実況|速報|ライブ",
    re.IGNORECASE | re.MULTILINE,
)
"""What the headline of a live blog says."""

CLOCK = re.compile(
    r"\(?(?:[^\W\d]{1,12}\W{1,2}){0,3}"
    r"(?:(?:[01]?\d|2[0-3]) ?[:.h時点시] ?[0-5]\d(?!\d|[.:/]\d\d)(?: ?[ap]\.?m\b)?|(?:1[0-2]|[1-9]) ?[ap]\.?m\b"
    r"|(?:[01]?\d|2[0-3])(?= Uhr\b))",
    re.IGNORECASE,
)
"""A time of day, as the first words of a live blog's entry."""

MINUTE = re.compile(r"\d{1,3}(?:\.?\s?\+\s?\d+)?\.?\s?(?:['\u2019\u2032\u00b4]|min\b\.?)|\d{1,3}\.(?:\s?\+\s?\d+)?$")
"""A minute of a match; a number with a dot only where it stands alone."""

MEDIA_TITLE = re.compile(
    r"^\W*(?:watch|video|vídeo|photos?|pictures|pics|gallery|in pictures|in photos|bilder|fotos|fotostrecke"
    r"|bildergalerie|en images|en photos|diaporama"
    r"|(?:las )?(?:fotos|imágenes)|fotogalería|galería|le foto|fotogallery|galeria|zdjęcia|foto ?galeri|фото"
    r"|видео|фотогалерея|صور|فيديو|بالصور|图集|视频|写真|動画)\b\s*[:|\-\u2013\u2014]"
    r"|(?:in|en) (?:pictures|photos|images)\b|foto ?galeri|(?:die|in) bilder[n]?\b",
    re.IGNORECASE,
)

STATIC_TITLE = re.compile(
    r"(?:about(?: us)?|who we are|contact(?: us)?|privacy (?:policy|notice)|cookie policy|terms (?:of (?:use"
    r"|service)|and conditions)|imprint|impressum|datenschutz(?:erklärung|hinweise)?|über uns|kontakt"
    r"|mentions légales|politique de confidentialité|à propos|qui sommes-nous|aviso legal"
    r"|política de (?:privacidad|privacidade|cookies)|quiénes somos|contacto|chi siamo|contatti"
    r"|quem somos|over ons|colofon|o nas|polityka prywatności|hakkımızda|künye|iletişim|gizlilik politikası"
    r"|о нас|контакты|о редакции|политика конфиденциальности|реклама на сайте"
    r"|من نحن|اتصل بنا|سياسة الخصوصية|关于我们|联系我们|隐私政策"
    r"|会社概要|お問い合わせ|プライバシーポリシー|利用規約|newsletters?|subscriptions?)",
    re.IGNORECASE,
)

YEAR = re.compile(r"\b(?:19|20)\d\d\b|\d[./]\d{1,2}[./]\d\d\b")
"""A date in figures, or its year."""

PRICE = re.compile(
    r"(?:[$€£¥₹₽₺₩]|\b(?:USD|EUR|GBP|CHF|Rs\.?|R\$|zł|kr\.?)) ?\d[\d.,]{0,12}|\b\d[\d.,]{0,12} ?(?:[€₽₺]|(?:USD|EUR|CHF"
    r"|PLN|zł|kr|TL|руб|лв|Kč|Ft|lei|元|円)\b)"
)
"""An amount of money, as shops write it."""
