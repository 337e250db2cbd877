"""What the tests in Python share: how the real program is started and stopped, and the committed schema."""

import os
import re
import subprocess
from pathlib import Path
from threading import Thread

TIMEOUT = 30
READY = re.compile(r"ready at http://([^,\s]+)")


def program():
    if path := os.environ.get("STACKFIT_PROGRAM"):
        return path
    raise RuntimeError("STACKFIT_PROGRAM must name the built program; tests/run sets it")


def environment(home):
    """Without the settings and the home of whoever runs the tests."""
    return {"PATH": os.environ["PATH"], "HOME": str(home)}


def start(home, listen="127.0.0.1:0"):
    """The process, and its address with its port."""
    command = [program(), "serve", "--listen", listen]
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    child = subprocess.Popen(command, env=environment(home), text=True, **streams)
    return child, wait_until_ready(child.stderr)


def stop(child):
    child.terminate()
    child.wait(TIMEOUT)


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
    return (Path(__file__).parents[2] / "schema/schema.graphql").read_text(encoding="utf-8")
