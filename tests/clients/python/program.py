"""The real program on a small catalogue of its own, which is changed, and which may be started again."""

import subprocess

import launch

TOOL = "slug: tool\nkind: TOOL\nname: tool\nsummary: {}\n"


class Server:
    """`host` is its address with its port, which stays the same when it is started again."""

    def __init__(self, folder):
        self.home = folder
        self.files = folder / "files"
        (self.files / "technologies").mkdir(parents=True)
        self.host = "127.0.0.1:0"
        self.change("Zero.")
        self.resume()

    def change(self, summary):
        """Makes one change, as users do: by importing a file."""
        (self.files / "technologies/tool.yaml").write_text(TOOL.format(summary), encoding="utf-8")
        command = [launch.program(), "import", str(self.files)]
        environment = launch.environment(self.home)
        subprocess.run(command, env=environment, check=True, capture_output=True, timeout=launch.TIMEOUT)

    def resume(self):
        self.child, self.host = launch.start(self.home, self.host)

    def halt(self):
        launch.stop(self.child)
