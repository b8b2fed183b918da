"""The reader's pages: what archive.py, which Datasette loads, answers under / and /-/.

Of values and markup: times, languages, markup, chart, differences. Of the database: latest, health, record,
searching; each of their functions takes one read-only connection and runs in one of Datasette's threads. Of HTTP:
asked, headers, views. Needs Datasette alone; where article-scraper is not installed beside it, articles show
as plain text, differences as two texts, and there are no feeds.
"""
