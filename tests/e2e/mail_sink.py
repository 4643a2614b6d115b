"""An SMTP server on loopback that keeps what it is given, byte by byte."""

import email
import email.policy
import socket
import threading
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


class Mail:
    def __init__(self, envelope):
        self.at = time.monotonic()
        self.recipients = list(envelope.rcpt_tos)
        self.bytes = bytes(envelope.content)
        self.message = email.message_from_bytes(self.bytes, policy=email.policy.default)

    def part(self, subtype):
        part = self.message.get_body((subtype,))
        return None if part is None else part.get_content()

    @property
    def attachments(self):
        return [part.get_filename() for part in self.message.iter_attachments()]


class Sink:
    def __init__(self):
        self.mails = []
        self._came = threading.Condition()
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.port = one.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=20)
        self._controller.start()

    async def handle_DATA(self, server: SMTP, session, envelope):
        with self._came:
            self.mails.append(Mail(envelope))
            self._came.notify_all()
        return "250 kept"

    def wait(self, count, seconds=15):
        with self._came:
            self._came.wait_for(lambda: len(self.mails) >= count, seconds)
            return len(self.mails) >= count

    def close(self):
        self._controller.stop()
