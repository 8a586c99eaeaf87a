"""Where the replications of a model are run: on the cores of this machine, or over Spark."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from onesystem.twin.spreading import Engine

engine_option = click.option(
    "--engine", type=click.Choice(["own", "spark"]), default="own", show_default=True,
    help="Run on this machine, or over the cluster of Spark's settings: the results are the same.",
)  # fmt: skip


def engine_of(name: str) -> "Engine":
    """The engine of that name. Raises BadConfig where Spark is not installed."""
    if name == "spark":
        from onesystem.twin.spreading import on_spark, session

        return on_spark(session())
    from onesystem.twin import replications

    return replications
