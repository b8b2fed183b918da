"""The fetcher against real sockets: `loopback` serves scripted answers on this machine."""
