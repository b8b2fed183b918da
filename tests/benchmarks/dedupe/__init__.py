"""Near-copies measured: are they found, is nothing else taken for one, and what does it cost?"""
