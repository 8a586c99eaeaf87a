"""What FHIR clients asked for and do not wait for, done a little at a time by a served district."""


def run_errands() -> bool:
    """Do a part of what there is to do; whether something is left."""
    from onesystem.record.fhir.bulk.working import work

    return work()
