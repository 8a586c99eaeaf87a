"""What FHIR clients asked for and do not wait for, done a little at a time by a served district."""


def run_errands() -> bool:
    """Do a part of what there is to do; whether something is left."""
    from onesystem.record.fhir.bulk import working as exports
    from onesystem.record.fhir.hooks import working as hooks

    return any([hooks.work(), exports.work()])


def errands_wait() -> bool:
    """Whether there may be something to do: quick, and asked often."""
    from onesystem.record.fhir.bulk import working as exports
    from onesystem.record.fhir.hooks import working as hooks

    return hooks.waits() or exports.waits()
