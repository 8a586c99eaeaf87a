"""Where the boxes and arrows of a process map lie, oldest left and newest right. Pure.

Layered drawing (Sugiyama, Tagawa, Toda 1981): arrows that go back are set aside by the greedy
order of Eades, Lin and Smyth (1993), boxes stand one layer after what leads to them, and each
layer is ordered by the barycentre of its neighbours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

BOX_WIDTH, BOX_HEIGHT = 156.0, 58.0
GAP_ACROSS, GAP_DOWN = 130.0, 42.0
MARGIN = 34.0
_ROUNDS = 8
_EARNEST = 0.25

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A node's box: its left upper corner."""

    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An arrow as an SVG path, and the point at which its label stands."""

    source: str
    target: str
    path: str
    x: float
    y: float
    back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Boxes and lines within `width` by `height`."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    width: float
    height: float


def layout(names: Sequence[str], arrows: Mapping[Pair, int]) -> Drawing:
    """Place these nodes and the arrows between them; weights say which arrows matter."""
    if not names:
        return Drawing(boxes=(), lines=(), width=2 * MARGIN, height=2 * MARGIN)
    order = _order(names, arrows)
    place = {name: i for i, name in enumerate(order)}
    forward = {pair: w for pair, w in arrows.items() if place[pair[0]] < place[pair[1]]}
    layers = _settled(_layers(order, forward), forward)
    boxes = _boxes(layers)
    lines = tuple(
        replace(_line(boxes, pair), back=pair not in forward)
        for pair in sorted(arrows, key=lambda p: arrows[p])
    )
    deepest = max((line.y for line in lines), default=0.0)
    return Drawing(
        boxes=tuple(boxes.values()),
        lines=lines,
        width=max(box.x for box in boxes.values()) + BOX_WIDTH + MARGIN,
        height=max(deepest, max(box.y for box in boxes.values()) + BOX_HEIGHT) + MARGIN,
    )


def _order(names: Sequence[str], arrows: Mapping[Pair, int]) -> list[str]:
    """An order of the nodes in which little weight goes back."""
    left, front, back = list(names), [], []
    while left:
        inside = {p: w for p, w in arrows.items() if p[0] in left and p[1] in left and p[0] != p[1]}
        out = {n: sum(w for (s, _), w in inside.items() if s == n) for n in left}
        into = {n: sum(w for (_, t), w in inside.items() if t == n) for n in left}
        sink = next((n for n in reversed(left) if not out[n] and into[n]), None)
        if sink is not None:
            back.append(sink)
            left.remove(sink)
            continue
        best = max(left, key=lambda n: (not into[n], out[n] - into[n], -left.index(n)))
        front.append(best)
        left.remove(best)
    return front + back[::-1]


def _layers(order: Sequence[str], forward: Mapping[Pair, int]) -> list[list[str]]:
    """Each node one layer after the nearest node that leads to it in earnest.

    The longest path would draw a chain as wide as the map has nodes; a thin arrow from the start
    would pull everything into the second layer. So an arrow counts from a quarter of the strongest.
    """
    depth = dict.fromkeys(order, 0)
    for name in order:
        into = {s: w for (s, t), w in forward.items() if t == name}
        if into:
            strong = max(into.values()) * _EARNEST
            depth[name] = 1 + min(depth[source] for source, w in into.items() if w >= strong)
    layers: list[list[str]] = [[] for _ in range(max(depth.values()) + 1)]
    for name in order:
        layers[depth[name]].append(name)
    return [layer for layer in layers if layer]


def _settled(layers: list[list[str]], forward: Mapping[Pair, int]) -> list[list[str]]:
    """Each layer in the order of the middle of its neighbours, swept to and fro."""
    for turn in range(_ROUNDS):
        where = {n: i - len(layer) / 2 for layer in layers for i, n in enumerate(layer)}
        for layer in layers if turn % 2 == 0 else layers[::-1]:
            middle = {n: _middle(n, forward, where, before=turn % 2 == 0) for n in layer}
            layer.sort(key=lambda n, m=middle: m[n])  # type: ignore[misc]
            where |= {n: i - len(layer) / 2 for i, n in enumerate(layer)}
    return layers


def _middle(
    name: str, forward: Mapping[Pair, int], where: Mapping[str, float], *, before: bool
) -> float:
    near = [
        (where[s if before else t], w)
        for (s, t), w in forward.items()
        if (t if before else s) == name
    ]
    total = sum(w for _, w in near)
    return sum(at * w for at, w in near) / total if total else where[name]


def _boxes(layers: Sequence[Sequence[str]]) -> dict[str, Box]:
    tallest = max(len(layer) for layer in layers)
    step = BOX_HEIGHT + GAP_DOWN
    made = {}
    for i, layer in enumerate(layers):
        top = MARGIN + (tallest - len(layer)) * step / 2
        for j, name in enumerate(layer):
            x = MARGIN + i * (BOX_WIDTH + GAP_ACROSS)
            made[name] = Box(name=name, x=x, y=top + j * step)
    return made


def _line(boxes: Mapping[str, Box], pair: Pair) -> Line:
    a, b = boxes[pair[0]], boxes[pair[1]]
    if a is b:
        return _loop(pair, a)
    if b.x > a.x:
        return _ahead(pair, a, b)
    return _back(pair, a, b)


def _loop(pair: Pair, box: Box) -> Line:
    left, right, top = box.x + BOX_WIDTH * 0.35, box.x + BOX_WIDTH * 0.65, box.y
    path = (
        f"M{right:.0f} {top:.0f}C{right:.0f} {top - 30:.0f}"
        f" {left:.0f} {top - 30:.0f} {left:.0f} {top:.0f}"
    )
    return Line(
        source=pair[0], target=pair[1], path=path, x=box.x + BOX_WIDTH / 2, y=top - 24, back=True
    )


def _ahead(pair: Pair, a: Box, b: Box) -> Line:
    x1, y1 = a.x + BOX_WIDTH, a.y + BOX_HEIGHT / 2
    x2, y2 = b.x, b.y + BOX_HEIGHT / 2
    bend = (x2 - x1) / 2
    path = f"M{x1:.0f} {y1:.0f}C{x1 + bend:.0f} {y1:.0f} {x2 - bend:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"
    # The label stands in the gap before the target, where it crosses no box.
    x, y = _half_way((x1, y1), (x1 + bend, y1), (x2 - bend, y2), (x2, y2))
    return Line(source=pair[0], target=pair[1], path=path, x=x, y=y - 4, back=False)


def _back(pair: Pair, a: Box, b: Box) -> Line:
    """Under both boxes, from right to left."""
    x1, x2 = a.x + BOX_WIDTH * 0.5, b.x + BOX_WIDTH * 0.5
    y1, y2 = a.y + BOX_HEIGHT, b.y + BOX_HEIGHT
    if a.x == b.x:
        return _beside(pair, a, b)
    low = max(y1, y2) + 34
    path = f"M{x1:.0f} {y1:.0f}C{x1:.0f} {low:.0f} {x2:.0f} {low:.0f} {x2:.0f} {y2:.0f}"
    x, y = _half_way((x1, y1), (x1, low), (x2, low), (x2, y2))
    return Line(source=pair[0], target=pair[1], path=path, x=x, y=y + 12, back=True)


def _beside(pair: Pair, a: Box, b: Box) -> Line:
    """Within a layer: down on the right side, up on the left, wider the farther it goes."""
    down = b.y > a.y
    side = a.x + BOX_WIDTH if down else a.x
    y1, y2 = (
        a.y + BOX_HEIGHT * (0.75 if down else 0.25),
        b.y + BOX_HEIGHT * (0.25 if down else 0.75),
    )
    reach = min(18 + 0.16 * abs(b.y - a.y), GAP_ACROSS * 0.8)
    out = side + reach if down else side - reach
    path = f"M{side:.0f} {y1:.0f}C{out:.0f} {y1:.0f} {out:.0f} {y2:.0f} {side:.0f} {y2:.0f}"
    x, y = _half_way((side, y1), (out, y1), (out, y2), (side, y2))
    return Line(source=pair[0], target=pair[1], path=path, x=x, y=y, back=True)


def _half_way(*points: tuple[float, float]) -> tuple[float, float]:
    """The point half way along a curve, by de Casteljau."""
    line = list(points)
    while len(line) > 1:
        line = [((p[0] + q[0]) / 2, (p[1] + q[1]) / 2) for p, q in pairwise(line)]
    return line[0]
