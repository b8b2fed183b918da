from __future__ import annotations

import os
import sys

from hypothesis import settings

# How long an example takes is the machine's business, and no test's.
settings.register_profile("ours", deadline=None, print_blob=True, max_examples=50)
settings.register_profile("soak", parent=settings.get_profile("ours"), max_examples=2000)
settings.load_profile("ours")

# Hundreds of processes start, and each would compile the whole program where bytecode may not be kept.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
