"""The shape of news.db and pages.db, as migrations that only append: one that was ever released never changes.

Every column that may be NULL says in its DDL what NULL means.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from scraper.store.rekeying import rekey_news, rekey_pages
from scraper.words import index_copy

news = Migrations("news")
pages = Migrations("pages")

NEWS_ID = 0x4E455753  # "NEWS"
PAGES_ID = 0x50414745  # "PAGE"


def _run(db: Database, script: str) -> None:
    """Statement by statement: executescript would commit the migration's transaction first."""
    for statement in script.split(";;"):
        if statement.strip():
            db.execute(statement)


@news()
def m001_first_tables(db: Database) -> None:
    """Everything that the first version stores."""
    _run(db, _TABLES)
    _run(db, _SEARCH)


_TABLES = """
CREATE TABLE sources (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    url TEXT NOT NULL,
    kind TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    language TEXT,          -- NULL: neither configured nor said by the source
    etag TEXT,              -- NULL: the last answer had none
    last_modified TEXT,     -- NULL: the last answer had none
    next_due TEXT,          -- NULL: not asked (disabled, or gone from sources.toml)
    last_fetched_at TEXT,   -- NULL: never asked yet
    last_success_at TEXT,   -- NULL: never answered yet
    last_new_at TEXT,       -- NULL: never announced anything yet
    last_outcome TEXT,      -- NULL: never asked yet
    last_detail TEXT,       -- NULL: never asked yet
    failures INTEGER NOT NULL DEFAULT 0
);;
CREATE TABLE stories (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    created_at TEXT NOT NULL
);;
CREATE TABLE articles (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    url TEXT NOT NULL,
    url_key TEXT NOT NULL UNIQUE,
    canonical_url TEXT,     -- NULL: the page names none
    title TEXT NOT NULL,
    published_at TEXT,      -- NULL: no date was found
    published_raw TEXT,     -- NULL: no date was found
    published_zone TEXT,    -- NULL: no date was found
    modified_at TEXT,       -- NULL: the page names none
    authors TEXT NOT NULL DEFAULT '[]',
    body TEXT NOT NULL,
    body_markdown TEXT NOT NULL,
    summary TEXT,           -- NULL: the page has none
    section TEXT,           -- NULL: the page names none
    tags TEXT NOT NULL DEFAULT '[]',
    language TEXT,          -- NULL: not said and not configured
    image_url TEXT,         -- NULL: no lead image
    image_caption TEXT,     -- NULL: no caption
    credit TEXT,            -- NULL: no credit
    publisher TEXT,         -- NULL: the page names none
    paywalled INTEGER,      -- NULL: the page does not say
    word_count INTEGER NOT NULL,
    source_id INTEGER REFERENCES sources(id),   -- NULL: fetched or imported by hand
    story_id INTEGER REFERENCES stories(id),    -- NULL: no copies are known
    first_seen_at TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    gone_at TEXT,           -- NULL: not seen to be gone
    revision INTEGER NOT NULL DEFAULT 1,
    content_hash TEXT NOT NULL,
    extractor TEXT NOT NULL,
    evidence TEXT NOT NULL DEFAULT '{}'
);;
CREATE INDEX articles_published_at ON articles(published_at);;
CREATE INDEX articles_first_seen_at ON articles(first_seen_at);;
CREATE INDEX articles_content_hash ON articles(content_hash);;
CREATE INDEX articles_source_id ON articles(source_id, published_at);;
CREATE INDEX articles_story_id ON articles(story_id) WHERE story_id IS NOT NULL;;
CREATE TABLE aliases (
    url TEXT PRIMARY KEY,
    url_key TEXT NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    first_seen_at TEXT NOT NULL
);;
CREATE INDEX aliases_url_key ON aliases(url_key);;
CREATE INDEX aliases_article_id ON aliases(article_id);;
CREATE TABLE revisions (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    revision INTEGER NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    body_markdown TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    published_at TEXT,      -- NULL: no date was found
    modified_at TEXT,       -- NULL: the page named none
    fetched_at TEXT NOT NULL,
    replaced_at TEXT NOT NULL,
    reason TEXT NOT NULL,
    UNIQUE (article_id, revision)
);;
CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    url_key TEXT NOT NULL UNIQUE,
    host TEXT NOT NULL,
    source_id INTEGER NOT NULL REFERENCES sources(id),
    title TEXT,             -- NULL: the source gave none
    published_at TEXT,      -- NULL: the source gave none
    first_seen_at TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_due TEXT,          -- NULL: done, nothing more is fetched
    outcome TEXT,           -- NULL: not fetched yet
    reason TEXT,            -- NULL: not fetched yet
    article_id INTEGER REFERENCES articles(id)  -- NULL: no article came of it (yet)
);;
CREATE INDEX entries_next_due ON entries(next_due) WHERE next_due IS NOT NULL;;
CREATE INDEX entries_source_id ON entries(source_id, first_seen_at);;
CREATE INDEX entries_article_id ON entries(article_id) WHERE article_id IS NOT NULL;;
CREATE TABLE fetches (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    url TEXT NOT NULL,
    host TEXT,              -- NULL: not a web address (a file that was imported)
    kind TEXT NOT NULL,
    source_id INTEGER REFERENCES sources(id),   -- NULL: fetched or imported by hand
    status INTEGER,         -- NULL: no answer came
    size INTEGER,           -- NULL: no body came
    elapsed_ms INTEGER,     -- NULL: no answer came
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    article_id INTEGER REFERENCES articles(id), -- NULL: no article came of it
    next_due TEXT           -- NULL: not tried again by itself
);;
CREATE INDEX fetches_at ON fetches(at);;
CREATE INDEX fetches_url ON fetches(url);;
CREATE INDEX fetches_host ON fetches(host, at);;
CREATE INDEX fetches_source_id ON fetches(source_id, at) WHERE source_id IS NOT NULL;;
CREATE INDEX fetches_article_id ON fetches(article_id) WHERE article_id IS NOT NULL;;
CREATE TABLE hosts (
    host TEXT PRIMARY KEY,
    next_at TEXT,           -- NULL: never asked yet
    held_by TEXT,           -- NULL: no request is under way
    held_until TEXT,        -- NULL: no request is under way
    paused_until TEXT,      -- NULL: not paused
    pause_reason TEXT,      -- NULL: not paused
    robots_status INTEGER,  -- NULL: never asked; 0: no answer came
    robots_body TEXT,       -- NULL: no robots.txt is known
    robots_fetched_at TEXT, -- NULL: never asked
    robots_etag TEXT,       -- NULL: the answer had none
    robots_expires_at TEXT  -- NULL: good for the usual time
);;
CREATE TABLE forgotten (
    url_key TEXT PRIMARY KEY,
    forgotten_at TEXT NOT NULL
)
"""

_SEARCH = """
CREATE VIRTUAL TABLE articles_fts USING fts5(
    title, body, tokenize="unicode61 remove_diacritics 2", content=[articles], content_rowid=[id]
);;
CREATE TRIGGER articles_fts_insert AFTER INSERT ON articles BEGIN
    INSERT INTO articles_fts(rowid, title, body) VALUES (new.id, new.title, new.body);
END;;
CREATE TRIGGER articles_fts_delete AFTER DELETE ON articles BEGIN
    INSERT INTO articles_fts(articles_fts, rowid, title, body) VALUES ('delete', old.id, old.title, old.body);
END;;
CREATE TRIGGER articles_fts_update AFTER UPDATE OF title, body ON articles BEGIN
    INSERT INTO articles_fts(articles_fts, rowid, title, body) VALUES ('delete', old.id, old.title, old.body);
    INSERT INTO articles_fts(rowid, title, body) VALUES (new.id, new.title, new.body);
END
"""


@news()
def m002_fetching(db: Database) -> None:
    """What polite fetching remembers: where hosts lead, their troubles, kept copies, and what came with a login."""
    _run(db, _FETCHING)


# Comments of columns that are added must end before the statement does: SQLite keeps its text as it stands.
_FETCHING = """
ALTER TABLE hosts ADD COLUMN address TEXT /* NULL: never asked yet; '': a proxy knows */;;
ALTER TABLE hosts ADD COLUMN troubles INTEGER NOT NULL DEFAULT 0;;
ALTER TABLE hosts ADD COLUMN pause_detail TEXT /* NULL: not paused */;;
ALTER TABLE hosts ADD COLUMN wanted_at TEXT /* NULL: nobody waits for its address */;;
ALTER TABLE hosts ADD COLUMN wanted_until TEXT /* NULL: nobody waits for its address */;;
CREATE INDEX hosts_address ON hosts(address) WHERE held_until IS NOT NULL OR wanted_until IS NOT NULL;;
ALTER TABLE fetches ADD COLUMN from_cache INTEGER NOT NULL DEFAULT 0;;
ALTER TABLE sources ADD COLUMN body_hash TEXT /* NULL: nothing to compare the next answer with */;;
ALTER TABLE sources ADD COLUMN read_as TEXT /* NULL: never answered whole yet */;;
ALTER TABLE sources ADD COLUMN whole_at TEXT /* NULL: never answered whole yet */;;
ALTER TABLE sources ADD COLUMN distrusted_at TEXT /* NULL: its 304 answers were never found wrong */;;
ALTER TABLE articles ADD COLUMN login INTEGER NOT NULL DEFAULT 0
"""


@news()
def m003_rhythm(db: Database) -> None:
    """When each source publishes, as it was learned."""
    _run(db, "ALTER TABLE sources ADD COLUMN rhythm TEXT /* NULL: not watched yet */")


@news()
def m004_revisits(db: Database) -> None:
    """Articles are fetched again, the sooner the later they changed."""
    _run(db, _REVISITS)


_REVISITS = """
ALTER TABLE entries ADD COLUMN changed_at TEXT /* NULL: no article came of it (yet) */;;
CREATE INDEX entries_new ON entries(source_id) WHERE next_due IS NOT NULL AND changed_at IS NULL
"""


@news()
def m005_backfills(db: Database) -> None:
    """What a source published before it was followed, or while nobody looked, is looked for."""
    _run(db, _BACKFILLS)


_BACKFILLS = """
CREATE TABLE backfills (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES sources(id),
    since TEXT NOT NULL,
    reason TEXT NOT NULL,
    undated INTEGER NOT NULL DEFAULT 0,
    started_at TEXT NOT NULL,
    ended_at TEXT,          -- NULL: under way
    detail TEXT,            -- NULL: under way
    budget INTEGER NOT NULL,
    room INTEGER NOT NULL,
    documents INTEGER NOT NULL DEFAULT 0,
    found INTEGER NOT NULL DEFAULT 0,
    passed INTEGER NOT NULL DEFAULT 0
);;
CREATE INDEX backfills_source_id ON backfills(source_id, started_at);;
CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    backfill_id INTEGER NOT NULL REFERENCES backfills(id),
    url TEXT NOT NULL,
    host TEXT NOT NULL,
    kind TEXT NOT NULL,
    depth INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_due TEXT,          -- NULL: done, or given up
    digest TEXT,            -- NULL: not read yet
    UNIQUE (backfill_id, url)
);;
CREATE INDEX documents_next_due ON documents(backfill_id, next_due) WHERE next_due IS NOT NULL;;
CREATE INDEX documents_digest ON documents(backfill_id, digest) WHERE digest IS NOT NULL;;
CREATE INDEX documents_host ON documents(host) WHERE next_due IS NOT NULL;;
ALTER TABLE entries ADD COLUMN backfill_id INTEGER REFERENCES backfills(id) /* NULL: the source announced it */;;
CREATE INDEX entries_backfill_id ON entries(backfill_id) WHERE backfill_id IS NOT NULL
"""


@news()
def m006_links(db: Database) -> None:
    """Doubtful links of section pages, which repetition tells from articles."""
    _run(db, _LINKS)


_LINKS = """
CREATE TABLE links (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES sources(id),
    url_key TEXT NOT NULL,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    UNIQUE (source_id, url_key)
);;
CREATE INDEX links_last_seen_at ON links(last_seen_at)
"""


@news()
def m007_ttl(db: Database) -> None:
    """For how long each feed says that nothing new is to come: a 304 does not say it again."""
    _run(db, "ALTER TABLE sources ADD COLUMN ttl REAL /* NULL: it does not say so */")


@news()
def m008_events(db: Database) -> None:
    """What happened, for whoever is to be told; what is wrong with sources now; and totals of attempts that stay."""
    _run(db, _EVENTS)


_EVENTS = """
CREATE TABLE daily (
    id INTEGER PRIMARY KEY,
    day TEXT NOT NULL,
    source_id INTEGER REFERENCES sources(id),   -- NULL: fetched or imported by hand, or a robots.txt
    kind TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    answers INTEGER NOT NULL,
    from_cache INTEGER NOT NULL,
    size INTEGER NOT NULL,
    elapsed_ms INTEGER NOT NULL
);;
CREATE UNIQUE INDEX daily_key ON daily(day, ifnull(source_id, 0), kind, outcome, reason);;
CREATE INDEX daily_source_id ON daily(source_id, day);;
INSERT INTO daily (day, source_id, kind, outcome, reason, attempts, answers, from_cache, size, elapsed_ms)
    SELECT substr(at, 1, 10), source_id, kind, outcome, reason, count(*), count(elapsed_ms), sum(from_cache),
        ifnull(sum(size), 0), ifnull(sum(elapsed_ms), 0)
    FROM fetches GROUP BY 1, 2, 3, 4, 5;;
CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    source_id INTEGER REFERENCES sources(id),   -- NULL: of an article that was fetched or imported by hand
    article_id INTEGER REFERENCES articles(id), -- NULL: of a source
    detail TEXT NOT NULL,
    data TEXT NOT NULL DEFAULT '{}',
    delivery TEXT,          -- NULL: nobody is to be told
    tries INTEGER NOT NULL DEFAULT 0,
    delayed_since TEXT,     -- NULL: no try went wrong
    delivered_at TEXT       -- NULL: not delivered
);;
CREATE INDEX events_at ON events(at);;
CREATE INDEX events_source_id ON events(source_id, at) WHERE source_id IS NOT NULL;;
CREATE INDEX events_article_id ON events(article_id) WHERE article_id IS NOT NULL;;
CREATE INDEX events_waiting ON events(id) WHERE delivery = 'waiting';;
CREATE INDEX events_given_up ON events(id) WHERE delivery = 'given up';;
CREATE INDEX events_of_sources ON events(id) WHERE kind NOT IN ('new', 'revised');;
CREATE TABLE alarms (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES sources(id),
    kind TEXT NOT NULL,
    since TEXT NOT NULL,
    detail TEXT NOT NULL,
    UNIQUE (source_id, kind)
)
"""


@news()
def m009_at_a_glance(db: Database) -> None:
    """What waits is counted in an index alone (100 ms for a million entries, against 650), and so are gaps."""
    _run(db, _GLANCE)


_GLANCE = """
DROP INDEX entries_next_due;;
CREATE INDEX entries_next_due ON entries(next_due, source_id, changed_at) WHERE next_due IS NOT NULL;;
CREATE INDEX fetches_gap ON fetches(source_id) WHERE reason = 'gap'
"""


@news()
def m010_words(db: Database) -> None:
    """Search finds words of scripts that are written without spaces, folds more letters, and filters in an index."""
    _run(db, _WITHOUT_INDEX)
    last = 0
    while rows := db.execute(
        "SELECT id, title, body FROM articles WHERE id > ? ORDER BY id LIMIT 100", (last,)
    ).fetchall():
        copies = [(index_copy(title), index_copy(body), id_) for id_, title, body in rows]
        db.conn.executemany(
            "UPDATE articles SET title_words = ?, body_words = ? WHERE id = ?",
            [copy for copy in copies if copy[:2] != (None, None)],
        )
        last = rows[-1][0]
    _run(db, _WORDS)


_WITHOUT_INDEX = """
DROP TRIGGER articles_fts_insert;;
DROP TRIGGER articles_fts_delete;;
DROP TRIGGER articles_fts_update;;
DROP TABLE articles_fts;;
ALTER TABLE articles ADD COLUMN title_words TEXT /* NULL: title is indexed as it stands */;;
ALTER TABLE articles ADD COLUMN body_words TEXT /* NULL: body is indexed as it stands */
"""

# Vowel signs are of the word (categories Mn and Mc): without them, Hindi falls apart. The two separators say whether a
# sign is shown in colour. The view gives FTS5 what it indexed, for its checks. The first of the indexes holds what
# filters ask of a hit, whose row is two to five pages of the file; the second, in which order the latest come.
# Merging 16 parts of the index at a time, not 4, costs a quarter less and writes a third less per article, and 64 keep
# it from ever merging many at once (860 ms in one commit); a search over 60,000 articles takes .1 ms longer.
_WORDS = """
CREATE VIEW articles_fts_text AS
    SELECT id, coalesce(title_words, title) AS title, coalesce(body_words, body) AS body FROM articles;;
CREATE VIRTUAL TABLE articles_fts USING fts5(
    title, body,
    tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc' separators '\ufe0e\ufe0f'",
    content=[articles_fts_text], content_rowid=[id]
);;
INSERT INTO articles_fts(articles_fts, rank) VALUES ('automerge', 16);;
INSERT INTO articles_fts(articles_fts, rank) VALUES ('crisismerge', 64);;
INSERT INTO articles_fts(articles_fts) VALUES ('rebuild');;
CREATE TRIGGER articles_fts_insert AFTER INSERT ON articles BEGIN
    INSERT INTO articles_fts(rowid, title, body)
        VALUES (new.id, coalesce(new.title_words, new.title), coalesce(new.body_words, new.body));
END;;
CREATE TRIGGER articles_fts_delete AFTER DELETE ON articles BEGIN
    INSERT INTO articles_fts(articles_fts, rowid, title, body)
        VALUES ('delete', old.id, coalesce(old.title_words, old.title), coalesce(old.body_words, old.body));
END;;
CREATE TRIGGER articles_fts_update AFTER UPDATE OF title, body, title_words, body_words ON articles BEGIN
    INSERT INTO articles_fts(articles_fts, rowid, title, body)
        VALUES ('delete', old.id, coalesce(old.title_words, old.title), coalesce(old.body_words, old.body));
    INSERT INTO articles_fts(rowid, title, body)
        VALUES (new.id, coalesce(new.title_words, new.title), coalesce(new.body_words, new.body));
END;;
CREATE INDEX articles_facts ON articles(id, published_at, first_seen_at, source_id, language, authors, login);;
CREATE INDEX articles_latest ON articles(coalesce(published_at, first_seen_at), source_id, language)
"""


@news()
def m011_stories(db: Database) -> None:
    """Near-copies: what they are looked for by, what made which articles copies, and each story's first and lead."""
    _run(db, _STORIES)


# `sketches` refers to no articles by a foreign key: an article that is deleted would be looked for in all of it.
_STORIES = """
ALTER TABLE stories ADD COLUMN first_article_id INTEGER REFERENCES articles(id) /* NULL: merged into another */;;
ALTER TABLE stories ADD COLUMN lead_article_id INTEGER REFERENCES articles(id) /* NULL: merged into another */;;
ALTER TABLE stories ADD COLUMN merged_into INTEGER REFERENCES stories(id) /* NULL: stands by itself */;;
CREATE INDEX stories_first_article_id ON stories(first_article_id);;
CREATE INDEX stories_lead_article_id ON stories(lead_article_id);;
CREATE INDEX stories_merged_into ON stories(merged_into) WHERE merged_into IS NOT NULL;;
CREATE TABLE resemblances (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    other_id INTEGER NOT NULL REFERENCES articles(id),
    how TEXT NOT NULL,
    similarity REAL NOT NULL,
    contained REAL NOT NULL,
    noted_at TEXT NOT NULL,
    UNIQUE (article_id, other_id)
);;
CREATE INDEX resemblances_other_id ON resemblances(other_id);;
CREATE TABLE generations (
    id INTEGER PRIMARY KEY,
    first_article_id INTEGER NOT NULL,
    begun_at TEXT NOT NULL
);;
CREATE TABLE sketches (
    generation INTEGER NOT NULL,
    hash INTEGER NOT NULL,
    article_id INTEGER NOT NULL,
    PRIMARY KEY (generation, hash, article_id)
) WITHOUT ROWID;;
UPDATE articles SET story_id = NULL WHERE story_id IN
    (SELECT story_id FROM articles WHERE story_id IS NOT NULL GROUP BY story_id HAVING count(*) = 1);;
DELETE FROM stories WHERE id NOT IN (SELECT story_id FROM articles WHERE story_id IS NOT NULL);;
UPDATE stories SET first_article_id = (
    SELECT id FROM articles WHERE story_id = stories.id ORDER BY
        CASE WHEN published_zone IN ('given', 'source') THEN min(published_at, first_seen_at) ELSE first_seen_at END, id
    LIMIT 1
);;
UPDATE stories SET lead_article_id = first_article_id;;
INSERT INTO resemblances (article_id, other_id, how, similarity, contained, noted_at)
    SELECT articles.id, stories.first_article_id, 'exact', 1.0, 1.0, articles.first_seen_at
    FROM stories JOIN articles ON articles.story_id = stories.id AND articles.id <> stories.first_article_id;;
INSERT INTO generations (id, first_article_id, begun_at)
    SELECT 0, coalesce(max(id), 0) + 1, coalesce(max(first_seen_at), '') FROM articles
"""


@news()
def m012_revisions(db: Database) -> None:
    """What kind of change each was, how large, and which earlier texts were seen again."""
    _run(db, _REVISIONS)


_REVISIONS = """
ALTER TABLE revisions ADD COLUMN change TEXT NOT NULL DEFAULT 'body';;
ALTER TABLE revisions ADD COLUMN words_added INTEGER /* NULL: replaced before they were counted */;;
ALTER TABLE revisions ADD COLUMN words_removed INTEGER /* NULL: replaced before they were counted */;;
ALTER TABLE revisions ADD COLUMN authors TEXT /* NULL: replaced before they were kept */;;
ALTER TABLE revisions ADD COLUMN seen_again INTEGER NOT NULL DEFAULT 0;;
ALTER TABLE revisions ADD COLUMN seen_again_at TEXT /* NULL: not seen again */;;
UPDATE revisions SET change = CASE
        WHEN revisions.reason = 'page over clipping' THEN 'fuller'
        WHEN revisions.kind = 'teaser' AND later.kind <> 'teaser' THEN 'fuller'
        WHEN revisions.title = later.title THEN 'body'
        WHEN revisions.body = later.body THEN 'headline'
        ELSE 'headline and body' END
    FROM (SELECT article_id, revision, kind, title, body FROM revisions
        UNION ALL SELECT id, revision, kind, title, body FROM articles WHERE revision > 1) AS later
    WHERE later.article_id = revisions.article_id AND later.revision = revisions.revision + 1
"""


@news()
def m013_identity(db: Database) -> None:
    """How each alias is known; and every key by the folding that is documented in docs/identity.md."""
    _run(db, "ALTER TABLE aliases ADD COLUMN how TEXT /* NULL: noted before this was, so that nobody knows */")
    rekey_news(db)


@news()
def m014_reparses(db: Database) -> None:
    """What newer rules make of the pages of stored articles, until it is written."""
    _run(db, _REPARSES)


_REPARSES = """
CREATE TABLE reparses (
    article_id INTEGER PRIMARY KEY REFERENCES articles(id),
    revision INTEGER NOT NULL,
    extractor TEXT NOT NULL,
    page_fetched_at TEXT NOT NULL,
    verdict TEXT NOT NULL,
    detail TEXT NOT NULL,
    record TEXT             -- NULL: no field would change
)
"""


@news()
def m015_index(db: Database) -> None:
    """New articles enter the search index together, when what stored them is committed (``search.index_new``)."""
    _run(db, _INDEX)


# A trigger for each new article wrote a part of the index for it by itself: a statement with a trigger is a savepoint
# to SQLite, and at every savepoint FTS5 writes down what it has. An article costs a third less of the processor
# without. What is changed before it was indexed is indexed as it is then.
_INDEX = """
DROP TRIGGER articles_fts_insert;;
DROP TRIGGER articles_fts_delete;;
DROP TRIGGER articles_fts_update;;
CREATE TRIGGER articles_fts_delete AFTER DELETE ON articles
WHEN EXISTS (SELECT 1 FROM articles_fts_docsize WHERE id = old.id) BEGIN
    INSERT INTO articles_fts(articles_fts, rowid, title, body)
        VALUES ('delete', old.id, coalesce(old.title_words, old.title), coalesce(old.body_words, old.body));
END;;
CREATE TRIGGER articles_fts_update AFTER UPDATE OF title, body, title_words, body_words ON articles
WHEN EXISTS (SELECT 1 FROM articles_fts_docsize WHERE id = old.id) BEGIN
    INSERT INTO articles_fts(articles_fts, rowid, title, body)
        VALUES ('delete', old.id, coalesce(old.title_words, old.title), coalesce(old.body_words, old.body));
    INSERT INTO articles_fts(rowid, title, body)
        VALUES (new.id, coalesce(new.title_words, new.title), coalesce(new.body_words, new.body));
END
"""


@news()
def m016_filters(db: Database) -> None:
    """What is looked for among near-copies is looked up only in generations that may have it."""
    _run(db, _FILTERS)


_FILTERS = """
ALTER TABLE generations ADD COLUMN filter BLOB /* NULL: of the latest two, and of those from before it was kept */
"""


@news()
def m017_erased(db: Database) -> None:
    """What was erased does not come back under another address of its outlet."""
    _run(db, _ERASED)


_ERASED = """
ALTER TABLE forgotten ADD COLUMN text_key TEXT /* NULL: nothing was stored, or it was erased before this was kept */;;
CREATE INDEX forgotten_text ON forgotten (text_key) WHERE text_key IS NOT NULL
"""


@pages()
def p001_first_tables(db: Database) -> None:
    """Pages, and their bodies stored once each by content."""
    _run(db, _PAGES)


_PAGES = """
CREATE TABLE bodies (
    hash TEXT PRIMARY KEY,
    zstd BLOB NOT NULL,
    size INTEGER NOT NULL
);;
CREATE TABLE pages (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    url_key TEXT NOT NULL,
    final_url TEXT NOT NULL,
    final_url_key TEXT NOT NULL,
    redirects TEXT NOT NULL DEFAULT '[]',
    status INTEGER NOT NULL,
    request_headers TEXT NOT NULL DEFAULT '[]',
    headers TEXT NOT NULL DEFAULT '[]',
    fetched_at TEXT NOT NULL,
    body_hash TEXT NOT NULL REFERENCES bodies(hash)
);;
CREATE INDEX pages_url_key ON pages(url_key, fetched_at);;
CREATE INDEX pages_final_url_key ON pages(final_url_key);;
CREATE INDEX pages_body_hash ON pages(body_hash)
"""


@pages()
def p002_login(db: Database) -> None:
    """Pages that came with a login are marked, so that they can be left out."""
    _run(db, "ALTER TABLE pages ADD COLUMN login INTEGER NOT NULL DEFAULT 0")


@pages()
def p003_at_a_glance(db: Database) -> None:
    """Pages are counted in an index of small numbers: 10 MB for a million of them, against 80."""
    _run(db, "CREATE INDEX pages_status ON pages(status)")


@pages()
def p004_retention(db: Database) -> None:
    """What goes first where room is wanted: what no article came of, then what a newer page stands in for."""
    _run(db, _RETENTION)


_RETENTION = """
ALTER TABLE pages ADD COLUMN rank INTEGER /* NULL: kept by an earlier version, and not judged yet */;;
CREATE INDEX pages_rank ON pages(rank, fetched_at)
"""


@pages()
def p006_identity(db: Database) -> None:
    """Every key by the folding that news.db has from m013 on."""
    rekey_pages(db)
