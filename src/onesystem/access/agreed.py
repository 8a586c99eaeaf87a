"""The agreements that the district keeps, as the decision reads them."""

from onesystem.access.asker import Asker
from onesystem.access.models import AgreementRow
from onesystem.access.quick import rows
from onesystem.access.sharing import Agreement, Sharing, sharing
from onesystem.district import District


def agreements() -> tuple[Agreement, ...]:
    """Every agreement that was ever kept, the ended ones too: they end the default."""
    # Most districts have a handful or none: asked on every decision, so not by the ORM.
    if not rows("SELECT 1 FROM access_agreement LIMIT 1"):
        return ()
    return tuple(agreement_of(row) for row in AgreementRow.objects.order_by("id"))


def agreement_of(row: AgreementRow) -> Agreement:
    """One of them."""
    return Agreement(
        number=row.id,
        name=row.name,
        organisations=frozenset(row.organisations.split(";")),
        purposes=frozenset(row.purposes.split(";")),
        labels=row.labels,
        basis=row.basis,
        since=row.starts,
        # Ending takes effect at once, whatever day the agreement was made to last to.
        until=row.starts if row.until is not None else row.ends,
    )


def sharing_for(asker: Asker, district: District, asks: frozenset[str]) -> Sharing:
    """What is shared with an asker. `asks`: their organisations and those these succeeded."""
    return sharing(
        agreements(),
        asks=asks,
        purpose=asker.purpose,
        day=asker.at.date(),
        owners={s.code: s.organisation for s in district.sources.values()},
    )
