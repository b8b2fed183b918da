"""What a source answered with -> the entries that it announces. Pure."""
