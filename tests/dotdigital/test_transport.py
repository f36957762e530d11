"""The secure line: certificates are checked, and a deadline holds on it too."""

import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dotdigital.client import Client
from dotdigital.errors import UnavailableError
from dotdigital.patience import Tuning
from dotdigital.sandbox import Account, Fault, Sandbox

HURRIED = Tuning(answer_timeout=0.2, attempts=2, first_pause=0.001)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(encoding, form, serialization.NoEncryption())
    path.write_bytes(secret + made.public_bytes(encoding))
    return path


@pytest.fixture
def secure_url(sandbox: Sandbox, account: Account, certificate: Path) -> str:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = sandbox._servers["r1"]
    plain = server.get_request

    def secure() -> tuple[ssl.SSLSocket, object]:
        line, address = plain()
        return context.wrap_socket(line, server_side=True, do_handshake_on_connect=False), address

    server.get_request = secure  # type: ignore[method-assign]  # a lock on this one door
    return sandbox.url.replace("http://127.0.0.1", "https://localhost")


def test_a_certificate_nobody_vouches_for_ends_the_call(account: Account, secure_url: str) -> None:
    with (
        Client(account.user, account.password, endpoint=secure_url, tuning=HURRIED) as client,
        pytest.raises(UnavailableError, match="the secure connection failed"),
    ):
        client.data_fields()


def test_a_secure_answer_has_to_be_whole_in_time_too(
    sandbox: Sandbox, account: Account, secure_url: str, certificate: Path
) -> None:
    sandbox.faults.add(Fault(drip=0.02))
    began = time.monotonic()

    with Client(account.user, account.password, endpoint=secure_url, tuning=HURRIED) as client:
        client._session._requests.verify = str(certificate)
        client.data_fields()

    assert client.calls == 2
    assert time.monotonic() - began < 0.9
