"""Starts the real program on a free port, with an empty home, and talks to it."""

import os
import re
import subprocess
import tempfile
from contextlib import contextmanager
from threading import Thread

import requests

TIMEOUT = 30
READY = re.compile(r"ready at (http://[^,\s]+)")


@contextmanager
def serve():
    """Yields the address of GraphQL."""
    program = os.environ.get("STACKFIT_PROGRAM")
    if not program:
        raise RuntimeError("STACKFIT_PROGRAM must name the built program; tests/run sets it")
    with tempfile.TemporaryDirectory(prefix="stackfit-client-") as home:
        environment = {"PATH": os.environ["PATH"], "HOME": home}
        command = [program, "serve", "--listen", "127.0.0.1:0"]
        streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        child = subprocess.Popen(command, env=environment, text=True, **streams)
        try:
            yield wait_until_ready(child.stderr) + "/graphql"
        finally:
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


def ask(url, query, **variables):
    answer = requests.post(url, json={"query": query, "variables": variables}, timeout=TIMEOUT).json()
    assert "errors" not in answer, answer
    return answer["data"]
