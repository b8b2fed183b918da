"""Hands its words, folder, variables and files to the server of tests/warm.py, and ends as the command did.

Run as ``python -I -S tests/warm_client.py SOCKET WORDS…``; it imports next to nothing, since it is started so often.
"""

import _socket
import os
import signal
import sys

line = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
line.connect(sys.argv[1])
words = [os.fsencode(word) for word in sys.argv[2:]]
variables = [name + b"=" + value for name, value in os.environb.items()]
data = b"\0".join([os.getcwdb(), str(len(words)).encode(), *words, *variables])  # noqa: PTH109 - pathlib takes longer than all of this
files = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))
line.sendmsg([len(data).to_bytes(8, "big")], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, files)])
view = memoryview(data)
while view:
    view = view[line.send(view) :]
code = int(line.recv(16) or b"1")
if code < 0:
    signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
sys.exit(code)
