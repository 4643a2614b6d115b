// Without this call Office.js never listens for events. It has no place in launchevent.js: classic Outlook does not run what waits for it.
Office.onReady();
