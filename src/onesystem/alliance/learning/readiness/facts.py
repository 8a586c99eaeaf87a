"""What the rooms of the district have, as figures: the facts that readiness goes by."""

from datetime import timedelta

from onesystem import access
from onesystem.access.models import AgreementRow
from onesystem.alliance.charter import grid
from onesystem.alliance.charter import queries as charter
from onesystem.alliance.charter.standing import Standing
from onesystem.alliance.learning.leading import queries as leading
from onesystem.alliance.learning.trust.rows import TrustRound
from onesystem.budget.contracts.rows import ContractRow
from onesystem.budget.pooled import reading as pooled
from onesystem.care.pathways import queries as pathways
from onesystem.district import folder
from onesystem.flow.measures import standing as figures
from onesystem.flow.measures import store
from onesystem.twin.standing import FILE as TWIN
from onesystem.vocabulary import NotFound


def facts() -> dict[str, float]:
    """Shares from 0 to 1 and numbers, by the code of what they tell."""
    lists = leading.practices()
    return {
        "enrolled": lists.enrolled / lists.people if lists.people else 0,
        "networks": _share(lists.practices - len(lists.alone), lists.practices),
        **_alliance(),
        "settings": len(_settings()), "agreements": AgreementRow.objects.count(),
        "measures": float(figures.whole(store.get_marks())),
        "twin": float((folder() / TWIN).is_file()), "pathways": len(pathways.in_force()),
        "pooled": len(pooled.funds()), "contracts": ContractRow.objects.count(),
        "trust": TrustRound.objects.filter(
            closed=True, closes__gte=leading.today() - timedelta(days=365)
        ).count(),
    }  # fmt: skip


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _alliance() -> dict[str, float]:
    try:
        stands = charter.standing()
    except NotFound:
        return {}
    needs = stands.version.charter.competences if stands.version else ()
    covered = grid.grid(stands.members, needs)
    return {
        "alliance": 1 + sum(map(bool, (_seat(stands, "chair"), _seat(stands, "community"),
                                       stands.version))),
        "competences": _share(len(covered) - len(grid.gaps(covered)), len(covered)),
        "funders": len(stands.funders),
    }  # fmt: skip


def _seat(stands: Standing, seat: str) -> bool:
    return any(m.seat == seat and m.entitled for m in stands.seated)


def _settings() -> set[str]:
    found = access.quick.rows("SELECT DISTINCT setting FROM contacts_contact WHERE NOT cancelled")
    return {str(row[0]) for row in found if row[0]}
