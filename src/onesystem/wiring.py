"""Who takes what: the one place where rooms above `feeds` are told to it."""


def connect() -> None:
    """Tell feeds who takes clinical entries and requests. Safe to call again."""
