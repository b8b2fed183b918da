from __future__ import annotations

from hypothesis import settings

# How long an example takes is the machine's business, and no test's.
settings.register_profile("ours", deadline=None, print_blob=True)
settings.load_profile("ours")
