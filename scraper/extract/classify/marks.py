"""What pages that are no article declare: schema.org types, addresses, classes and markup. Data; the rules read it."""

from __future__ import annotations

import re

BOT_MARKUP = (
    "#challenge-form, #cf-wrapper, #px-captcha, #challenge-running, script[src*='captcha-delivery'],"
    " iframe[src*='_Incapsula_'], .g-recaptcha, .h-captcha, .cf-turnstile, script[src*='/cdn-cgi/challenge'],"
    " script[src*='awswaf'], [id*='captcha' i]"
)

BOT_SCRIPT = re.compile(r"document\.cookie\s*=(?=.*location\.(?:reload|href|replace|assign))|_cf_chl_opt", re.DOTALL)
"""A script that sets a cookie and loads the page again."""

LOST_MARKUP = "[class*='404'], [id*='404'], [class*='not-found' i], [class*='notfound' i], [class*='page-gone' i]"

LOST_NAME = re.compile(
    r"(?:error|page|is|mod|status|http|template|tpl|type|error-page|page-error)?[_-]?(?:404|not-?found)"
    r"(?:[_-]+(?:page|error|content|container|wrapper|message|box|text|title))?"
)
"""A class name or an id of such a page; ``menu-item-404`` is none."""

SHELL = "#root, #app, #__next, #__nuxt, #___gatsby, app-root, [ng-app], [data-reactroot]"

PAYWALL = (
    "[class*='paywall' i], [id*='paywall' i], [class*='subscribe-wall' i], [class*='piano-' i], [data-paywall],"
    " [class*='premium-wall' i], [class*='regwall' i], [class*='paid-content' i], [class*='pmpro_content_message'],"
    " [class*='no-access' i], [class*='locked-content' i], [class*='content-gate' i], [id*='gate-' i][id*='root' i],"
    " [class*='barrier-page' i], [class*='memberful' i], [class*='leaky' i], [class*='metered' i]"
)
"""Boxes that stand where the rest of a paid article would."""

MEDIA = re.compile(
    r"(?:videos?|v[íi]deos?|photos?|fotos?|pics|pictures|images|bilder|galler(?:y|ies)|galer[iíy][ea]?s?"
    r"|photo-?galler(?:y|ies)|foto-?galer\w*"
    r"|bildergalerien?|fotostrecken?|diaporamas?|slideshows?|photo-?essays?|mediathek|player|watch|podcasts?"
    r"|web-?tv|imagenes|imágenes"
    r"|fotogaler\w+|fotogalleri?e?|galleria|foto-?haber|video-?haber|zdjecia|wideo|видео|фото|galereya)",
    re.IGNORECASE,
)
"""A step of the address, or a word of the heading, of pages that show rather than tell."""

MEDIA_TYPES = frozenset(
    {
        "VideoObject",
        "ImageGallery",
        "MediaGallery",
        "VideoGallery",
        "AudioObject",
        "PodcastEpisode",
        "Clip",
        "TVEpisode",
        "RadioEpisode",
    }
)

HUB_TYPES = frozenset({"CollectionPage", "SearchResultsPage", "ProfilePage"})

HUB_CLASSES = frozenset({
    "archive", "search-results", "search-no-results", "post-type-archive", "path-frontpage", "path-taxonomy",
    "page-taxonomy-term", "page-view-taxonomy-term", "page-taxonomy",
})  # fmt: skip
"""Classes that WordPress and Drupal put on the body of lists; a front page of posts has both of the next two."""

FRONT_CLASSES = frozenset({"home", "blog"})

SINGLE_CLASS = re.compile(
    r"single|singular|postid-\d+|page-node-type-(?:article|story|news|blog|artikel|noticia)"
    r"|node-type-(?:article|story|news|blog)"
)

OTHER_TYPES = frozenset({
    "Product", "ProductGroup", "IndividualProduct", "SomeProducts", "Vehicle", "Car", "JobPosting", "QAPage",
    "DiscussionForumPosting", "SoftwareApplication", "MobileApplication", "WebApplication", "Hotel",
    "LodgingBusiness", "RealEstateListing", "Apartment", "House", "AboutPage", "ContactPage", "CheckoutPage",
    "Service", "Dataset", "Quiz", "Movie", "TVSeries", "VideoGame", "MusicAlbum", "Restaurant",
})  # fmt: skip
"""What a page is about that declares one of these and no article: a thing on sale, a thread, a place."""

OTHER_OG = re.compile(
    r"(?:og:)?(?:product|profile|business|restaurant|place|books?|music|game|ebay|forum)\b", re.IGNORECASE
)

FORUM = re.compile(
    r"discourse|phpbb|vbulletin|xenforo|mybb|simple machines|invision|nodebb|flarum|vanilla forums"
    r"|burning board",
    re.IGNORECASE,
)
"""Programs that serve forums, as ``<meta name=generator>`` names them."""

FORUM_TYPES = frozenset({"DiscussionForumPosting", "QAPage"})

OTHER_CLASSES = frozenset({
    "single-product", "product-template-default", "template-product", "woocommerce-cart", "section-viewtopic",
    "section-viewforum", "single-job_listing", "single-tribe_events", "topic-template-default",
    "forum-template-default",
})  # fmt: skip
"""Classes that shops and forums put on the body of a page that may call itself an article beside."""

FORUM_MARKUP = (
    "#phpbb, html#XF, #discourse-modal, [itemtype$='/DiscussionForumPosting'], [itemtype$='/QAPage'], shreddit-post,"
    " [id^='post_message_'], .message--post, .postbody"
)

SHOP_MARKUP = (
    "form[action$='/cart/add' i], form.cart, button[name='add-to-cart'], button[id*='add-to-cart' i],"
    " [itemtype$='/Product'][itemscope]"
)

STATIC = re.compile(
    r"(?:about|about-?us|who-we-are|our-(?:team|story)|staff|masthead|contacts?|contact-?us|privacy"
    r"|privacy-?(?:policy|notice)|cookie-?(?:policy|notice)|terms|terms-(?:of|and)-\w+|legal|legal-notice"
    r"|imprint|impressum|datenschutz|datenschutz(?:erklaerung|erklärung|hinweise)|agb|kontakt|ueber-uns"
    r"|über-uns|mediadaten|werben"
    r"|mentions-?legales|confidentialite|politique-de-confidentialite|cgv|cgu|a-propos|qui-sommes-nous"
    r"|infolettres?|newsletters?|abonnements?|abo|subscribe|subscription|subscriptions|suscripcion"
    r"|suscripciones"
    r"|aviso-legal|politica-de-\w+|quienes-somos|contacto|acerca-de|chi-siamo|contatti|privacy-e-cookie"
    r"|note-legali|quem-somos|contato|fale-conosco|sobre(?:-nos)?|termos-de-uso"
    r"|over-ons|privacyverklaring|colofon|o-nas|polityka-prywatnosci|regulamin|hakkimizda|iletisim|kunye"
    r"|gizlilik(?:-politikasi)?|kontakty|about-site"
    r"|faq|help|jobs|careers|advertise|accessibility|sitemap)(?:\.\w{2,5})?",
    re.IGNORECASE,
)
"""The last step of the address of a page that every site has and no reader calls an article."""

HOME = re.compile(
    r"(?:/(?:[a-z]{2}(?:[-_][a-z]{2})?|index\.\w{3,5}|home|start(?:seite)?|inicio|accueil))?/?", re.IGNORECASE
)
"""The path of a front page."""

PATH_DATE = re.compile(r"(?:^|/)(?:19|20)\d\d(?:[-/]?(?:0?[1-9]|1[0-2]))?(?:[-/]|$)")
"""A date in an address."""

LOGIN_STEP = re.compile(
    r"log-?in|sign-?in|sign-?up|register|registration|registrierung|registro|registrarse|inscription|connexion|anmelden"
    r"|anmeldung|accedi|inloggen|zaloguj|logowanie|giris|uye-?girisi|auth|sso|account|konto|cuenta",
    re.IGNORECASE,
)
"""A step of the address of a login or registration."""

CONSENT_STEP = re.compile(r"consent|cookie-?wall|cookie-?consent|privacy-?gate|zustimmung|consentement", re.IGNORECASE)
"""A step of the address of a consent wall."""

OFFER = re.compile(
    r"/[^)]*\b(?:subscri|suscri|abonn|abo\b|abos\b|assin|abbona|prenumer|member|plans?\b|offers?\b|premium|join\b|plus\b)",
    re.IGNORECASE,
)
"""The address, in Markdown, of what one subscribes at."""
