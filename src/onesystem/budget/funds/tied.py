"""Contracts and the shared goals that they serve, as far as the contracts part says."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract by its name, where its page is, and the goals that it serves."""

    name: str
    to: str
    goals: tuple[str, ...] = ()


_tied: list[Callable[[], list[Contract]]] = []


def register_contracts(tells: Callable[[], list[Contract]]) -> None:
    """Who knows contracts: gives each with its goal."""
    _tied[:] = [tells]


def contracts() -> list[Contract]:
    """Every contract that is in force or being written."""
    return [each for tells in _tied for each in tells()]


def contracts_of(goal: str) -> list[Contract]:
    """Those that serve a goal."""
    return [each for each in contracts() if goal in each.goals]


def contracts_without() -> list[Contract]:
    """Those that serve none."""
    return [each for each in contracts() if not each.goals]
