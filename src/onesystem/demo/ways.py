"""What the district has decided, as the demo's world feels it.

A decision changes what happens only where all that it needs is in force: a way for flare-ups needs
the pathway and places of the team; a crew leaves at home only where its screen offers that. How
much each does is the demo's own reading of the evidence, in `ways.toml`, with its source.
"""

from onesystem.demo.flareups import Way


def in_force() -> tuple[Way, ...]:
    """The ways that end at home, of the decisions that are carried out."""
    return ()
