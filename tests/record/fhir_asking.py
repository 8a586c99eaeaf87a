"""Asking the FHIR server in tests as its clients do, without a socket."""

import json
from datetime import UTC, datetime

from onesystem import access
from onesystem.access.models import Audit, User
from onesystem.record.fhir import clients
from onesystem.record.fhir.asks import Ask
from onesystem.record.fhir.engine import answer

BASE = "https://here.example/fhir"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Client:
    """An application with a token, for a user whose role opens everybody."""

    def __init__(self, *, scopes="user/*.cruds", role="records-officer",
                 purpose="records management", name="app", organisation="hospital"):  # fmt: skip
        user, _ = User.objects.get_or_create(
            username=f"{name}-user", defaults={"roles": role, "organisation": organisation}
        )
        self.token = clients.issue(
            client=name, scopes=scopes, purpose=purpose, username=user.username,
            by=access.Actor.job("tests"),
        )  # fmt: skip

    def ask(self, method, path, body=None, *, type_="application/fhir+json", **headers):
        """Ask; gives the answer with `.json` where it holds JSON."""
        path, _, query = path.partition("?")
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        said.setdefault("authorization", f"Bearer {self.token}")
        data = b""
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            said.setdefault("content-type", type_)
        return Said(answer([Ask(method=method, path=path, query=query, headers=said, body=data,
                                base=BASE)])[0])  # fmt: skip

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def post(self, path, body, **headers):
        return self.ask("POST", path, body, **headers)

    def put(self, path, body, **headers):
        return self.ask("PUT", path, body, **headers)


class Said:
    """An answer as a test looks at it."""

    def __init__(self, answer):
        self.status, self.headers, self.body = answer.status, answer.headers, answer.body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def issue(self):
        return self.json["issue"][0]

    @property
    def id(self):
        return self.headers["Location"].removeprefix(BASE + "/").split("/")[1]


def patient(**more):
    return {"resourceType": "Patient", "name": [{"family": "Rātā", "given": ["Aroha"]}],
            "identifier": [{"system": "urn:mrn", "value": "m1"}], **more}  # fmt: skip


def weight(subject, value="1.50", **more):
    body = {"resourceType": "Observation", "status": "final", "subject": {"reference": subject},
            "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
            "valueQuantity": {"value": "VALUE", "unit": "kg"}, **more}  # fmt: skip
    return json.dumps(body).replace('"VALUE"', value).encode()


def events():
    return list(Audit.objects.filter(act__startswith="fhir.").exclude(
        act="fhir.token-issued").order_by("id"))  # fmt: skip
