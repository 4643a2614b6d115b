"""What is remembered, by whom, for how long, and that a state which cannot be used never stops a scan."""
import os
import pathlib
import resource
import shutil
import signal
import sqlite3
import stat
import threading
import time
import unittest

from host import PHI, POLICY, Home, Host, HostCase, attachment, mail

D = "0" * 64


def sent(host, *people, **more):
    return host.ask(type="record", fingerprint=more.pop("fingerprint", D), inputs_sha256=D, action="confirm", choice="sent", recipients=list(people), **more)


def risks(host, *addresses, thread=None, **changes):
    people = [one if isinstance(one, dict) else {"address": one} for one in addresses]
    more = {"thread": thread} if thread else {}
    reply = host.scan({**mail("The parking lot is closed."), "to": people, **changes}, **more)
    assert reply["ok"], reply
    return [set(one["risks"]) & {"first_time", "similar_to_usual"} for one in reply["report"]["recipients"]]


class History(HostCase):
    def test_first_time_until_written_to(self):
        host = self.host()
        self.assertEqual(risks(host, "dana@mail.example"), [{"first_time"}])
        self.assertEqual(sent(host, "Dana@Mail.Example")["kept"], True)
        self.assertEqual(risks(host, "dana@mail.example", "dana+labs@mail.example", "rosa@mail.example"), [set(), set(), {"first_time"}])

    def test_it_outlives_the_host(self):
        first = self.host()
        sent(first, "dana@mail.example")
        first.close()
        self.assertEqual(risks(self.host(), "dana@mail.example"), [set()])

    def test_only_what_was_sent_counts(self):
        host = self.host()
        for choice in ("went_back", "cancelled", "portal"):
            host.ask(type="record", fingerprint=D, inputs_sha256=D, action="confirm", choice=choice)
        self.assertEqual(host.ask(type="status")["memory"]["contacts"], 0)

    def test_similar_to_one_that_is_usual(self):
        host = self.host()
        for _ in range(3):
            sent(host, {"address": "maria.lopez@valleylab.example", "name": "Maria Lopez"}, "joe@inbox.example")
        both = {"first_time", "similar_to_usual"}
        for address, expected in (("maria.lopes@valleylab.example", both),    # another letter
                                  ("maria.lopezz@valleylab.example", both),   # one more
                                  ("mraia.lopez@valleylab.example", both),    # swapped
                                  ("maria.gomez@valleylab.example", both),    # the same first name there
                                  ("info@valeylab.example", both),            # the domain, one letter less
                                  ("info@va11eylab.example", both),           # the domain, to a hurried eye
                                  ("peter@valleylab.example", {"first_time"}),
                                  ("jon@inbox.example", {"first_time"}),      # too short to be a slip
                                  ("maria.lopez@other.example", {"first_time"})):
            with self.subTest(address):
                self.assertEqual(risks(host, address), [expected])
        self.assertEqual(risks(host, {"address": "ml1975@mail.example", "name": "Maria Lopez"}), [both])
        self.assertEqual(risks(host, "maria.lopez@valleylab.example"), [set()])

    def test_twice_is_not_usual_yet(self):
        host = self.host()
        sent(host, "maria.lopez@valleylab.example")
        sent(host, "maria.lopez@valleylab.example")
        self.assertEqual(risks(host, "maria.lopes@valleylab.example"), [{"first_time"}])

    def test_colleagues_with_one_first_name_are_not_similar(self):
        host = self.host()
        for _ in range(3):
            sent(host, "maria.lopez@lakeside-clinic.example")
        self.assertEqual(risks(host, "maria.gomez@lakeside-clinic.example"), [{"first_time"}])

    def test_a_new_domain_in_a_thread(self):
        host = self.host()
        request = lambda *to: {**mail(), "to": [{"address": one} for one in to]}
        self.assertEqual(host.scan(request("a@lab.example"), thread="t1")["new_domain_in_thread"], [])  # nothing is known of the thread
        sent(host, "a@lab.example", thread="t1")
        reply = host.scan(request("b@lab.example", "c@elsewhere.example"), thread="t1")
        self.assertEqual(reply["new_domain_in_thread"], [{"field": "to", "index": 1}])
        self.assertEqual(host.scan(request("c@elsewhere.example"), thread="t2")["new_domain_in_thread"], [])

    def test_forget_one_and_all(self):
        host = self.host()
        sent(host, "dana@mail.example", "rosa@mail.example", thread="t1")
        done = self.home.run("state", "forget", "DANA@mail.example")
        self.assertEqual((done.returncode, done.stdout), (0, b"forgotten\n"))
        self.assertEqual(risks(host, "dana@mail.example", "rosa@mail.example"), [{"first_time"}, set()])
        database = sqlite3.connect(self.home.state)
        owners = database.execute("SELECT count(DISTINCT owner) FROM contact").fetchone()[0]
        database.close()
        self.assertEqual(owners, 1)
        self.assertEqual(self.home.run("state", "forget", "--all").returncode, 0)
        self.assertEqual(risks(host, "rosa@mail.example"), [{"first_time"}])
        self.assertEqual(host.ask(type="status")["memory"]["contacts"], 0)
        self.assertEqual(self.home.run("state", "forget", "nobody").returncode, 2)

    def test_the_files_are_for_their_owner_and_cannot_be_read_back(self):
        host = self.host()
        sent(host, {"address": "dana.roe@mail.example", "name": "Dana Roe"}, thread="the thread")
        for path in self.home.state.parent.iterdir():
            self.assertEqual(stat.S_IMODE(path.stat().st_mode) & 0o077, 0, path)
            for word in (b"dana", b"roe", b"mail.example", b"thread"):
                if path.name != "state.db":
                    self.assertNotIn(word, path.read_bytes().lower())
        host.close()
        database = sqlite3.connect(self.home.state)
        rows = database.execute("SELECT user, trait, token, owner FROM contact").fetchall()
        database.close()
        self.assertGreater(len(rows), 20)
        for user, trait, token, owner in rows:
            self.assertEqual((user, len(token), len(owner)), (str(os.getuid()), 16, 16))
        # Another key, other tokens: no table made elsewhere fits.
        other = Home()
        self.addCleanup(other.remove)
        second = Host(other)
        self.addCleanup(second.kill)
        sent(second, {"address": "dana.roe@mail.example", "name": "Dana Roe"})
        second.close()
        database = sqlite3.connect(other.state)
        tokens = {row[0] for row in database.execute("SELECT token FROM contact")}
        database.close()
        self.assertEqual(tokens & {row[2] for row in rows}, set())


class Acknowledgements(HostCase):
    def test_yes_i_checked_is_kept_by_fingerprint(self):
        host = self.host()
        first = host.scan(PHI)
        self.assertEqual((first["report"]["action"], first["acknowledged"]), ("confirm", None))
        self.assertTrue(sent(host, fingerprint=first["report"]["fingerprint"], acknowledge=True)["kept"])
        second = host.scan(PHI)
        self.assertEqual((second["report"]["action"], second["acknowledged"]), ("note", "message"))
        # Another patient's mail asks again.
        self.assertEqual(host.scan({**PHI, "to": [{"address": "rosa@mail.example"}]})["report"]["action"], "confirm")
        host.close()
        self.assertEqual(self.host().scan(PHI)["report"]["action"], "note")

    def test_it_ends(self):
        host = self.host()
        fingerprint = host.scan(PHI)["report"]["fingerprint"]
        sent(host, fingerprint=fingerprint, acknowledge=True)
        host.close()
        database = sqlite3.connect(self.home.state)
        self.assertEqual(database.execute("SELECT until FROM acknowledged").fetchone()[0] - int(time.time()) // 86400, 30)
        database.execute("UPDATE acknowledged SET until = until - 31")
        database.commit()
        database.close()
        self.assertEqual(self.host().scan(PHI)["report"]["action"], "confirm")

    def test_it_never_lowers_a_justification(self):
        policy = self.home.folder / "policy.json"
        policy.write_text(POLICY.read_text().replace('"mode": "advise"', '"mode": "enforce"'))
        host = self.host("--policy", str(policy))
        request = {**mail("Gunnar Ek, MRN 00412345, has an A1c of 8.2 and takes metformin."), "to": [{"address": "dana@lakeside-cl1nic.example"}]}
        first = host.scan(request)["report"]
        self.assertIn(first["action"], ("justify", "block"))
        sent(host, fingerprint=first["fingerprint"], acknowledge=True)
        self.assertEqual(host.scan(request)["report"]["action"], first["action"])

    def test_the_same_again_in_this_thread(self):
        host = self.host()
        first = host.scan(PHI, thread="t1")["report"]
        sent(host, fingerprint=first["fingerprint"], remember_thread={"id": "t1", "days": 7})
        self.assertEqual(host.scan(PHI, thread="t1")["acknowledged"], "thread")
        self.assertEqual(host.scan(PHI, thread="t2")["report"]["action"], "confirm")
        self.assertEqual(host.scan({**PHI, "cc": [{"address": "new@elsewhere.example"}]}, thread="t1")["report"]["action"], "confirm")
        worse = mail("Dana Roe, MRN 00412345: your HIV test came back positive. Start Biktarvy.")
        self.assertNotEqual(host.scan(worse, thread="t1")["acknowledged"], "thread")

    def test_a_thread_nobody_asked_about_is_not_kept(self):
        reply = sent(self.host(), fingerprint="7" * 64, remember_thread={"id": "t1"})
        self.assertEqual((reply["ok"], reply["kept"]), (True, False))


class Unusable(HostCase):
    def check_works_without(self, host, why):
        reply = host.scan(PHI)
        self.assertEqual(reply["report"]["action"], "confirm")
        self.assertNotIn("first_time", reply["report"]["recipients"][0]["risks"])
        record = sent(host, "dana@mail.example")
        self.assertEqual((record["ok"], record["kept"]), (True, False))
        status = host.ask(type="status")
        self.assertEqual((status["database"], status["state"]["condition"], status["state"]["on_send"]), ("broken", "state_broken", "note"))
        self.assertIn(status["memory"]["why"], why)

    def made(self):
        host = self.host()
        self.assertTrue(sent(host, "rosa@mail.example")["kept"])
        host.close()

    def test_corrupt(self):
        self.made()
        database = sqlite3.connect(self.home.state)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        # Not even the log may help.
        for ending in ("-wal", "-shm"):
            pathlib.Path(str(self.home.state) + ending).unlink(missing_ok=True)
        for damage in ("all", "middle"):
            data = bytearray(self.home.state.read_bytes())
            if damage == "all":
                data[:] = b"this is no database " * 1000
            else:
                data[100:] = os.urandom(len(data) - 100)
            with self.subTest(damage):
                self.home.state.write_bytes(data)
                self.check_works_without(self.host(), ("corrupt", "unreadable", "key"))
        done = self.home.run("status")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"forget --all", done.stdout)
        self.assertEqual(self.home.run("state", "forget", "--all").returncode, 0)
        self.assertEqual(self.host().ask(type="status")["database"], "ok")

    def test_locked(self):
        self.made()
        other = sqlite3.connect(self.home.state, isolation_level=None)
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("DELETE FROM acknowledged")
        host = self.host()
        self.check_works_without(host, ("locked",))
        other.execute("ROLLBACK")
        other.close()

    def test_held_by_a_writer_for_a_while(self):
        self.made()
        other = sqlite3.connect(self.home.state, isolation_level=None)
        host = self.host()
        self.assertEqual(risks(host, "rosa@mail.example"), [set()])
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM acknowledged")
        self.assertEqual(risks(host, "rosa@mail.example", "x@mail.example"), [set(), {"first_time"}])  # readers do not wait in WAL
        self.assertFalse(sent(host, "x@mail.example")["kept"])
        other.execute("ROLLBACK")
        other.close()

    def test_full(self):
        self.made()
        size = 0

        def small_files():
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

        # Only what is there already may be written: the next page of the log does not fit any more.
        database = sqlite3.connect(self.home.state)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        size = max(self.home.state.stat().st_size, 65536)
        host = self.host(preexec=small_files)
        kept = [sent(host, *[f"person{i}.{j}@mail{j}.example" for j in range(200)])["kept"] for i in range(3)]
        self.assertFalse(kept[-1])
        status = host.ask(type="status")
        self.assertEqual((status["database"], status["memory"]["why"]), ("broken", "full"))
        self.assertEqual(host.scan(PHI)["report"]["action"], "confirm")
        host.close()
        self.assertEqual(risks(self.host(), "rosa@mail.example"), [set()])

    def test_not_ours(self):
        self.made()
        with self.subTest("a link"):
            real = self.home.folder / "elsewhere.db"
            shutil.move(self.home.state, real)
            self.home.state.symlink_to(real)
            self.check_works_without(self.host(), ("not_ours",))
            self.home.state.unlink()
            shutil.move(real, self.home.state)
        with self.subTest("a folder that cannot be"):
            self.check_works_without(self.host("--state", "/proc/nowhere/state.db"), ("not_ours",))
        with self.subTest("a folder in its place"):
            folder = self.home.folder / "folder.db"
            folder.mkdir()
            self.check_works_without(self.host("--state", str(folder)), ("not_ours",))
        with self.subTest("read-only"):
            nobody = 65534
            self.home.state.chmod(0o444)

            def become_nobody():
                if os.getuid() == 0:
                    os.setgid(nobody)
                    os.setuid(nobody)

            if os.getuid() == 0:
                self.home.folder.chmod(0o755)
                for path in self.home.folder.rglob("*"):
                    path.chmod(0o755 if path.is_dir() else 0o444)
            self.check_works_without(self.host(preexec=become_nobody), ("not_ours",))

    def test_open_to_others_is_closed(self):
        self.made()
        self.home.state.chmod(0o666)
        self.assertEqual(risks(self.host(), "rosa@mail.example"), [set()])
        self.assertEqual(stat.S_IMODE(self.home.state.stat().st_mode), 0o600)

    def test_without_its_key(self):
        self.made()
        key = pathlib.Path(str(self.home.state) + ".key")
        good = key.read_text()
        for text in ("", "0" * 64, "nonsense", None):
            with self.subTest(text):
                if text is None:
                    key.unlink()
                else:
                    key.write_text(text)
                self.check_works_without(self.host(), ("key",))
        key.write_text(good)
        key.chmod(0o600)
        self.assertEqual(risks(self.host(), "rosa@mail.example"), [set()])

    def test_of_a_later_version(self):
        self.made()
        database = sqlite3.connect(self.home.state)
        database.execute("UPDATE meta SET value = '9' WHERE name = 'version'")
        database.commit()
        database.close()
        self.check_works_without(self.host(), ("unreadable",))
        database = sqlite3.connect(self.home.state)
        self.assertGreater(database.execute("SELECT count(*) FROM contact").fetchone()[0], 0)
        database.close()

    def test_killed_in_the_middle(self):
        for _ in range(5):
            host = self.host()
            for i in range(20):
                host.send(type="record", fingerprint=D, inputs_sha256=D, action="note", choice="sent", recipients=[f"person{i}@mail.example"])
            host.wait("n1")
            host.process.send_signal(signal.SIGKILL)
            host.process.wait()
        self.assertEqual(risks(self.host(), "person0@mail.example"), [set()])


class Together(HostCase):
    def test_sixteen_hosts_on_one_state(self):
        hosts = [self.host() for _ in range(16)]
        failures = []

        def work(number, host):
            try:
                for i in range(10):
                    # "Not kept" is a fair answer on a slow machine; half kept would not be, and would show in the counts.
                    for _ in range(20):
                        reply = sent(host, f"shared{i}@mail.example", f"own{number}.{i}@mail.example")
                        if reply["kept"]:
                            break
                    else:
                        failures.append((number, i, host.ask(type="status")["memory"]))
                    if not host.scan(PHI)["ok"]:
                        failures.append((number, i, "scan"))
            except Exception as problem:  # noqa: BLE001 - told to the test below
                failures.append((number, repr(problem)))

        threads = [threading.Thread(target=work, args=pair) for pair in enumerate(hosts)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        self.assertEqual(failures, [])
        for host in hosts:
            self.assertEqual(host.close(), 0)
        database = sqlite3.connect(self.home.state)
        self.assertEqual(database.execute("PRAGMA integrity_check").fetchone()[0], "ok")
        counts = [row[0] for row in database.execute("SELECT count FROM contact WHERE trait = 1 ORDER BY count DESC")]
        database.close()
        # One key for all of them: what is shared is one row with every count in it.
        self.assertEqual(counts, [16] * 10 + [1] * 160)


if __name__ == "__main__":
    unittest.main()
