"""What queueing theory says exactly: chains of Markov solved, and formulas where there are any."""

import math
from collections.abc import Callable, Hashable, Iterable
from typing import Any

import numpy as np
from scipy.integrate import quad
from scipy.linalg import expm
from scipy.optimize import brentq
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import spsolve
from scipy.stats import poisson

Moves = Callable[[Any], Iterable[tuple[float, Hashable]]]


def chain(start: Hashable, moves: Moves) -> dict[Any, float]:
    """The chances of the states of a chain in balance; `moves` gives rates and where to."""
    states, place, rows = [start], {start: 0}, []
    for state in states:
        for rate, to in moves(state):
            if rate > 0:
                if to not in place:
                    place[to] = len(states)
                    states.append(to)
                rows.append((place[state], place[to], rate))
    left, to, rates = (np.array(column) for column in zip(*rows, strict=True))
    values, n = np.concatenate([rates, -rates]), len(states)
    balance = coo_matrix((values, (np.concatenate([to, left]), np.concatenate([left, left]))),
                         (n, n)).tolil()  # fmt: skip
    balance[0, :] = 1
    right = np.zeros(n)
    right[0] = 1
    return dict(zip(states, spsolve(balance.tocsc(), right), strict=True))


def mean(chances: dict[Any, float], of: Callable[[Any], float]) -> float:
    """The mean of something over the states."""
    return sum(of(state) * chance for state, chance in chances.items())


def one_queue(rate: float, servers: int, most: int, leave: float = 0.0) -> dict[int, float]:
    """Birth and death: people inside, up to `most`; who waits leaves at the rate `leave`."""
    return chain(0, lambda n: [
        (rate * (n < most), n + 1), (min(n, servers) + max(n - servers, 0) * leave, n - 1),
    ])  # fmt: skip


def erlang_b(servers: int, work: float) -> float:
    """The share that finds all servers busy where nobody waits."""
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = work * blocked / (n + work * blocked)
    return blocked


def erlang_c(servers: int, work: float) -> float:
    """The share that waits."""
    b = erlang_b(servers, work)
    return servers * b / (servers - work * (1 - b))


def inside(rate: float, service: float, servers: int) -> float:
    """People inside a queue of many servers (Erlang)."""
    work = rate * service
    return work + erlang_c(servers, work) * work / (servers - work)


def one_server(rate: float, service: float, cv2: float) -> float:
    """The wait before one server (Pollaczek and Khinchine)."""
    return rate * service**2 * (1 + cv2) / (2 * (1 - rate * service))


def cobham(rates: list[float], services: list[float], squares: list[float]) -> list[float]:
    """Waits by priority, nobody interrupted (Cobham, 1954)."""
    residual = sum(r * s for r, s in zip(rates, squares, strict=True)) / 2
    found, load = [], 0.0
    for rate, service in zip(rates, services, strict=True):
        before, load = load, load + rate * service
        found.append(residual / ((1 - before) * (1 - load)))
    return found


def resumed(rates: list[float], services: list[float], squares: list[float]) -> list[float]:
    """Times inside by priority, interrupted and resumed (White and Christie, 1958)."""
    found, load, residual = [], 0.0, 0.0
    for rate, service, square in zip(rates, services, squares, strict=True):
        before, load = load, load + rate * service
        residual += rate * square / 2
        found.append(service / (1 - before) + residual / ((1 - before) * (1 - load)))
    return found


def restarted(better: float, service: float, rate: float, length: float) -> tuple[float, float]:
    """Wait and time inside of fixed services that begin again when somebody better comes.

    Completion times by Gaver (1962); the wait is that of a queue with vacations, which are the busy
    periods of the better class (exponential services).
    """
    load = better * service
    busy, busy2 = service / (1 - load), 2 * service**2 / (1 - load) ** 3
    done = (1 / better + busy) * math.expm1(better * length)

    def transform(s: float) -> float:
        b = brentq(lambda x: x - 1 / (1 + service * (s + better - better * x)), 0, 1)
        none = math.exp(-(s + better) * length)
        return none / (1 - better / (s + better) * (1 - none) * b)

    def square(h: float) -> float:
        return (transform(2 * h) - 2 * transform(h) + 1) / h**2

    done2 = 2 * square(5e-5) - square(1e-4)
    wait = rate * done2 / (2 * (1 - rate * done)) + better * busy2 / (2 * (1 + better * busy))
    return wait, wait + done


def fixed_service(rate: float, servers: int, size: int = 140) -> float:
    """People waiting for servers that all take a time of 1 (Crommelin, 1932)."""
    step = np.zeros((size, size))
    for n in range(size):
        left = max(n - servers, 0)
        step[n, left:] = poisson.pmf(np.arange(size - left), rate)
        step[n, -1] += 1 - step[n].sum()
    balance = step.T - np.eye(size)
    balance[0] = 1
    chances = np.linalg.solve(balance, np.eye(size)[0])
    return sum(max(n - servers, 0) * p for n, p in enumerate(chances.tolist()))


def any_gaps(transform: Callable[[float], float]) -> float:
    """The share that waits for one exponential server of rate 1, by the gaps' transform."""
    return float(brentq(lambda x: x - transform(1 - x), 1e-9, 1 - 1e-6))


def fixed_patience(rate: float, patience: float) -> tuple[float, float]:
    """The share that leaves one server of rate 1, and the wait of the others (Barrer, 1957)."""
    late = rate * math.exp(rate * patience) * math.exp(-patience)
    early = quad(lambda x: rate * math.exp((rate - 1) * x), 0, patience)[0]
    none = 1 / (1 + early + late)
    lost = none * late
    waits = quad(lambda x: x * rate * math.exp((rate - 1) * x), 0, patience)[0]
    return lost, none * waits / (1 - lost)


def closed(demands: list[float], people: int) -> tuple[float, list[float]]:
    """Throughput, and people at each, of a closed network (mean value analysis)."""
    there, through = [0.0] * len(demands), 0.0
    for n in range(1, people + 1):
        stays = [d * (1 + q) for d, q in zip(demands, there, strict=True)]
        through = n / sum(stays)
        there = [through * stay for stay in stays]
    return through, there


def in_series(rate: float, first: float, second: float, most: int) -> dict[Any, float]:
    """Two servers with no room between: people at the first, one blocked there, one after."""

    def moves(state: tuple[int, int, int]) -> list[tuple[float, Any]]:
        n, stuck, on = state
        found: list[tuple[float, Any]] = [(rate * (n < most), (n + 1, stuck, on))]
        if n and not stuck:
            found.append((1 / first, (n, 1, 1) if on else (n - 1, 0, 1)))
        if on:
            found.append((1 / second, (n - 1, 0, 1) if stuck else (n, 0, 0)))
        return found

    return chain((0, 0, 0), moves)


def open_by_step(rates: list[float], width: float, stay: float, step: float) -> list[float]:
    """People in an open service in each step of a cycle of rates (Eick, Massey and Whitt, 1993)."""
    there, found = 0.0, list[float]()
    for _ in range(50):
        found = []
        for rate in rates:
            for _ in range(round(width / step)):
                over = (there - rate * stay) * stay * -math.expm1(-step / stay) / step
                found.append(rate * stay + over)
                there = rate * stay + (there - rate * stay) * math.exp(-step / stay)
    return found


def over_time(moves: Moves, states: int, of: Any, begins: float, ends: float) -> float:
    """The mean over a stretch of time of a chain of whole numbers that begins at 0."""
    rates = np.zeros((states, states))
    for n in range(states):
        for rate, to in moves(n):
            if rate > 0:
                rates[n, to] += rate  # type: ignore[call-overload]
                rates[n, n] -= rate
    whole = quad(lambda t: float(expm(rates * t)[0] @ of), begins, ends)[0]
    return float(whole / (ends - begins))
