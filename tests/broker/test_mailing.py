"""Mails reach a real SMTP server on this machine, text messages a gateway; a refusal raises."""

import base64
import datetime as dt
import json
import smtplib
import socketserver
import ssl
import threading
from email import message_from_bytes, policy

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from broker.mailing import Carrier, NoTextGatewayError, TextRefusedError
from broker.settings import SettingsError, load
from broker.settings.mail import MailTable
from providers.http import CallFailedError, Reply
from sandbox.configuration import merged
from sandbox.document import find, read

NOON = 1_772_362_800.0
HTML = '<!doctype html><html lang="fr"><p>Votre compte est créé.</p></html>'


class Session(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a client needs."""

    def handle(self):
        if self.server.implicit:
            self._encrypt()
        self._say("220 ready")
        while line := self.rfile.readline():
            words = line.decode().strip()
            self.server.heard.append(words)
            if not self._answer(words):
                return

    def finish(self):
        super().finish()
        self.connection.close()

    def _answer(self, words):
        verb = words.split(" ")[0].upper()
        if verb == "EHLO":
            offers = ["localhost", *self.server.offers]
            for offer in offers[:-1]:
                self._say(f"250-{offer}")
            self._say(f"250 {offers[-1]}")
        elif verb == "STARTTLS":
            self._say("220 go ahead")
            self._encrypt()
        elif verb == "AUTH":
            self._say("235 welcome" if self.server.takes_login else "535 who are you")
        elif verb == "DATA":
            self._take()
        elif verb == "QUIT":
            self._say("221 bye")
            return False
        else:
            self._say(self.server.answers.get(verb, "250 fine"))
        return True

    def _take(self):
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b"."))
        self.server.mails.append(message_from_bytes(b"".join(lines), policy=policy.default))
        self._say(self.server.answers.get("DATA", "250 taken"))

    def _encrypt(self):
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)

    def _say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """Keeps mails; `answers` says what a verb is answered, `offers` what EHLO tells."""

    allow_reuse_address = True

    def __init__(self, context=None, *, implicit=False):
        super().__init__(("127.0.0.1", 0), Session)
        self.context, self.implicit = context, implicit
        self.mails, self.heard, self.answers = [], [], {}
        self.offers = ["AUTH PLAIN", *(["STARTTLS"] if context and not implicit else [])]
        self.takes_login = True

    def handle_error(self, request, client_address):
        """A client that hangs up is no news."""

    @property
    def address(self):
        return f"localhost:{self.server_address[1]}"


@pytest.fixture
def serve():
    """Start mail servers."""
    started = []

    def start(*given, **options):
        server = MailServer(*given, **options)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        started.append((server, thread))
        return server

    yield start
    for server, thread in started:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of localhost that it signed itself: the file, and what a server needs."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "localhost.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return file, context


@pytest.fixture
def trusted(certificate, monkeypatch):
    """This machine trusts the certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    return certificate[1]


_TAKEN = Reply(202)


class Gateway:
    """Takes text messages."""

    def __init__(self, reply=_TAKEN):
        self.reply, self.calls = reply, []

    def send(self, method, url, *, headers=None, body=None, limits=None):
        self.calls.append((method, url, headers, json.loads(body)))
        if isinstance(self.reply, Exception):
            raise self.reply
        return self.reply


def carrier(server=None, http=None, **settings):
    table = {"sender": "no-reply@ameli.fr", "smtp": server.address if server else "localhost:1"}
    return Carrier(MailTable(**{**table, **settings}), http or Gateway(), lambda: NOON)


def send(one):
    one.mail("claire@exemple.fr", "Votre compte est créé", "Votre compte est créé.", HTML)


def test_a_mail_arrives_in_both_forms(serve):
    """multipart/alternative: the plain text first, the formatted one last, accents kept."""
    server = serve()
    send(carrier(server))
    (mail,) = server.mails

    assert (mail["From"], mail["To"]) == ("no-reply@ameli.fr", "claire@exemple.fr")
    assert mail["Subject"] == "Votre compte est créé"
    assert mail["Date"] == "Sun, 01 Mar 2026 11:00:00 +0000"
    assert mail["Message-ID"].endswith("@ameli.fr>")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert [part.get_content().strip() for part in mail.iter_parts()] == [
        "Votre compte est créé.",
        HTML,
    ]


def test_a_mail_has_no_attachment(serve):
    """Row S138: nothing is ever attached."""
    server = serve()
    send(carrier(server))

    assert list(server.mails[0].iter_attachments()) == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_line_that_is_protected_carries_the_password(serve, trusted, security):
    """The certificate is checked, and the password goes over the protected line alone."""
    server = serve(trusted, implicit=security == "tls")
    send(carrier(server, smtp_security=security, smtp_user="us", smtp_password="our password"))
    login = base64.b64encode(b"\0us\0our password").decode()
    plain = server.heard[: server.heard.index("STARTTLS")] if security == "starttls" else []

    assert len(server.mails) == 1
    assert f"AUTH PLAIN {login}" in server.heard
    assert login not in " ".join(plain)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_trusts_is_refused(serve, certificate, security):
    """Nothing is sent, nor any password, to a server that is not who it says."""
    server = serve(certificate[1], implicit=security == "tls")
    with pytest.raises(ssl.SSLCertVerificationError):
        send(carrier(server, smtp_security=security, smtp_user="us", smtp_password="ours"))

    assert server.mails == []
    assert not any("AUTH" in line for line in server.heard)


def test_a_server_that_takes_the_protection_away_gets_nothing(serve):
    """A line on which somebody removed STARTTLS is not used (RFC 8314 §3)."""
    server = serve()
    with pytest.raises(smtplib.SMTPNotSupportedError):
        send(carrier(server, smtp_security="starttls"))

    assert server.mails == []


@pytest.mark.parametrize(
    "answers", [{"MAIL": "451 later"}, {"RCPT": "550 nobody"}, {"DATA": "452 full"}]
)
def test_a_mail_that_is_not_taken_is_not_sent(serve, answers):
    """Each refusal of the server is an exception: the message stays in the outbox."""
    server = serve()
    server.answers = answers
    with pytest.raises(smtplib.SMTPException):
        send(carrier(server))


def test_a_wrong_password_sends_nothing(serve):
    """The server says no, and the mail stays."""
    server = serve()
    server.takes_login = False
    with pytest.raises(smtplib.SMTPAuthenticationError):
        send(carrier(server, smtp_user="us", smtp_password="wrong"))

    assert server.mails == []


def test_a_server_that_is_away_is_an_exception(serve):
    """Nobody listens: the outbox tries again."""
    with pytest.raises(OSError):
        send(carrier())


@pytest.mark.parametrize("to", ["a@exemple.fr\nBcc: other@exemple.fr", "a@exemple.fr\r\n\r\nHi"])
def test_an_address_makes_no_header(serve, to):
    """A line end in an address is refused before anything is sent."""
    server = serve()
    with pytest.raises(ValueError):
        carrier(server).mail(to, "s", "b", HTML)

    assert server.mails == []


def test_a_text_message_is_handed_to_the_gateway():
    """POST of to, text and from as JSON, with the bearer token of the settings."""
    gateway = Gateway()
    one = carrier(http=gateway, sms_url="https://sms.example/m", sms_token="the token")
    one.sms("+33639010001", "Ameli : votre code est 048213.")
    ((method, url, headers, body),) = gateway.calls

    assert (method, url) == ("POST", "https://sms.example/m")
    assert headers["Authorization"] == "Bearer the token"
    assert headers["Content-Type"] == "application/json"
    assert body == {
        "to": "+33639010001",
        "text": "Ameli : votre code est 048213.",
        "from": "Ameli",
    }


@pytest.mark.parametrize("status", [301, 400, 401, 429, 500])
def test_a_text_message_that_the_gateway_refuses_is_not_sent(status):
    """Only 2xx means sent."""
    one = carrier(http=Gateway(Reply(status)), sms_url="https://sms.example/m", sms_token="t")
    with pytest.raises(TextRefusedError, match=str(status)):
        one.sms("+33639010001", "Bonjour")


def test_a_gateway_that_is_away_is_an_exception():
    """The outbox tries again."""
    gateway = Gateway(CallFailedError("unreachable"))
    with pytest.raises(CallFailedError):
        carrier(http=gateway, sms_url="https://sms.example/m", sms_token="t").sms("+336", "b")


def test_without_a_gateway_no_text_message_leaves():
    """The settings name none: the message waits, and the operator sees it."""
    with pytest.raises(NoTextGatewayError):
        carrier().sms("+33639010001", "Bonjour")


# --- the settings ---------------------------------------------------------------------------------


def settings_with(mode="demonstration", **mail):
    return load(merged(read(find({})), {"mode": mode, "mail": mail}), {"SMTP": "from outside"})


@pytest.mark.parametrize(
    ("mail", "said"),
    [
        ({"smtp_user": "us"}, "smtp_user and smtp_password go together"),
        ({"smtp_password": "ours"}, "smtp_user and smtp_password go together"),
        ({"sms_url": "https://sms.example/m"}, "sms_url and sms_token go together"),
        ({"sms_token": "t"}, "sms_url and sms_token go together"),
        ({"sms_url": "http://sms.example/m", "sms_token": "t"}, "mail.sms_url: must start with"),
        ({"smtp_security": "ssl3"}, "mail.smtp_security"),
        ({"sms_sender": "twelve letter"}, "mail.sms_sender"),
    ],
)
def test_half_a_setting_is_refused(mail, said):
    """A wrong file is told at start, not by a mail that never leaves."""
    with pytest.raises(SettingsError, match=said):
        settings_with(**mail)


def test_production_sends_no_password_over_an_open_line():
    """Among its problems, that of a password without protection."""
    with pytest.raises(SettingsError, match=r"mail\.smtp_security: a password is not sent"):
        settings_with("production", smtp_user="us", smtp_password="ours")


def test_the_password_comes_from_outside_the_file_and_is_not_shown():
    """{ env = ... } as for every secret; its value is in no picture of the settings."""
    settings = settings_with(smtp_user="us", smtp_password={"env": "SMTP"})

    assert settings.mail.smtp_password == "from outside"
    assert "from outside" not in repr(settings)
