"""Alert rules and the limits of gridlock, from ours and the district's `alerts.toml`."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from onesystem.flow.boards.gridlock import Limits
from onesystem.flow.boards.rules import Figure, Rule
from onesystem.vocabulary import BadConfig, Setting, nearest
from onesystem.vocabulary.declared import check_keys, parsed
from onesystem.vocabulary.said import say

FILE = "alerts.toml"
_OURS = Path(__file__).with_name(FILE)
_KEYS = (
    "name", "title", "figure", "at_least", "clear_below", "escalate_minutes", "act_minutes",
    "setting", "service", "asks", "off",
)  # fmt: skip
_GRIDLOCK = ("occupancy", "waiting", "words", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What a district watches for."""

    rules: tuple[Rule, ...]
    gridlock: Limits

    def rule(self, name: str) -> Rule | None:
        """The rule of a name; None where it was taken away since."""
        return next((rule for rule in self.rules if rule.name == name), None)


def config(folder: Path) -> Config:
    """The rules of a district folder. Raises BadConfig naming file, rule, key and cure."""
    own = folder / FILE
    return _read(own, own.stat().st_mtime_ns if own.exists() else 0)


@lru_cache(maxsize=4)
def _read(own: Path, changed: int) -> Config:
    return tried(own.read_text(encoding="utf-8") if changed else "")


def shipped() -> str:
    """Our own file, over which a district's goes."""
    return _OURS.read_text(encoding="utf-8")


def tried(text: str) -> Config:
    """What would be watched for with this file of the district's. Raises BadConfig."""
    ours, said = parsed(shipped(), FILE), parsed(text, FILE)
    check_keys("alerts.toml", said, ("asks", "gridlock", "alert"))
    check_keys(say("alerts.toml, gridlock"), said.get("gridlock", {}), _GRIDLOCK)
    whom = {"asks": said.get("asks", ours["asks"])}
    rules = {each["name"]: each for each in ours["alert"]}
    for i, each in enumerate(said.get("alert", ()), 1):
        if not each.get("name"):
            raise BadConfig(say("alerts.toml, alert {i} has no name", i=i), 'Write name = "..."')
        rules[each["name"]] = {**rules.get(each["name"], {}), **each}
    return Config(
        rules=tuple(_rule({**whom, **each}) for each in rules.values() if not each.get("off")),
        gridlock=Limits(**{**ours["gridlock"], **said.get("gridlock", {})}),
    )


def _rule(said: dict[str, Any]) -> Rule:
    where = say("alerts.toml, {name}", name=said["name"])
    check_keys(where, said, _KEYS)
    for key in ("title", "figure", "at_least"):
        if key not in said:
            raise BadConfig(
                say("{where} has no {key}", where=where, key=key), say("Write {key} = ...", key=key)
            )
    if said["figure"] not in set(Figure):
        raise BadConfig(
            say("{where}: figure is {figure}", where=where, figure=repr(said["figure"])),
            nearest(said["figure"], Figure),
        )
    if said.get("setting") and said["setting"] not in set(Setting):
        raise BadConfig(
            say("{where}: setting is {setting}", where=where, setting=repr(said["setting"])),
            nearest(said["setting"], Setting),
        )
    asks = said["asks"]
    if not isinstance(asks, list) or not all(isinstance(who, str) and who for who in asks):
        raise BadConfig(
            say("{where}: asks is {asks}", where=where, asks=repr(asks)),
            'Write a list: asks = ["Duty manager"].',
        )
    at_least = float(said["at_least"])
    clear = float(said.get("clear_below", at_least))
    if clear > at_least:
        raise BadConfig(
            say("{where}: clear_below is over at_least", where=where), "Make it the same, or less."
        )
    minutes = max(int(said.get("escalate_minutes", 60)), 1)
    return Rule(
        name=said["name"],
        title=said["title"],
        figure=Figure(said["figure"]),
        at_least=at_least,
        clear_below=clear,
        escalate_minutes=minutes,
        act_minutes=max(int(said.get("act_minutes", 2 * minutes)), 1),
        setting=said.get("setting", ""),
        service=said.get("service", ""),
        asks=tuple(asks),
    )
