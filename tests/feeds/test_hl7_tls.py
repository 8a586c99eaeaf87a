"""MLLP in TLS: who comes in, who is turned away, and what the log says of them."""

import asyncio
import socket
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hl7_samples import adt

from onesystem.cli import checks
from onesystem.feeds import intake
from onesystem.feeds.framing import framed
from onesystem.feeds.mllp import Door, Listener
from onesystem.feeds.tls import expires
from onesystem.vocabulary import BadConfig


class Authority:
    """A small certificate authority of the test's own; every certificate is a PEM with its key."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.key = ec.generate_private_key(ec.SECP256R1())
        basic = x509.BasicConstraints(ca=True, path_length=0)
        self.file = self._write(self.name, self.key, 400, basic)

    def sign(self, name, *, days=90):
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        return self._write(subject, key, days, x509.BasicConstraints(ca=False, path_length=None))

    def _write(self, subject, key, days, basic):
        now = datetime.now(UTC)
        # What a strict reader asks of a certificate, as Python does from 3.13 on (RFC 5280, 4.2.1).
        of_issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        usage = x509.KeyUsage(
            digital_signature=True, key_cert_sign=basic.ca, crl_sign=basic.ca,
            content_commitment=False, key_encipherment=False, data_encipherment=False,
            key_agreement=False, encipher_only=False, decipher_only=False,
        )  # fmt: skip
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=500))
            .not_valid_after(now + timedelta(days=days))
            .add_extension(basic, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(of_issuer, False)
            .add_extension(usage, critical=True)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False
            )
            .sign(self.key, hashes.SHA256())
        )
        pem = serialization.Encoding.PEM
        secret = key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        name = subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
        file = self.folder / f"{name}.pem"
        file.write_bytes(made.public_bytes(pem) + secret)
        return file


@pytest.fixture
def ours(tmp_path):
    return Authority(tmp_path, "ours")


def said_over(port, client=None):
    """What comes back for one message; a refusal of TLS is raised."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as plain:
        wire = client.wrap_socket(plain, server_hostname="127.0.0.1") if client else plain
        wire.sendall(framed(adt("A01", number="M1")))
        answer = b""
        while b"\x1c" not in answer and (data := wire.recv(4096)):
            answer += data
        wire.close()
    return answer


def client_of(authority, own=None):
    context = ssl.create_default_context(cafile=authority.file)
    if own:
        context.load_cert_chain(own)
    return context


def listened(district, door, *talks):
    """What each talk with the listener gives, or its error; and the lines of its log."""

    async def run():
        stop, found = asyncio.Event(), []
        listener = Listener([door], intake.pipeline_of(district, patience=None))
        running = asyncio.create_task(listener.run(stop))
        await listener.started.wait()
        for talk in talks:
            try:
                found.append(await asyncio.to_thread(talk, listener.ports[0]))
            except OSError as error:
                found.append(error)
        stop.set()
        await running
        return found

    with structlog.testing.capture_logs() as lines:
        return asyncio.run(run()), [line for line in lines if line["event"] == "sender refused"]


def is_read(answer):
    return isinstance(answer, bytes) and b"MSA|AA|M1" in answer


@pytest.mark.django_db(transaction=True)
class TestTls:
    def test_a_message_is_taken_in_and_plain_text_is_turned_away(self, district, ours):
        door = Door(source="pas", port=0, tls_cert=ours.sign("server"))
        secure = client_of(ours)
        found, log = listened(district, door, said_over, lambda port: said_over(port, secure))
        assert not is_read(found[0])
        assert is_read(found[1])
        (line,) = log
        assert line["why"] == "it spoke plain text where TLS is due"
        assert (line["source"], line["peer"]) == ("pas", "127.0.0.1")

    def test_only_a_sender_with_a_certificate_of_the_authority_comes_in(
        self, district, ours, tmp_path
    ):
        (tmp_path / "others").mkdir()
        others = Authority(tmp_path / "others", "others")
        door = Door(source="pas", port=0, tls_cert=ours.sign("server"), tls_client_ca=ours.file)
        shown = [None, others.sign("stranger"), ours.sign("late", days=-1), ours.sign("sender")]
        clients = [client_of(ours, own) for own in shown]
        talks = [lambda port, c=client: said_over(port, c) for client in clients]
        found, log = listened(district, door, *talks)
        assert [is_read(each) for each in found] == [False, False, False, True]
        why = [line["why"] for line in log]
        assert why[0] == "it showed no client certificate, and has to"
        assert why[1].startswith("its client certificate is not good here: ")
        assert why[2] == "its client certificate is not good here: certificate has expired"
        assert len(log) == 3

    def test_a_look_whether_the_port_is_open_is_no_news(self, district, ours):
        door = Door(source="pas", port=0, tls_cert=ours.sign("server"))
        found, log = listened(
            district, door, lambda port: socket.create_connection(("127.0.0.1", port)).close()
        )
        assert (found, log) == ([None], [])


class TestFiles:
    def test_a_key_of_another_certificate_is_named_before_anybody_sends(self, ours, tmp_path):
        empty = tmp_path / "empty.pem"
        empty.write_text("nothing")
        server = ours.sign("server")
        for door in (
            Door(source="pas", tls_cert=server, tls_key=ours.sign("other")),
            Door(source="pas", tls_cert=empty),
            Door(source="pas", tls_cert=tmp_path / "missing.pem"),
            Door(source="pas", tls_cert=server, tls_client_ca=empty),
        ):
            with pytest.raises(BadConfig):
                door.tls()
        with pytest.raises(BadConfig, match="no certificate"):
            expires(empty)

    @pytest.mark.parametrize(
        ("days", "level", "what"),
        [(200, "well", "good until"), (20, "look", "in 19 days"), (-2, "broken", "ended on")],
    )
    def test_the_doctor_says_when_a_certificate_ends(self, district, ours, days, level, what):
        from dataclasses import replace

        ours.sign("server", days=days).rename(district.path / "server.pem")
        ours.file.rename(district.path / "senders.pem")
        pas = replace(district.source("pas"), tls_cert="server.pem", tls_client_ca="senders.pem")
        of_pas, of_senders = checks.certificates(replace(district, sources={"pas": pas}))
        assert (of_pas.level, what in of_pas.what) == (level, True)
        assert of_senders.level == "well"

    def test_the_doctor_names_a_file_that_is_not_there(self, district):
        from dataclasses import replace

        pas = replace(district.source("pas"), tls_cert="server.pem")
        (found,) = checks.certificates(replace(district, sources={"pas": pas}))
        assert found.level == "broken"
        assert "server.pem" in found.what
