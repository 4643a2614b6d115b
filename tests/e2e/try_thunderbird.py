"""A Thunderbird to try phiscan with: throw-away profile, the example clinic's policy, and a mail server that keeps what is sent here."""

import os
import pathlib
import sys
import time

from cases import DANA, LABS
from thunderbird import BUILD, Thunderbird


def main():
    pictures = "--screenshots" in sys.argv or not os.environ.get("DISPLAY")
    if pictures:
        os.environ.setdefault("PHISCAN_SCREENSHOTS", str(BUILD / "screenshots"))
    tb = Thunderbird(headless=pictures)
    try:
        tab = tb.compose(to=[DANA], subject="Your labs", body=LABS)
        tb.wait_button(tab, "badge", lambda badge: badge.isdigit())
        if pictures:
            walk(tb, tab)
        else:
            stay(tb)
    finally:
        tb.close()


def stay(tb):
    print("    A message is open: look at its first line, then press Send. Nothing leaves this computer.")
    print("    Close Thunderbird to end.")
    mails = BUILD / "try-thunderbird"
    mails.mkdir(exist_ok=True)
    kept = 0
    while tb.process.poll() is None:
        for mail in tb.sink.mails[kept:]:
            kept += 1
            file = mails / f"{kept}.eml"
            file.write_bytes(mail.bytes)
            print(f"    sent to {', '.join(mail.recipients)}: {file}")
        time.sleep(0.3)


def walk(tb, tab):
    tb.picture("try-1-writing", "msgcompose")
    tb.send(tab)
    tb.question(ready="review")
    time.sleep(0.5)
    tb.picture("try-2-question")
    tb.offer("use_portal")
    tb.question(ready="handoff")
    time.sleep(0.5)
    tb.picture("try-3-portal")
    tb.picture("try-4-note", "msgcompose")
    tb.close_question()
    tb.send(tab)
    tb.sink.wait(1)
    print(f"    sent: {tb.sink.mails[0].message['Subject']}")
    folder = pathlib.Path(os.environ["PHISCAN_SCREENSHOTS"])
    for file in sorted(folder.glob("thunderbird-try-*.png")):
        print(f"    {file}")


if __name__ == "__main__":
    main()
