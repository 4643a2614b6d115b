"""The certificate of loopback mode: what it may name, who trusts it, and that nothing stays behind. Browser and trust stores are real ones, in
homes of their own; the machine's bundle is that of a mount namespace of its own."""
import base64
import json
import pathlib
import re
import shutil
import stat
import subprocess
import unittest

from host import PROGRAM, HostCase
from https_client import Authority, Service, openssl

CHROMIUM = next((one for one in ("chromium", "chromium-browser", "google-chrome") if shutil.which(one)), None)
CERTUTIL = shutil.which("certutil")
CAN_UNSHARE = shutil.which("unshare") and subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode == 0 and shutil.which("update-ca-certificates")

P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff
G = (0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296, 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5)


def double(point):
    x, y, z = point
    s, m = 4 * x * y * y % P, 3 * (x - z * z) * (x + z * z) % P
    x2 = (m * m - 2 * s) % P
    return x2, (m * (s - x2) - 8 * pow(y, 4, P)) % P, 2 * y * z % P


def add(point, other):
    if point is None:
        return (*other, 1)
    x, y, z = point
    h, r = (other[0] * z * z - x) % P, (other[1] * pow(z, 3, P) - y) % P
    x3 = (r * r - pow(h, 3, P) - 2 * x * h * h) % P
    return x3, (r * (x * h * h - x3) - y * pow(h, 3, P)) % P, z * h % P


def public_x(secret):
    """The x of secret times G on P-256, as bytes."""
    out = None
    for bit in bin(secret)[2:]:
        out = double(out) if out else None
        if bit == "1":
            out = add(out, G)
    if out is None or out[2] == 0:
        return b""
    return (out[0] * pow(out[2], -2, P) % P).to_bytes(32, "big")


def output(*words, **options):
    return subprocess.run(words, check=True, capture_output=True, **options).stdout.decode()


@unittest.skipUnless(CERTUTIL, "certutil is not installed (./dev setup installs libnss3-tools)")
class Case(HostCase):
    def setUp(self):
        super().setUp()
        self.one = Service(self.home, starts=False, name="localhost", mode="loopback", certificate="own.pem", key="own.key")
        self.addCleanup(self.one.stop)
        self.chain, self.key = self.one.folder / "own.pem", self.one.folder / "own.key"
        self.user = self.home.folder / "home"

    def cert(self, *words, code=0):
        done = self.home.run("cert", *words, "--config", str(self.one.config))
        self.assertEqual(done.returncode, code, done)
        return done.stdout.decode() + done.stderr.decode()

    def parts(self):
        """Leaf and authority, in files of their own outside of the home."""
        blocks = re.findall(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", self.chain.read_text(), re.S)
        self.assertEqual(len(blocks), 2)
        folder = self.home.folder / "parts"
        folder.mkdir(exist_ok=True)
        for name, block in zip(("leaf.pem", "authority.pem"), blocks):
            (folder / name).write_text(block)
        return folder / "leaf.pem", folder / "authority.pem"

    def trusted(self):
        folder = self.user / ".pki/nssdb"
        if not folder.exists():
            return []
        return re.findall(r"^(phiscan-localhost-[0-9a-f]{16}) +(\S+)", output("certutil", "-L", "-d", f"sql:{folder}"), re.M)


    def put(self, days):
        """What `cert make` made so long ago that it ends in `days`; below zero: it has ended."""
        old = Authority(self.home.folder / f"old {days}", "phiscan-localhost-" + "0123456789abcdef")
        old.issue(self.chain, self.key, "localhost", days)
        self.chain.write_text(self.chain.read_text() + old.file.read_text())
        self.one.authority = old
        self.cert("trust", code=0 if days > 30 else 1)  # says that it ends soon, or has ended
        return self.chain.read_text()


class Made(Case):
    def test_the_authority_may_name_this_machine_only(self):
        self.cert("make")
        leaf, authority = self.parts()
        text = output("openssl", "x509", "-in", authority, "-noout", "-text")
        for wanted in (r"Basic Constraints: critical\s+CA:TRUE, pathlen:0", r"Name Constraints: critical\s+Permitted:\s+DNS:localhost\s+IP:127\.0\.0\.1/255\.255\.255\.255\s", r"Key Usage: critical\s+Certificate Sign\n",
                       r"Extended Key Usage: \s+TLS Web Server Authentication\n"):
            self.assertRegex(text, wanted)
        text = output("openssl", "x509", "-in", leaf, "-noout", "-text")
        for wanted in (r"Basic Constraints: critical\s+CA:FALSE", r"Subject Alternative Name: \s+DNS:localhost, IP Address:127\.0\.0\.1\n", r"Extended Key Usage: \s+TLS Web Server Authentication\n", r"ASN1 OID: prime256v1"):
            self.assertRegex(text, wanted)
        subprocess.run(["openssl", "x509", "-in", leaf, "-noout", "-checkend", str(390 * 86400)], check=True, capture_output=True)
        self.assertNotEqual(subprocess.run(["openssl", "x509", "-in", leaf, "-noout", "-checkend", str(397 * 86400)], capture_output=True).returncode, 0)
        verify = ["openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", authority]
        for name, option, fine in (("localhost", "-verify_hostname", True), ("127.0.0.1", "-verify_ip", True), ("phiscan.clinic.example", "-verify_hostname", False), ("127.0.0.2", "-verify_ip", False)):
            self.assertEqual(subprocess.run([*verify, option, name, leaf], capture_output=True).returncode == 0, fine, name)
        self.assertEqual(stat.S_IMODE(self.key.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(self.chain.stat().st_mode), 0o644)

    def test_the_constraints_bind_even_whoever_had_the_key(self):
        """The same authority with a key that we have: what it signs for other names is refused, and so is an authority below it."""
        self.cert("make")
        _, authority = self.parts()
        folder = authority.parent
        secret, twin, request, leaf, extensions = (folder / name for name in ("twin.key", "twin.pem", "request.pem", "bad.pem", "extensions"))
        said = output("openssl", "x509", "-in", authority, "-noout", "-text")
        self.assertIn("DNS:localhost", said)
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", secret, "-out", twin, "-days", "30", "-subj", "/CN=twin",
                "-addext", "basicConstraints=critical,CA:TRUE,pathlen:0", "-addext", "nameConstraints=critical,permitted;DNS:localhost,permitted;IP:127.0.0.1/255.255.255.255", "-addext", "keyUsage=critical,keyCertSign")
        constraints = [re.search(r"Name Constraints: critical\n(.*?)X509v3 (?:Subject|Key)", output("openssl", "x509", "-in", one, "-noout", "-text"), re.S).group(1).split() for one in (authority, twin)]
        self.assertEqual(constraints[0], [word for word in constraints[1]])
        for name, fine in (("DNS:localhost", True), ("DNS:bank.example", False), ("DNS:localhost,DNS:bank.example", False), ("IP:10.0.0.1", False), ("IP:0:0:0:0:0:0:0:1", False)):
            openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", folder / "bad.key", "-out", request, "-subj", "/O=other")
            extensions.write_text(f"subjectAltName={name}\nbasicConstraints=critical,CA:FALSE\n")
            openssl("x509", "-req", "-in", request, "-CA", twin, "-CAkey", secret, "-CAcreateserial", "-out", leaf, "-days", "30", "-extfile", extensions)
            self.assertEqual(subprocess.run(["openssl", "verify", "-CAfile", twin, leaf], capture_output=True).returncode == 0, fine, name)

    def test_the_key_of_the_authority_is_nowhere(self):
        """Every 32 bytes of every file that was written are tried as that key."""
        self.cert("make")
        leaf, authority = self.parts()
        wanted = {}
        for name, file in (("leaf", leaf), ("authority", authority)):
            key = subprocess.run(["openssl", "x509", "-in", file, "-noout", "-pubkey"], check=True, capture_output=True).stdout
            wanted[base64.b64decode(b"".join(key.split(b"\n")[1:-2]))[-64:-32]] = name
        shutil.rmtree(leaf.parent)
        found = set()
        for file in (path for path in self.home.folder.rglob("*") if path.is_file() and path.suffix not in (".db", ".txt") and "authority" not in path.parts):
            data = file.read_bytes()
            blocks = [base64.b64decode(one) for one in re.findall(rb"-----BEGIN [A-Z ]+-----\n(.*?)-----END", data, re.S)]
            if not blocks:
                self.assertNotIn(b"PRIVATE", data)
            for block in blocks:
                for at in range(len(block) - 31):
                    one = wanted.get(public_x(int.from_bytes(block[at:at + 32], "big")))
                    if one:
                        found.add((one, file.name))
        self.assertEqual(found, {("leaf", "own.key")})  # the search itself works
        for database in self.home.folder.rglob("cert9.db"):
            keys = subprocess.run(["certutil", "-K", "-d", f"sql:{database.parent}"], capture_output=True, text=True)
            self.assertRegex(keys.stdout + keys.stderr, "no keys found")

    def test_renewing_and_removing(self):
        firefox = self.user / ".mozilla/firefox/abcd.default"
        firefox.mkdir(parents=True)
        output("certutil", "-N", "-d", f"sql:{firefox}", "--empty-password")
        self.cert("status", code=1)
        self.cert("renew", code=1)
        said = self.cert("make")
        self.assertIn("Firefox, profile abcd.default", said)
        first, names = self.chain.read_text(), self.trusted()
        self.assertEqual([flags for _, flags in names], ["C,,"])
        self.assertIn("already", self.cert("make"))
        self.assertEqual(self.chain.read_text(), first)
        old_key = self.key.read_text()
        self.cert("renew")
        self.assertNotEqual(self.chain.read_text(), first)
        self.assertNotEqual(self.key.read_text(), old_key)
        second = self.trusted()
        self.assertEqual(len(second), 2)  # the old one too, for the minute in which the service still shows it
        self.cert("renew")
        self.assertEqual(len(self.trusted()), 2)
        self.assertNotIn(names[0], self.trusted())
        status = json.loads(self.cert("status", "--json"))
        self.assertIsNone(status["problem"])
        self.assertIn(status["days"], (395, 396))
        self.cert("remove")
        self.assertEqual(self.trusted(), [])
        self.assertNotIn("phiscan", output("certutil", "-L", "-d", f"sql:{firefox}"))
        self.assertEqual([path.name for path in self.one.folder.iterdir() if path.name.startswith("own")], [])
        self.assertIn("nothing to remove", self.cert("remove"))

    def test_a_timer_renews_what_is_due(self):
        old = self.put(31)
        for _ in range(2):
            self.assertIn("nothing to renew before", self.cert("renew", "--due"))
        self.assertEqual(self.chain.read_text(), old)
        for days in (29, 1, -1):
            with self.subTest(days):
                old = self.put(days)
                self.cert("status", code=1)
                self.assertIn("is good until", self.cert("renew", "--due"))
                self.assertNotEqual(self.chain.read_text(), old)
                status = json.loads(self.cert("status", "--json"))
                self.assertIsNone(status["problem"])
                self.assertIn(status["days"], (395, 396))
                new = self.chain.read_text()
                self.assertIn("nothing to renew before", self.cert("renew", "--due"))
                self.assertEqual(self.chain.read_text(), new)
        self.key.unlink()
        self.cert("renew", "--due")
        self.assertIsNone(json.loads(self.cert("status", "--json"))["problem"])
        # Where there is nothing of ours a timer has nothing to complain about.
        self.one.write(certificate="site.pem", key="site.key")
        before = self.one.certificate.read_bytes(), self.one.key.read_bytes()
        self.assertIn("not made here", self.cert("renew", "--due"))
        self.one.write(mode="server")
        self.assertIn("mode server", self.cert("renew", "--due"))
        self.assertEqual((self.one.certificate.read_bytes(), self.one.key.read_bytes()), before)

    def test_a_timer_without_a_home_renews_for_everybody(self):
        """As a service manager starts it: no HOME, so no browsers to tell; that is no failure."""
        old = self.put(3)
        environment = {name: value for name, value in self.home.environment().items() if name != "HOME"}
        done = subprocess.run([PROGRAM, "cert", "renew", "--due", "--config", str(self.one.config)], env=environment, capture_output=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, b""), done)
        self.assertNotEqual(self.chain.read_text(), old)
        self.assertEqual(len(self.trusted()), 1)  # the old one; this user is told by the next line
        self.cert("trust")
        self.assertIsNone(json.loads(self.cert("status", "--json"))["problem"])

    def test_the_service_says_so_and_takes_the_new_one_over(self):
        self.put(-1)
        self.one.start(wait=False)
        self.assertEqual(self.one.process.wait(60), 1)
        self.one.stop()
        self.assertRegex(self.one.log().decode(), r"ended on 2020-02-01; get a new one \(`phiscan-host cert status` says more\)")
        self.put(10)
        self.one.start()
        self.one.wait_for(b"the certificate ends soon days=")
        self.assertIn(json.loads(self.one.get("/healthz")[2])["certificate_days"], (9, 10))
        self.cert("renew", "--due")
        self.one.hang_up()
        self.one.authority.file = self.parts()[1]
        self.assertIn(json.loads(self.one.get("/healthz")[2])["certificate_days"], (395, 396))

    def test_somebody_else_on_this_machine(self):
        """Their browsers trust a new certificate by `cert trust`, which changes no file; and forget the old one the time after."""
        self.cert("trust", code=1)
        self.cert("make")
        first = self.chain.read_text()
        shutil.rmtree(self.user / ".pki")
        self.cert("trust")
        self.assertEqual((len(self.trusted()), self.chain.read_text()), (1, first))
        old = self.trusted()
        kept = self.home.folder / "their nssdb"
        shutil.copytree(self.user / ".pki/nssdb", kept)
        self.cert("renew")
        shutil.rmtree(self.user / ".pki/nssdb")
        shutil.copytree(kept, self.user / ".pki/nssdb")  # theirs, which knows the old one only
        self.cert("trust")
        self.assertEqual(len(self.trusted()), 2)
        self.cert("trust")
        self.assertEqual(len(self.trusted()), 1)
        self.assertNotEqual(self.trusted(), old)

    def test_the_folder_is_made(self):
        self.one.write(certificate="tls/localhost.pem", key="tls/localhost.key")
        self.cert("make")
        self.assertIsNone(json.loads(self.cert("status", "--json"))["problem"])
        self.cert("remove")
        self.assertEqual(list((self.one.folder / "tls").iterdir()), [])

    def test_what_is_not_ours_stays(self):
        self.one.write(certificate="site.pem", key="site.key")
        before = self.one.certificate.read_bytes(), self.one.key.read_bytes()
        for verb in ("make", "renew", "status"):
            self.assertRegex(self.cert(verb, code=1), "made here")
        self.assertIn("stays", self.cert("remove"))
        self.assertEqual((self.one.certificate.read_bytes(), self.one.key.read_bytes()), before)
        self.assertEqual(self.trusted(), [])
        self.one.write(mode="server")
        self.assertIn("mode server", self.cert("make", code=1))
        for words in (("cert",), ("cert", "sign"), ("cert", "make", "x")):
            self.assertEqual(self.home.run(*words).returncode, 2)


class Trusted(Case):
    def page(self, port):
        done = subprocess.run([CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--dump-dom", f"https://localhost:{port}/taskpane.html"],
                              env=self.home.environment(), capture_output=True, timeout=120)
        return "<title>phiscan</title>" in done.stdout.decode()

    @unittest.skipUnless(CHROMIUM, "Chromium is not installed (./dev setup installs it)")
    def test_chromium(self):
        self.cert("make")
        self.one.start()
        self.assertTrue(self.page(self.one.port))
        self.cert("renew")
        self.assertTrue(self.page(self.one.port))  # the service still shows the old one
        self.one.hang_up()
        self.assertTrue(self.page(self.one.port))
        for name, _ in self.trusted():
            output("certutil", "-D", "-d", f"sql:{self.user}/.pki/nssdb", "-n", name)
        self.assertFalse(self.page(self.one.port))
        self.cert("make")
        self.assertTrue(self.page(self.one.port))
        self.cert("remove")
        self.assertFalse(self.page(self.one.port))

    @unittest.skipUnless(CAN_UNSHARE, "needs a mount namespace (root) and update-ca-certificates")
    def test_the_bundle_of_the_machine(self):
        before = sorted(path.name for path in pathlib.Path("/etc/ssl/certs").iterdir())
        script = f"""set -e
for place in /etc/ssl/certs /usr/local/share/ca-certificates; do mount -t tmpfs tmpfs $place; done
ask() {{ curl --silent --show-error --max-time 60 https://localhost:{self.one.port}/healthz; }}
"{PROGRAM}" cert make --system --config {self.one.config}
"{PROGRAM}" serve --config {self.one.config} 2>{self.home.folder}/errors & host=$!
trap 'kill $host' EXIT
for i in $(seq 600); do grep -q listening {self.home.folder}/errors && break; sleep 0.1; done
ask
curl --silent --max-time 60 https://127.0.0.1:{self.one.port}/healthz >/dev/null || [ $? -eq 22 ]
openssl s_client -connect localhost:{self.one.port} -verify_return_error </dev/null >/dev/null 2>&1
"{PROGRAM}" cert remove --config {self.one.config}
if ask 2>&1; then exit 9; fi
ls /usr/local/share/ca-certificates /etc/ssl/certs | grep -c phiscan && exit 8
exit 0
"""
        done = subprocess.run(["unshare", "-m", "sh", "-c", script], env=self.home.environment(), capture_output=True, timeout=300, text=True)
        self.assertEqual(done.returncode, 0, done)
        self.assertIn('"ok":true', done.stdout)
        self.assertIn("SSL certificate problem", done.stdout)
        self.assertEqual(sorted(path.name for path in pathlib.Path("/etc/ssl/certs").iterdir()), before)
        self.assertFalse([path for path in pathlib.Path("/usr/local/share/ca-certificates").glob("phiscan*")])


if __name__ == "__main__":
    unittest.main()
