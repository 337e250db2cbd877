"""Starts the real program on a small catalogue of its own, changes that catalogue, and starts the program again."""

import os
import re
import subprocess
from pathlib import Path
from threading import Thread

TIMEOUT = 30
READY = re.compile(r"ready at http://([^,\s]+)")
TOOL = "slug: tool\nkind: TOOL\nname: tool\nsummary: {}\n"


class Server:
    """`host` is its address with its port, which stays the same when it is started again."""

    def __init__(self, folder):
        self.program = os.environ.get("STACKFIT_PROGRAM")
        if not self.program:
            raise RuntimeError("STACKFIT_PROGRAM must name the built program; tests/run sets it")
        self.files = folder / "files"
        (self.files / "technologies").mkdir(parents=True)
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
        self.host = "127.0.0.1:0"
        self.change("Zero.")
        self.resume()

    def change(self, summary):
        """Makes one change, as users do: by importing a file."""
        (self.files / "technologies/tool.yaml").write_text(TOOL.format(summary), encoding="utf-8")
        command = [self.program, "import", str(self.files)]
        subprocess.run(command, env=self.environment, check=True, capture_output=True, timeout=TIMEOUT)

    def resume(self):
        streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        command = [self.program, "serve", "--listen", self.host]
        self.child = subprocess.Popen(command, env=self.environment, text=True, **streams)
        self.host = wait_until_ready(self.child.stderr)

    def halt(self):
        self.child.terminate()
        self.child.wait(TIMEOUT)


def wait_until_ready(log):
    lines = []
    for line in log:
        lines.append(line)
        if ready := READY.search(line):
            # A log that nobody reads fills its pipe, and the program then stands still.
            Thread(target=log.read, daemon=True).start()
            return ready[1]
    raise RuntimeError(f"the program ended: {''.join(lines)}")


def committed_schema():
    return (Path(__file__).parents[3] / "schema/schema.graphql").read_text(encoding="utf-8")
