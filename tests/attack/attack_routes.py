"""Every address of the table of addresses, those of packages too, with something to ask there."""

import re

from django.urls import URLPattern, URLResolver, get_resolver

NOTHING = {"int": "999999", "path": "nothing/there"}  # of other kinds: a word that names nothing
# Addresses that are told by an expression, and one of each.
EXAMPLES = {
    r"^fhir(?:/(?P<path>.*))?$": "fhir/Patient",
    r"^fhir/(?P<kind>[A-Z][A-Za-z]{2,63})/?$": "fhir/Patient",
    r"^fhir/(?P<kind>[A-Z][A-Za-z]{2,63})/(?P<key>[A-Za-z0-9.-]{1,64})$": "fhir/Patient/1",
    r"^pooled/(?P<fund>[-\w]+)/returns/(?P<quarter>\d)\.(?P<form>xlsx|csv|json)$":
        "pooled/nothing/returns/1.csv",
}  # fmt: skip


class Route:
    """One address: its name, its pattern and the view behind it."""

    def __init__(self, name, pattern, view):
        self.name, self.pattern, self.view = name or pattern, pattern, view
        self.takes = {name: kind for kind, name in re.findall(r"<(\w+):(\w+)>", pattern)}

    def mark(self, name):
        """What a decorator left anywhere on the way to the view."""
        view = self.view
        while view is not None:
            if hasattr(view, name):
                return getattr(view, name)
            view = getattr(view, "__wrapped__", None)
        return None

    def address(self, **given):
        """The address with what is given in its places, and what is not there in the others."""
        text = self.pattern
        for name, kind in self.takes.items():
            text = text.replace(
                f"<{kind}:{name}>", str(given.get(name, NOTHING.get(kind, "nothing")))
            )
        return "/" + EXAMPLES.get(text, text)


def routes(patterns=None, space="", before=""):
    """All of them."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            inner = f"{each.namespace}:" if each.namespace else space
            yield from routes(each.url_patterns, inner, before + str(each.pattern))
        elif isinstance(each, URLPattern):
            yield Route(space + each.name if each.name else "", before + str(each.pattern),
                        each.callback)  # fmt: skip
