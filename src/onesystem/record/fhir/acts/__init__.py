"""Operations: over one person ($everything, $match, $summary), over codes, and $meta."""


def connect() -> None:
    """Make them known to the registry. Safe to call again."""
    from onesystem.record.fhir.acts import everything, match, meta, summary, terminology

    for each in (everything, match, summary, meta, terminology):
        each.connect()
