"""Thunderbird's remote control: frames of "<length>:<json>" over TCP, scripts in its own privileged context."""

import base64
import json
import socket
import time


class ScriptError(Exception):
    pass


class Marionette:
    def __init__(self, port, seconds=40):
        self._next = 0
        end = time.monotonic() + seconds
        while True:
            try:
                self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
                self._file = self._socket.makefile("rb")
                self._read()
                break
            except (OSError, ValueError):
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)
        self.call("WebDriver:NewSession", {"capabilities": {}})
        self.call("Marionette:SetContext", {"value": "chrome"})
        self.call("WebDriver:SetTimeouts", {"script": 60000})

    def _read(self):
        digits = b""
        while (one := self._file.read(1)) != b":":
            if not one:
                raise OSError("Thunderbird closed the connection")
            digits += one
        return json.loads(self._file.read(int(digits)))

    def call(self, name, params):
        self._next += 1
        frame = json.dumps([0, self._next, name, params]).encode()
        self._socket.sendall(b"%d:%s" % (len(frame), frame))
        _, number, error, result = self._read()
        assert number == self._next, (number, self._next)
        if error:
            raise ScriptError(f"{error.get('error')}: {error.get('message')}")
        return result.get("value") if isinstance(result, dict) and "value" in result else result

    def run(self, script, *args):
        """`script` is the body of a function with `arguments`."""
        return self.call("WebDriver:ExecuteScript", {"script": script, "args": list(args), "sandbox": "system", "newSandbox": False})

    def wait_for(self, script, *args):
        """The same, with the body of an async function."""
        body = "const [args, done] = [arguments[0], arguments[arguments.length - 1]]; (async (...arguments) => {" + script + "})(...args).then(value => done({value: value ?? null}), error => done({error: String(error)}));"
        reply = self.call("WebDriver:ExecuteAsyncScript", {"script": body, "args": [list(args)], "sandbox": "system", "newSandbox": False})
        if "error" in reply:
            raise ScriptError(reply["error"])
        return reply["value"]

    def screenshot(self, handle, path):
        self.call("WebDriver:SwitchToWindow", {"handle": handle, "focus": False})
        picture = self.call("WebDriver:TakeScreenshot", {"full": False})
        path.write_bytes(base64.b64decode(picture))

    def close(self):
        self._file.close()
        self._socket.close()
