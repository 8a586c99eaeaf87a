"""`onesystem plan`: the case for change, options, workforce, money, the portfolio and shocks.

Each part of the plan room brings its command in a module of its own, loaded when it is called.
"""

from importlib import import_module
from importlib.util import find_spec

import click

_PARTS = {
    "case": ("onesystem.cli.plan_case:case", "What doing nothing leads to, in an area."),
    "skill": ("onesystem.cli.plan_skill:skill", "How well projections did, beside naive ones."),
    "workforce": ("onesystem.cli.plan_workforce:workforce", "Staff by role, year by year."),
    "money": ("onesystem.cli.plan_money:money", "Money year by year, and what moves it."),
    "option": ("onesystem.cli.plan_option:option", "What could be done, with its evidence."),
    "run": ("onesystem.cli.plan_run:run", "Run a plan's options in the twin."),
    "portfolio": ("onesystem.cli.plan_portfolio:portfolio", "Propose what to do when."),
    "shock": ("onesystem.cli.plan_shock:shock", "What a shock does, and what softens it."),
}


class _Parts(click.Group):
    """The parts that are there; one is imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return [name for name, (where, _) in _PARTS.items() if find_spec(where.split(":")[0])]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module, _, name = _PARTS[cmd_name][0].partition(":")
        return getattr(import_module(module), name)  # type: ignore[no-any-return]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if there := [(name, _PARTS[name][1]) for name in self.list_commands(ctx)]:
            with formatter.section("Commands"):
                formatter.write_dl(there)


@click.group(cls=_Parts)
def plan() -> None:
    """Plan over five and twenty years: people, staff, money, options, and what could go wrong."""
