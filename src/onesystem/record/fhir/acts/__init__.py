"""Operations over one person: $everything, $match, $summary."""


def connect() -> None:
    """Make them known to the registry. Safe to call again."""
    from onesystem.record.fhir.acts import everything, match, summary

    for each in (everything, match, summary):
        each.connect()
