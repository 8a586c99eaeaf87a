"""Who is in a service at a moment of a log, as a model begins with them."""

from collections.abc import Iterator, Mapping

import numpy as np

from onesystem.twin.calibration.log import Log, known_by
from onesystem.twin.network.model import Node, Present


def present(log: Log, at: float, nodes: Mapping[str, Node]) -> Iterator[tuple[Present, float]]:
    """Everybody who is in one of these nodes at a moment, or waits for a place in it.

    Who waits for a node without a waiting room waits in the one before, and is told there. Beside
    each stands for how long they have been ready to go; NaN where they are not.
    """
    log = known_by(log, at)
    for row in np.flatnonzero(np.isnan(log.ended)):
        name, kind = log.services[log.service[row]], log.classes[log.kind[row]]
        node = nodes.get(name)
        if node is None:
            continue
        if not np.isnan(log.begun[row]):
            spent = at - float(log.begun[row])
            yield Present(node=name, kind=kind, elapsed=spent), at - float(log.ready[row])
        elif node.servers is not None and node.waiting_room != 0:
            waiting = at - float(log.asked[row])
            yield Present(node=name, kind=kind, waiting=waiting), float("nan")
