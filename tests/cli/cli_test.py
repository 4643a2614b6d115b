"""The command line as a user meets it: exit codes, formats, sources, bad input, help. Standard library only.

Run by ctest; by hand: PHISCAN=build/bin/phiscan python3 tests/cli/cli_test.py
"""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

PHISCAN = os.environ.get("PHISCAN", "build/bin/phiscan")
BROKEN_EXTRACTOR = os.environ.get("PHISCAN_EXTRACT_BROKEN", "")
ROOT = pathlib.Path(__file__).resolve().parents[2]
MAN = ROOT / "bindings/cli/phiscan.1"

# Words that must never come back on standard error.
CANARY = "Zebulon Quartermain"

PHI = f"""From: Front Desk <frontdesk@clinic.example>
To: Claims <claims@insurer.test>
Subject: Lab result for {CANARY}
Date: Mon, 02 Nov 2026 09:00:00 -0500
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Patient: {CANARY}
DOB: 03/14/1961
MRN: 00412345

Her hemoglobin A1c is 9.2 %. She takes metformin 500 mg twice a day for type 2 diabetes.
"""

CLEAN = """From: Office <office@clinic.example>
To: Supplies <orders@paper.example>
Subject: Paper order {n}
Date: Mon, 02 Nov 2026 09:00:00 -0500

Please send ten boxes of paper to the back door. Thanks!
"""

BASIC = ["--no-cache"]


def run(*words, stdin=None, env=None, cwd=None):
    full = {**os.environ, "XDG_CACHE_HOME": run.cache, **(env or {})}
    full.pop("NO_COLOR", None) if not env or "NO_COLOR" not in env else None
    return subprocess.run([PHISCAN, *map(str, words)], input=stdin, capture_output=True, text=True, env=full, cwd=cwd, timeout=120)


run.cache = tempfile.mkdtemp()


def tearDownModule():
    shutil.rmtree(run.cache, ignore_errors=True)


def lines(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, text, mode="w"):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if mode == "wb":
            path.write_bytes(text)
        else:
            path.write_text(text, newline="")
        return path

    def check_silent(self, result):
        for word in CANARY.split():
            self.assertNotIn(word, result.stderr)


class Scanning(Case):
    def test_a_clean_mail_is_allowed_with_0(self):
        result = run("scan", self.write("a.eml", CLEAN.format(n=1)))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("ALLOW", result.stdout)
        self.assertEqual(result.stderr, "")

    def test_patient_information_outside_asks_with_10(self):
        result = run("scan", self.write("a.eml", PHI))
        self.assertEqual(result.returncode, 10, result.stdout + result.stderr)
        self.assertIn("CONFIRM", result.stdout)
        self.assertIn("[00412345]", result.stdout)  # marked in the sender's own text
        self.assertIn("claims@insurer.test", result.stdout)
        self.check_silent(result)

    def test_enforced_policy_gives_11_or_12(self):
        policy = self.write("policy.json", json.dumps({"schema": "phiscan.policy/1", "id": "t", "version": "1", "mode": "enforce"}))
        to = PHI.replace("claims@insurer.test", "claims@cIinic.example")
        result = run("scan", "--policy", policy, self.write("a.eml", to))
        self.assertIn(result.returncode, (10, 11, 12), result.stdout + result.stderr)

    def test_jsonl_has_one_line_per_mail_in_input_order_with_two_jobs(self):
        for n in range(60):
            self.write(f"{n:03}.eml", PHI if n % 7 == 0 else CLEAN.format(n=n))
        result = run("scan", "--format", "jsonl", "--jobs", "2", self.folder)
        self.assertEqual(result.returncode, 10)
        sources = [line["source"] for line in lines(result)]
        self.assertEqual(sources, [str(self.folder / f"{n:03}.eml") for n in range(60)])
        for line in lines(result):
            self.assertEqual(set(line), {"source", "index", "ms", "report"})
            self.assertEqual(line["report"]["schema"], "phiscan.report/1")
        again = run("scan", "--format", "jsonl", "--jobs", "1", self.folder)
        self.assertEqual([line["report"] for line in lines(result)], [line["report"] for line in lines(again)])

    def test_reports_hold_no_words_of_the_mail(self):
        for form in ("json", "jsonl"):
            result = run("scan", "--explain", "--format", form, self.write("a.eml", PHI))
            for word in CANARY.split():
                self.assertNotIn(word.lower(), result.stdout.lower())

    def test_json_is_one_array(self):
        one, two = self.write("a.eml", PHI), self.write("b.eml", CLEAN.format(n=1))
        self.assertEqual([item["source"] for item in json.loads(run("scan", "--format", "json", one, two).stdout)], [str(one), str(two)])

    def test_standard_input(self):
        for words in (["-"], []):
            result = run("scan", "--format", "jsonl", *words, stdin=PHI)
            self.assertEqual(result.returncode, 10, result.stderr)
            self.assertEqual(lines(result)[0]["source"], "-")

    def test_a_mailbox_is_cut_at_from_lines_and_unescaped(self):
        escaped = "From a@b.example Mon Nov  2 09:00:00 2026\nFrom: a@clinic.example\nTo: b@paper.example\nSubject: one\n\n>From here on\nFrom the desk of nobody\n\n"
        other = "From c@d.example Mon Nov  2 09:00:00 2026\n" + PHI + "\n"
        for name in ("Inbox", "x.mbox"):
            result = run("scan", "--format", "jsonl", self.write(name, escaped + other + escaped))
            self.assertEqual([line["index"] for line in lines(result)], [0, 1, 2])
            self.assertEqual([line["report"]["content"] for line in lines(result)], ["none", "phi", "none"])
        self.assertEqual(len(lines(run("scan", "--format", "jsonl", self.folder))), 6)

    def test_folders_hold_eml_mbox_and_maildir(self):
        self.write("b/one.eml", CLEAN.format(n=1))
        self.write("a/two.EML", CLEAN.format(n=2))
        self.write("maildir/cur/1699.M1.host:2,S", CLEAN.format(n=3))
        self.write("maildir/new/1700.M2.host", CLEAN.format(n=4))
        (self.folder / "maildir/tmp").mkdir()
        self.write("b/one.labels.json", "{}")
        self.write("b/picture.png", b"\x89PNG", "wb")
        found = [pathlib.Path(line["source"]).name for line in lines(run("scan", "--format", "jsonl", self.folder))]
        self.assertEqual(found, ["two.EML", "one.eml", "1699.M1.host:2,S", "1700.M2.host"])

    def test_requests_and_lists_of_requests(self):
        request = {"schema": "phiscan.request/1", "from": {"address": "a@clinic.example"}, "to": [{"address": "b@paper.example"}], "subject": "hi", "body": {"text": "ten boxes"}}
        one = self.write("one.json", json.dumps(request, indent=2))
        many = self.write("many.jsonl", json.dumps(request) + "\n\n" + json.dumps(request) + "\n")
        result = run("scan", "--format", "jsonl", one, many)
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertEqual([line["index"] for line in lines(result)], [0, 0, 1])
        piped = run("scan", "--format", "jsonl", stdin=json.dumps(request) + "\n" + json.dumps(request) + "\n")
        self.assertEqual(len(lines(piped)), 2)

    def test_bad_inputs_are_error_objects_and_3(self):
        good = self.write("good.eml", CLEAN.format(n=1))
        bad = [
            (self.folder / "missing.eml", "not_found"),
            (self.write("empty.eml", ""), "empty"),
            (self.write("blank.eml", " \n\n"), "empty"),
            (self.write("broken.json", '{"schema": "phiscan.request/1", "subject": "' + CANARY), "json"),
            (self.write("schema.json", '{"schema": "phiscan.request/1", "subject": "' + CANARY + '", "from": 3}'), "schema"),
            (self.write("twice.json", '{"schema": "phiscan.request/1", "from": {"address": "a@b.test"}, "subject": "' + CANARY + '", "subject": "x"}'), "json"),
        ]
        (self.folder / "none").mkdir()
        bad.append((self.folder / "none", "no_mail"))
        for path, code in bad:
            result = run("scan", "--format", "jsonl", good, path, good)
            self.assertEqual(result.returncode, 3, path)
            first, second, third = lines(result)
            self.assertIn("report", first)
            self.assertIn("report", third)
            self.assertEqual(second["error"]["code"], code, second)
            self.assertEqual(set(second["error"]), {"code", "where", "message"})
            self.assertTrue(second["error"]["message"])
            self.check_silent(result)
            self.assertNotIn(CANARY.split()[0], result.stdout)
            self.assertIn("FAILED", run("scan", path).stdout)

    def test_garbage_is_never_clean_by_accident(self):
        junk = bytes(range(256)) * 64
        result = run("scan", "--format", "jsonl", self.write("junk.eml", junk, "wb"))
        line = lines(result)[0]
        self.assertTrue("error" in line or line["report"]["schema"] == "phiscan.report/1")

    @unittest.skipUnless(BROKEN_EXTRACTOR, "no broken extractor")
    def test_a_dead_extractor_leaves_a_gap(self):
        result = run("scan", "--format", "jsonl", "--extractor", BROKEN_EXTRACTOR, self.write("a.eml", "die"))
        report = lines(result)[0]["report"]
        self.assertFalse(report["complete"])
        self.assertIn(report["gaps"][0]["why"], ("crashed", "timeout"))
        self.assertEqual(result.returncode, 10)

    def test_a_missing_extractor_says_what_to_do(self):
        result = run("scan", "--extractor", self.folder / "none", self.write("a.eml", PHI))
        self.assertEqual(result.returncode, 3)
        self.assertIn("--extractor", result.stdout)

    def test_now_and_locale_reach_the_report(self):
        path = self.write("a.eml", PHI)
        self.assertEqual(lines(run("scan", "--format", "jsonl", "--locale", "es", path))[0]["report"]["text"]["lang"], "es")
        result = run("scan", "--format", "jsonl", "--now", "yesterday", path)
        self.assertEqual(result.returncode, 3)
        self.assertEqual(lines(result)[0]["error"]["where"], "/now")

    def test_quiet_shows_only_what_needs_a_decision(self):
        self.write("a.eml", CLEAN.format(n=1))
        self.write("b.eml", PHI)
        result = run("scan", "--quiet", self.folder)
        self.assertNotIn("a.eml", result.stdout)
        self.assertIn("b.eml", result.stdout)

    def test_a_table_ends_many_mails(self):
        self.write("a.eml", CLEAN.format(n=1))
        self.write("b.eml", PHI)
        self.assertIn("2 mails", run("scan", self.folder).stdout)

    def test_control_characters_of_a_mail_do_not_reach_the_terminal(self):
        result = run("scan", "--all", self.write("a.eml", PHI.replace("Lab result", "Lab\x1b[2J\u202e result")))
        self.assertNotIn("\x1b", result.stdout)
        self.assertNotIn("\u202e", result.stdout)


class Colour(Case):
    def test_no_color_and_pipes(self):
        path = self.write("a.eml", PHI)
        self.assertNotIn("\x1b[", run("scan", path).stdout)
        self.assertIn("\x1b[", run("scan", "--color", "always", path).stdout)
        self.assertNotIn("\x1b[", run("scan", "--color", "auto", path, env={"NO_COLOR": "1"}).stdout)
        self.assertNotIn("\x1b[", run("scan", "--color=never", path).stdout)


class Cache(Case):
    def test_patterns_are_kept_privately_and_heal(self):
        folder = self.folder / "cache"
        env = {"XDG_CACHE_HOME": str(folder)}
        path = self.write("a.eml", CLEAN.format(n=1))
        self.assertEqual(run("scan", path, env=env).returncode, 0)
        self.assertEqual(run("cache", "path", env=env).stdout.strip(), str(folder / "phiscan"))
        files = list((folder / "phiscan").glob("*")) if (folder / "phiscan").exists() else []
        for file in files:  # none without Hyperscan
            self.assertEqual(file.stat().st_mode & 0o777, 0o600)
            good = file.read_bytes()
            file.write_bytes(good[: len(good) // 2])
            self.assertEqual(run("scan", path, env=env).returncode, 0)
            self.assertEqual(file.stat().st_size, len(good))
        self.assertEqual(run("cache", "clear", env=env).returncode, 0)
        self.assertEqual(list((folder / "phiscan").glob("*")) if files else [], [])

    def test_an_unwritable_folder_is_fine(self):
        result = run("scan", self.write("a.eml", CLEAN.format(n=1)), env={"XDG_CACHE_HOME": "/proc/none"})
        self.assertEqual((result.returncode, result.stderr), (0, ""))


class Usage(Case):
    COMMANDS = ["scan", "explain", "eval", "pack check", "pack bundle", "policy check", "policy describe", "cache path", "cache clear", "completions", "version", "help"]

    def test_help_of_each_command(self):
        for command in self.COMMANDS:
            by_option = run(*command.split(), "--help")
            by_command = run("help", *command.split())
            self.assertEqual(by_option.returncode, 0, command)
            self.assertIn("Usage: phiscan " + command, by_option.stdout)
            self.assertIn("Exit codes", by_option.stdout)
            self.assertEqual(by_option.stdout, by_command.stdout)
            self.assertIn(command.split()[0], run("--help").stdout)
        self.assertEqual(run().returncode, 0)

    def test_wrong_words_are_2_with_a_hint(self):
        path = self.write("a.eml", CLEAN.format(n=1))
        for words, hint in [
            (["scan", "--fromat", "json", path], "--format"),
            (["scan", "--format", "jsno", path], "json"),
            (["scna"], "scan"),
            (["pack", "chekc"], "check"),
            (["pack"], "pack check"),
            (["scan", "--jobs", "many", path], "number"),
            (["scan", "--jobs", "0", path], "64"),
            (["scan", "--policy"], "--policy"),
            (["explain"], "FILE"),
            (["version", "x"], "version"),
            (["scan", "--policy", self.folder / "none.json", path], "none.json"),
            (["eval", self.folder / "none"], "none"),
        ]:
            result = run(*words)
            self.assertEqual(result.returncode, 2, words)
            self.assertIn(hint, result.stderr, words)
            self.assertEqual(result.stdout, "")

    def test_version(self):
        self.assertRegex(run("--version").stdout, r"^phiscan \d+\.\d+\.\d+ ")

    def test_completions_parse(self):
        for shell in ("bash", "zsh", "fish"):
            script = run("completions", shell).stdout
            self.assertIn("--policy", script.replace("-l ", "--"))
            if shutil.which(shell):
                check = subprocess.run([shell, "-n"], input=script, capture_output=True, text=True)
                self.assertEqual((check.returncode, check.stderr), (0, ""), shell)
        script = run("completions", "bash").stdout
        complete = 'COMP_WORDS=(phiscan scan --for); COMP_CWORD=2; _phiscan; echo "${COMPREPLY[*]}"'
        if shutil.which("bash"):
            out = subprocess.run(["bash", "-c", script + complete], capture_output=True, text=True)
            self.assertEqual(out.stdout.strip(), "--format")

    def test_the_manual_is_sound_and_complete(self):
        if shutil.which("mandoc"):
            check = subprocess.run(["mandoc", "-T", "lint", MAN], capture_output=True, text=True)
            self.assertEqual((check.returncode, check.stdout), (0, ""))
        manual = MAN.read_text()
        for command in self.COMMANDS:
            for line in run("help", *command.split()).stdout.splitlines():
                if line.startswith("  --") and not line.startswith("  --help"):
                    self.assertIn("Fl -" + line.split()[0][2:], manual, command)


class Tools(Case):
    def test_explain_says_why_and_why_not(self):
        path = self.write("a.eml", PHI)
        result = run("explain", path)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("Steps", result.stdout)
        self.assertIn("mrn", result.stdout)
        self.assertIn("mrn", run("explain", path, "--text", "00412345").stdout)
        self.assertEqual(run("explain", path, "--text", "not there at all").returncode, 2)
        unknown = run("explain", path, "--rule", "us.nothing.like.it")
        self.assertEqual(unknown.returncode, 2)
        self.check_silent(result)

    def test_policy_check_and_describe(self):
        example = ROOT / "libphiscan/schema/examples/policy.clinic.json"
        self.assertEqual(run("policy", "check", example).returncode, 0)
        for form, begin in (("text", ""), ("markdown", "# "), ("html", "<!doctype html>"), ("json", "{")):
            for locale in ("en", "es"):
                result = run("policy", "describe", "--format", form, "--locale", locale, example)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertTrue(result.stdout.startswith(begin))
        broken = run("policy", "check", self.write("p.json", '{"schema": "phiscan.policy/1", "mode": "loud"}'))
        self.assertEqual(broken.returncode, 1)
        self.assertIn("/mode", broken.stdout)
        self.assertEqual(run("scan", "--policy", self.folder / "p.json", "-", stdin=PHI).returncode, 2)

    def test_pack_bundle_and_check(self):
        source = ROOT / "libphiscan/packs/us-core"
        out = self.folder / "us.json"
        result = run("pack", "bundle", source, "-o", out)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(json.loads(out.read_text())["schema"], "phiscan.pack/1")
        path = self.write("a.eml", PHI)
        built_in = lines(run("scan", "--format", "jsonl", path))[0]["report"]
        bundled = lines(run("scan", "--format", "jsonl", "--pack", out, path))[0]["report"]
        self.assertEqual(built_in, bundled)
        broken = json.loads(out.read_text())
        broken["rules"][0]["pattern"] = "(a"
        result = run("pack", "check", self.write("broken.json", json.dumps(broken)))
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)

    def test_eval_measures_and_holds_a_baseline(self):
        labels = {"content": "phi", "accept": ["phi"], "severity": 3, "categories": ["lab"], "patients": 1, "split": "tuning",
                  "spans": [{"label": "mrn", "part": "body.text", "text": "00412345"}]}
        self.write("c/phi/a.eml", PHI)
        self.write("c/phi/a.labels.json", json.dumps(labels))
        self.write("c/clean/b.eml", CLEAN.format(n=1))
        self.write("c/clean/b.labels.json", json.dumps({"content": "none", "accept": ["none"], "split": "held_out", "spans": []}))
        figures = self.folder / "figures.json"
        result = run("eval", self.folder / "c", "--update", figures, "--json", self.folder / "all.json")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("recall", result.stdout)
        for word in CANARY.split():
            self.assertNotIn(word, result.stdout + (self.folder / "all.json").read_text())
        self.assertEqual(run("eval", self.folder / "c", "--baseline", figures).returncode, 0)
        better = json.loads(figures.read_text())
        better["splits"]["all"]["phi_recall"] = 1.5
        figures.write_text(json.dumps(better))
        worse = run("eval", self.folder / "c", "--baseline", figures)
        self.assertEqual(worse.returncode, 1)
        self.assertIn("phi_recall", worse.stderr)
        self.assertEqual(run("eval", self.folder / "c", "--split", "tuning").returncode, 0)


if __name__ == "__main__":
    unittest.main()
