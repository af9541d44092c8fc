"""A headless Chromium, driven over a pipe by its DevTools protocol: nothing to install but the browser."""

import base64
import itertools
import json
import os
import select
import shutil
import subprocess
import time

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]


def find():
    """The program, or None."""
    wanted = os.environ.get("IDINIT_CHROMIUM")
    return wanted or next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """One page. Use as a context manager."""

    def __init__(self, profile):
        to_read, self.to_write = os.pipe()
        self.to_listen, to_answer = os.pipe()
        options = [
            "--headless=new", "--remote-debugging-pipe", f"--user-data-dir={profile}", "--no-first-run",
            "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
            # Nothing may come from a network, and nothing is asked of one.
            "--disable-background-networking", "--disable-component-update", "--proxy-server=127.0.0.1:9",
        ]
        # The protocol is spoken on descriptors 3 and 4.
        command = f'exec "$0" "$@" 3<&{to_read} 4>&{to_answer} {to_read}<&- {to_answer}>&-'
        if {to_read, to_answer} & {3, 4}:
            high = [os.dup2(to_read, 50), os.dup2(to_answer, 51)]
            command = 'exec "$0" "$@" 3<&50 4>&51 50<&- 51>&-'
            os.close(to_read), os.close(to_answer)
            to_read, to_answer = high
        self.process = subprocess.Popen(
            ["bash", "-c", command, find(), *options], pass_fds=[to_read, to_answer], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_read), os.close(to_answer)
        self.numbers = itertools.count(1)
        self.buffer = b""
        self.events = []
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.call(f"{domain}.enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.to_write), os.close(self.to_listen)

    def message(self, seconds):
        """The next message, or None if none comes."""
        end = time.monotonic() + seconds
        while b"\0" not in self.buffer:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.to_listen], [], [], left)[0]:
                return None
            part = os.read(self.to_listen, 1 << 16)
            assert part, "Chromium has ended"
            self.buffer += part
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **parameters):
        number = next(self.numbers)
        request = {"id": number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        data = json.dumps(request).encode() + b"\0"
        while data:
            data = data[os.write(self.to_write, data):]
        while True:
            message = self.message(60)
            assert message is not None, f"Chromium does not answer {method}"
            if message.get("id") == number:
                assert "error" not in message, f"{method}: {message['error']}"
                return message["result"]
            self.events.append(message)

    def open(self, url, width, height=900, dark=False, scripts=True):
        """Opens a page and waits until it is loaded."""
        self.events = []
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.call("Page.navigate", url=url)
        end = time.monotonic() + 60
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            assert time.monotonic() < end, f"{url} is not loaded"
            message = self.message(1)
            if message:
                self.events.append(message)

    def evaluate(self, expression):
        """The value of a JavaScript expression, after its promise is kept."""
        result = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def wait(self, expression, seconds=60):
        """Waits until an expression is true."""
        end = time.monotonic() + seconds
        while not self.evaluate(expression):
            assert time.monotonic() < end, f"never true: {expression}"
            time.sleep(0.1)

    def problems(self):
        """What the console shows in red or yellow, exceptions, and requests that went anywhere."""
        found = []
        for event in self.events:
            method, parameters = event.get("method"), event.get("params", {})
            if method == "Runtime.exceptionThrown":
                found.append(parameters["exceptionDetails"].get("exception", {}).get("description", "exception"))
            elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
                found.append(" ".join(str(part.get("value", part.get("description"))) for part in parameters["args"]))
            elif method == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
                found.append(parameters["entry"]["text"])
            elif method == "Network.requestWillBeSent" and not parameters["request"]["url"].startswith(("file:", "data:")):
                found.append("asks the network for " + parameters["request"]["url"])
        return found

    def screenshot(self, path):
        """The whole page, as PNG."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        data = self.call(
            "Page.captureScreenshot", captureBeyondViewport=True,
            clip={"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1})["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))
