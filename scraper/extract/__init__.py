"""A page -> an article. Pure: bytes in, a frozen value or one of our errors out."""
