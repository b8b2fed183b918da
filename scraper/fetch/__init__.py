"""The only code that speaks HTTP: client, guard (addresses), robots, pace (the host budget)."""
