"""JSON and XML, pretty or not, and the version of FHIR that a client asks for."""

import pytest
from fhir_asking import Client, patient

from onesystem.record.fhir.xml_writing import indented, to_xml

XML = "application/fhir+xml"
BODY = (
    b'{"resourceType":"Patient","id":"p","gender":"female","name":[{"given":["Aroha"],'
    b'"family":"R\xc4\x81t\xc4\x81","use":"official"}],"active":true,"text":{"status":"generated",'
    b'"div":"<div xmlns=\\"http://www.w3.org/1999/xhtml\\"><p>a <b>b</b></p></div>"}}'
)


def test_xml_has_the_elements_in_the_order_of_the_definitions():
    """xml.html: the order of elements is that of the StructureDefinition."""
    made = to_xml(BODY).decode()
    places = [made.index(f"<{name}") for name in ("id ", "text>", "active", "name>", "gender")]
    assert places == sorted(places)
    assert made.index("<use") < made.index("<family") < made.index("<given")


def test_pretty_xml_says_the_same_and_leaves_narrative_alone():
    xml = to_xml(BODY)
    made = indented(xml).decode()
    assert "".join(line.strip() for line in made.splitlines()) == xml.decode()
    assert '\n  <gender value="female"/>\n' in made
    assert "<p>a <b>b</b></p></div>" in made


@pytest.mark.django_db
class TestVersions:
    @pytest.fixture
    def app(self, district):
        from onesystem import wiring

        wiring.connect()
        made = Client()
        made.put("Patient/p", patient(id="p"))
        return made

    def test_another_version_of_fhir(self, app):
        for said, status in (("3.0", 406), ("4.0", 200), ("4.0.1", 200), ("5.0", 406)):
            accept = f"application/fhir+json; fhirVersion={said}"
            assert app.get("Patient/p", accept=accept).status == status
        sent = app.ask("POST", "Patient", patient(), type_="application/fhir+json; fhirVersion=3.0")
        assert sent.status == 415

    def test_pretty(self, app):
        assert b"\n  " in app.get("Patient/p?_pretty=true").body
        assert b"\n  <id " in app.get("Patient/p?_pretty=true&_format=xml").body
