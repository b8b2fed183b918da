"""What befalls a service: kills, full disks, wrong clocks, outages. After each, what is stored is compared with the truth.

``world`` is the truth: newspapers that publish, correct and fall silent on demand. ``desk`` is a home that follows them, with
our commands as real processes. ``reader`` is another process that reads all the while, and misses what goes away.
"""
