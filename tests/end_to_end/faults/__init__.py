"""What befalls a service: kills, full disks, wrong clocks, outages. After each, what is stored is as the truth is.

``world`` is the truth: newspapers that publish, correct and fall silent on demand. ``desk`` is a home that follows
them, with our commands as real processes. ``reader`` reads in another process, and misses what goes away.
"""
