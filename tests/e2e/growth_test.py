"""A hundred sends in one Thunderbird: nothing of ours grows with them. Limits are for what a leak of one thing for each Send would show."""

import os
import pathlib
import time
import unittest

from cases import DANA, LABS, Case

WARM = 20
SENDS = 100


class Growth(Case):
    def test_a_hundred_sends_leave_nothing_behind(self):
        taken = {}
        for count in range(1, SENDS + 1):
            self.one_send(count)
            if count in (WARM, SENDS // 2, SENDS):
                taken[count] = self.measure()
                print(f"after {count:3} sends: {taken[count]}")
        before, after = taken[WARM], taken[SENDS]
        self.assertEqual(len(self.tb.host_pids), 1)
        self.assertEqual(len((self.tb.folder / "host.pids").read_text().split()), 1, "the host was started again")
        self.assertEqual(after["windows"], before["windows"])
        self.assertEqual(after["views"], before["views"])
        self.assertEqual(after["host files"], before["host files"])
        self.assertLessEqual(after["files"], before["files"] + 10)
        # The state file keeps digests of who was written to; the memory of the host does not grow with them.
        self.assertLess(after["host kB"], before["host kB"] + 3_000)
        # One held message, its question and its draft are some 200 kB; 80 of them would be 16 MB.
        self.assertLess(after["add-on kB"], before["add-on kB"] + 10_000)

    def one_send(self, count):
        """Each fourth is asked about: half of those are given back first, through the X of the window."""
        asked = count % 4 == 0
        if asked:
            tab = self.tb.compose(to=[DANA], subject=f"Your labs {count}", body=LABS + "<p>" + f"This is sentence {count}. " * 200 + "</p>")
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
            self.tb.chrome("""
              Services.obs.notifyObservers(null, "child-mmu-request");
              const manager = Cc["@mozilla.org/memory-reporter-manager;1"].getService(Ci.nsIMemoryReporterManager);
              await new Promise(resolve => manager.minimizeMemoryUsage(resolve));
            """)
            time.sleep(1)
        seen = self.tb.chrome("""
          const info = await ChromeUtils.requestProcInfo();
          const { extension } = WebExtensionPolicy.getByID(arguments[0]);
          return {
            processes: info.children.filter(one => one.type == "extension").map(one => one.pid),
            windows: [...Services.wm.getEnumerator(null)].length,
            views: extension.views.size,
          };
        """, "thunderbird@phiscan")
        self.assertEqual(len(seen["processes"]), 1)
        (host,) = self.tb.host_pids
        return {
            "add-on kB": private_kb(seen["processes"][0]), "Thunderbird kB": private_kb(self.tb.process.pid), "host kB": private_kb(host),
            "files": len(os.listdir(f"/proc/{self.tb.process.pid}/fd")), "host files": len(os.listdir(f"/proc/{host}/fd")),
            "windows": seen["windows"], "views": seen["views"],
        }


def private_kb(pid):
    """Memory that this process alone has."""
    lines = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
