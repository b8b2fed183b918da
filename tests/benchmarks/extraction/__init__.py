"""How well, and how fast, articles are extracted, beside other extractors: see ``__main__``.

::

    corpora --cases--> race: one process an extractor, every page to each in turn --answers, CPU times-->
        scoring: what the page's truth allows --> summary: a row an extractor   --> table
                                              '-> paired: ours against each peer --> table
"""
