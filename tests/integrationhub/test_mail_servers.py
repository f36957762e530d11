"""Tests of mails about a sync where the mail server takes some of them only, or is away."""

import socketserver
import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from integrationhub import alerts
from integrationhub.reasons import Reason
from tests.factories import MembershipFactory, StoreFactory

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()


class Conversation(socketserver.StreamRequestHandler):
    """Takes mails as a mail server does, unless it is to hang up, or knows no such address."""

    def handle(self):
        self.server.conversations += 1
        if self.server.is_away:
            return
        self.wfile.write(b"220 ready\r\n")
        for line in self.rfile:
            self.wfile.write(self.answer(line.decode().strip()))

    def answer(self, said):
        if said.upper().startswith("RCPT"):
            if any(each in said for each in self.server.unknown):
                return b"550 no such person\r\n"
            self.server.taken.append(said.partition("<")[2].rstrip(">"))
        if said.upper() == "DATA":
            self.wfile.write(b"354 go on\r\n")
            while self.rfile.readline() != b".\r\n":
                pass
        return b"250 fine\r\n"


@pytest.fixture
def mail_server(settings):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        server.daemon_threads = True
        server.conversations, server.is_away, server.unknown, server.taken = 0, False, set(), []
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def troubled(*people):
    store = StoreFactory(problem=Reason.DOTDIGITAL_CREDENTIALS)
    for name in people:
        MembershipFactory(account=store.account, user__username=name)
    return store


def send_alerts(*, minutes):
    return [alerts.send_alerts(NOW + timedelta(minutes=each)) for each in range(minutes)]


def test_an_address_that_is_no_more_keeps_nobody_else_from_their_one_mail(mail_server, caplog):
    troubled("olga", "gone", "mia")
    mail_server.unknown = {"gone@example.com"}

    told = send_alerts(minutes=3)

    assert mail_server.taken == ["olga@example.com", "mia@example.com"]
    assert told == [1, 0, 0]
    assert "gone@example.com" not in caplog.text


def test_who_cannot_be_mailed_is_tried_again_and_holds_up_no_other_store(mail_server):
    troubled("gone")
    troubled("mia")
    mail_server.unknown = {"gone@example.com"}

    told = send_alerts(minutes=2)
    mail_server.unknown = set()

    assert told == [1, 0]
    assert send_alerts(minutes=3) == [1, 0, 0]
    assert mail_server.taken == ["mia@example.com", "gone@example.com"]


def test_a_mail_server_that_is_away_is_knocked_at_once_a_minute_however_many_wait(mail_server):
    for name in ("olga", "mia", "tom"):
        troubled(name)
    mail_server.is_away = True

    told = send_alerts(minutes=2)

    assert told == [0, 0]
    assert mail_server.conversations == 2
