"""Messages and short ways that the tests of pages share."""


def adt(number, *, act="A01", person="P1", visit="V1", place="ED", at="202611201000", **more):
    """An HL7 v2 message of the hospital; local times of the district."""
    family, given = more.get("name", ("Ngāpuhi", "Māia"))
    nhs = more.get("nhs", "9434765919")
    born = more.get("born", "19500304")
    home = more.get("home", "1 Mill Road^^Norwich^^NR1 1AA||01603 111222")
    admitted = at if act == "A01" else ""
    lines = [
        f"MSH|^~\\&|PAS|RM1|ONE|DIST|{at}||ADT^{act}|{number}|P|2.4|||||GBR|UNICODE UTF-8",
        f"EVN|{act}|{at}",
        (f"PID|1||{person}^^^RM1^MR~{nhs}^^^NHS^NH||{family}^{given}||{born}|F|||{home}"),
        f"PV1|1|I|{place}^1^2||||||||||||||||{visit}^^^RM1|||||||||||||||||||||||||{admitted}",
    ]
    return ("\r".join(lines) + "\r").encode()


def give_purpose(client, person, purpose):
    """Answer the question why a person is opened, as the form does."""
    from django.urls import reverse

    answer = client.post(
        reverse("access:give_purpose", kwargs={"person": person}),
        {"purpose": purpose, "reason": "a test of the page", "to": "/people/"},
    )
    assert answer.status_code == 302, answer.content.decode()


def person_of(subject="RM1:P1", source="pas"):
    """The person that a subject of a source is now."""
    from onesystem.people.models import Identity

    return Identity.objects.get(source=source, subject__contains=subject.split(":")[-1]).person
