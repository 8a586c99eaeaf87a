"""The button that answers a subject access request, and who is not given it."""

import io
import zipfile

from page_data import adt, give_purpose, person_of


def test_an_officer_who_opened_the_person_for_it_gets_the_zip(send, sign_in):
    send(adt("1", visit="V1", at="202611201000"))
    person = person_of()
    client = sign_in("privacy-officer")
    give_purpose(client, person, "subject access")
    way = f"/people/{person}/everything.zip"
    assert way in client.get(f"/people/{person}/timeline/").content.decode()
    file = zipfile.ZipFile(io.BytesIO(client.get(way).content))
    assert {"index.html", "contacts.json", "trail.json"} <= set(file.namelist())


def test_a_clinician_is_not_shown_it_and_gets_nothing(send, opened):
    send(adt("1", visit="V1", at="202611201000"))
    person = person_of()
    client = opened(person)
    assert "everything.zip" not in client.get(f"/people/{person}/timeline/").content.decode()
    assert client.get(f"/people/{person}/everything.zip").status_code == 403
