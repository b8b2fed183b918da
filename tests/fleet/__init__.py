"""A fleet of made-up news sites over real HTTP on loopback, the same for the same seed: for the end-to-end tests at
full size and for `python -m tests.benchmarks.daemon`.

Nothing moves by the clock. A site publishes by how often it was asked what is new, an article is edited once its
present version was wholly served, and which answers fail depends on the address and on how often it was asked::

    with FleetProcess(Plan(sites=12, articles=8), folder) as fleet:
        write_home(home, fleet, SourceKind.FEED)
        ...                                   # let something fetch it
        assert fleet.state().foreign == 0

``Plan`` says what there is, and ``text`` what each version of an article says; ``State`` is what the server saw. The
server is a process of its own, so that its work is not counted with that of whoever asks it.
"""

from tests.fleet.home import Manner, write_home
from tests.fleet.plan import Article, Plan
from tests.fleet.process import FleetProcess
from tests.fleet.record import State

__all__ = ["Article", "FleetProcess", "Manner", "Plan", "State", "write_home"]
