"""Many scans through one host: memory, descriptors and threads stay where they were. PHISCAN_SOAK says how many (50,000 in nightly)."""
import os
import pathlib
import unittest

from host import POLICY, PROGRAM, HostCase, attachment, mail

COUNT = int(os.environ.get("PHISCAN_SOAK", "1000"))
LINE = "Dana Roe, MRN 00412345, has an A1c of 8.2; the parking lot is closed. "


class Soak(HostCase):
    def test_flat(self):
        host = self.host("--policy", str(POLICY)).ready()

        def round_of(begin, count):
            for i in range(begin, begin + count):
                request = mail(f"{i} " + LINE * (1 + i % 40))
                if i % 20 == 0:
                    data = f"name,mrn\nGunnar Ek,{10_000_000 + i}\n".encode()
                    host.upload(data)
                    request["attachments"] = [attachment(data)]
                if i % 10 == 0:
                    host.ask(type="record", fingerprint=f"{i:064d}", inputs_sha256="0" * 64, action="note", choice="sent", recipients=[f"person{i % 50}@mail.example"])
                if i % 33 == 0:
                    host.ask(type="cancel", target="nobody")
                if i % 50 == 0:
                    host.scan(request, deadline_ms=150)
                self.assertEqual(host.scan(request, deadline_ms=60_000)["report"]["content"], "phi")

        warm = min(COUNT // 2, 3000)
        round_of(0, warm)
        before = host.ask(type="status")["process"]
        round_of(warm, COUNT - warm)
        after = host.ask(type="status")["process"]
        print(f"{COUNT} scans: resident {before['resident_kb']} -> {after['resident_kb']} kB, descriptors {before['descriptors']} -> {after['descriptors']}, "
              f"threads {before['threads']} -> {after['threads']}")
        self.assertEqual((after["descriptors"], after["threads"], after["in_flight"]), (before["descriptors"], before["threads"], 1))
        # A leak of 256 bytes per scan would show. The thread sanitizer keeps shadows of its own.
        spare = 16384 if b"__tsan_init" in pathlib.Path(PROGRAM).read_bytes() else 4096
        self.assertLess(after["resident_kb"] - before["resident_kb"], spare + (COUNT - warm) // 4)
        self.assertEqual(host.close(), 0)
        self.assertEqual(host.stderr(), b"")


if __name__ == "__main__":
    unittest.main()
