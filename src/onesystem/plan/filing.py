"""A plan taken away as a file."""

from typing import Any

import orjson
from django.http import HttpResponse

_KINDS = {
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def filed(content: Any, name: str, form: str) -> HttpResponse:
    """A download: a workbook as it is, anything else as JSON."""
    if form == "json":
        content = orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    response = HttpResponse(content, content_type=_KINDS[form])
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response["Cache-Control"] = "no-store"
    return response
