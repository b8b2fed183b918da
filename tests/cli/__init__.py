"""The command line as its user meets it: real processes, real files, real HTTP on loopback."""
