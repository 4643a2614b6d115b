"""A hundred sends in one Thunderbird: nothing of ours grows with them. Limits are for what a leak of one thing for each Send would show."""

import os
import pathlib
import time
import unittest

from cases import LABS, Case
from thunderbird import ADDON

WARM = 20
SENDS = 100


class Growth(Case):
    # The background is never suspended: one that starts anew every half minute would hide what it keeps.
    options = {"prefs": {"extensions.background.idle.timeout": 3_600_000}}

    def test_a_hundred_sends_leave_nothing_behind(self):
        taken = {}
        for count in range(1, SENDS + 1):
            self.one_send(count)
            if count in (WARM, SENDS // 2, SENDS):
                taken[count] = self.measure()
                print(f"after {count:3} sends: {taken[count]}", flush=True)
        before, after = taken[WARM], taken[SENDS]
        self.assertEqual(len(self.tb.host_starts), 1, "the host was started again")
        self.assertEqual(after["windows"], before["windows"])
        self.assertEqual(after["views"], before["views"])
        self.assertEqual(after["host files"], before["host files"])
        self.assertLessEqual(after["files"], before["files"] + 10)
        # The state file keeps digests of who was written to; the memory of the host does not grow with them.
        self.assertLess(after["host kB"], before["host kB"] + 3_000)
        # One held message, its question and its draft are some 200 kB; 80 of them would be 16 MB.
        self.assertLess(after["add-on kB"], before["add-on kB"] + 15_000)
        # What Thunderbird's windows and scripts hold; a compose window that we hold on to would be 3 MB and more.
        self.assertLess(after["objects kB"], before["objects kB"] + 10_000)
        self.assertEqual(after["ghosts"], 0)
        # Its whole memory also has what its allocator keeps: 40 to 110 MB more, measured while the objects did not grow.
        self.assertLess(after["Thunderbird kB"], before["Thunderbird kB"] + 200_000)

    def one_send(self, count):
        """Each fourth is asked about: half of those are given back first, through the X of the window. Each has a
        new recipient: about one that was answered for, nobody is asked again."""
        asked = count % 4 == 0
        if asked:
            tab = self.tb.compose(to=[f"Dana Roe <dana.roe.{count}@mail.example>"], subject=f"Your labs {count}", body=LABS + "<p>" + f"This is sentence {count}. " * 200 + "</p>")
        else:
            tab = self.tb.compose(to=["Rosa <rosa@valleylab.example>"], subject=f"Lunch {count}", body=f"<p>Shall we have lunch on Friday, at table {count}?</p>",
                                  attachments=[("menu.txt", b"Soup, bread and tea.\n" * 50, "text/plain")] if count % 2 else [])
        if count % 8 == 0:
            self.tb.send(tab)
            self.tb.question(ready="review", tab=tab)
            self.tb.close_question()
            self.tb.wait_unlocked(tab)
        self.tb.send(tab)
        if asked:
            self.tb.question(ready="review", tab=tab)
            self.tb.send_anyway(tab=tab)
        self.sent()
        self.tb.wait_closed(tab)
        self.tb.sink.mails.clear()

    def measure(self):
        """After all that can be freed is freed, and what waits for closed windows (5 s) is over."""
        time.sleep(6)
        for _ in range(3):
            # The scripts that these tests run in pages are kept by Thunderbird for ever, unless it is told to forget them.
            self.tb.chrome("""
              Services.obs.notifyObservers(null, "message-manager-flush-caches");
              Services.obs.notifyObservers(null, "child-mmu-request");
              const manager = Cc["@mozilla.org/memory-reporter-manager;1"].getService(Ci.nsIMemoryReporterManager);
              await new Promise(resolve => manager.minimizeMemoryUsage(resolve));
            """)
            time.sleep(1)
        seen = self.tb.chrome("""
          const info = await ChromeUtils.requestProcInfo();
          const { extension } = WebExtensionPolicy.getByID(arguments[0]);
          const manager = Cc["@mozilla.org/memory-reporter-manager;1"].getService(Ci.nsIMemoryReporterManager);
          let held = 0;
          await new Promise(resolve => manager.getReports((process, path, kind, units, amount) => {
            if (/^(main|$)/i.test(process) && /^explicit\/(window-objects|js-non-window)\//.test(path) && units == Ci.nsIMemoryReporter.UNITS_BYTES) held += amount;
          }, null, resolve, null, false));
          return {
            held: Math.round(held / 1000), ghosts: manager.ghostWindows,
            processes: info.children.filter(one => one.type == "extension").map(one => one.pid),
            windows: [...Services.wm.getEnumerator(null)].length,
            views: extension.views.size,
          };
        """, ADDON)
        self.assertEqual(len(seen["processes"]), 1)
        (host,) = self.tb.host_pids
        return {
            "add-on kB": private_kb(seen["processes"][0]), "Thunderbird kB": private_kb(self.tb.process.pid), "host kB": private_kb(host),
            "files": len(os.listdir(f"/proc/{self.tb.process.pid}/fd")), "host files": len(os.listdir(f"/proc/{host}/fd")),
            "windows": seen["windows"], "views": seen["views"], "objects kB": seen["held"], "ghosts": seen["ghosts"],
        }


def private_kb(pid):
    """Memory that this process alone has."""
    lines = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
