"""Tasks about people on the worklist, and alerts that are handed back."""

from django.db import migrations, models
from django.db.models import Q

_ALERT = ("raised", "acknowledged", "handed back", "acted", "escalated", "closed")
_LISTED = ("taken", "left", "noted", "put aside", "asked", "did", "done", "undone")


def _constrained(model: str, name: str, condition: Q) -> migrations.AddConstraint:
    constraint = models.CheckConstraint(condition=condition, name=name)
    return migrations.AddConstraint(model_name=model, constraint=constraint)


class Migration(migrations.Migration):
    dependencies = [
        ("flow", "0008_cells_once"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="alertstep", name="flow_alert_step_kind"),
        migrations.RemoveConstraint(model_name="listedstep", name="flow_listed_step_kind"),
        migrations.AddField(
            model_name="listedstep", name="about", field=models.BigIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="listedstep",
            name="owner",
            field=models.CharField(default="", max_length=150),
        ),
        _constrained("alertstep", "flow_alert_step_kind", Q(kind__in=_ALERT)),
        _constrained("listedstep", "flow_listed_step_kind", Q(kind__in=_LISTED)),
        _constrained(
            "listedstep", "flow_listed_step_asked", ~Q(kind="asked") | (~Q(owner="") & ~Q(text=""))
        ),
        _constrained(
            "listedstep",
            "flow_listed_step_did",
            Q(kind="did", about__gt=0) | (~Q(kind="did") & Q(about=0)),
        ),
    ]
