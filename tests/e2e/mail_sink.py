"""An SMTP server on loopback that keeps what it is given, byte by byte."""

import email
import email.policy
import re
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


    def canonical(self):
        """The very bytes, but for what Thunderbird makes up for each mail: its number, its time, the names of its parts, the order of its headers."""
        head, _, body = self.bytes.partition(b"\r\n\r\n")
        lines = re.sub(rb"\r\n(?=[ \t])", b"\0", head).split(b"\r\n")
        lines = sorted(line for line in lines if not re.match(rb"(Message-ID|Date):", line, re.I))
        text = b"\r\n".join(lines).replace(b"\0", b"\r\n") + b"\r\n\r\n" + body
        made_up = (rb'boundary="([^"]+)"', rb"Content-Id: <([^>]+)>", rb'name="([A-Za-z0-9]{16}\.png)"')
        for pattern in made_up:
            for number, name in enumerate(dict.fromkeys(re.findall(pattern, text, re.I))):
                text = text.replace(name, b"name-%d" % number)
        return text


class Sink:
    """`refuse`: the answer to each mail instead of taking it."""

    def __init__(self):
        self.mails = []
        self.refuse = None
        self._came = threading.Condition()
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.port = one.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=20, data_size_limit=200_000_000)
        self._controller.start()

    async def handle_DATA(self, server: SMTP, session, envelope):
        if self.refuse:
            return self.refuse
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
