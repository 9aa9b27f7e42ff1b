"""Usage: python -m tools.stripe_simulator (README.md lists the variables)."""

from __future__ import annotations

import signal
import sys
import threading

from .application import Application
from .configuration import Configuration, ConfigurationError
from .server import Server
from .simulator import Simulator


def main() -> int:
    try:
        configuration = Configuration.from_environment()
        simulator = Simulator(configuration)
        server = Server((configuration.host, configuration.port), Application(simulator))
    except (ConfigurationError, OSError) as problem:
        sys.stderr.write(f"Error: {problem}\n")
        return 1
    simulator.start()
    for number in (signal.SIGINT, signal.SIGTERM):
        # shutdown() waits for the loop below, which this thread is in.
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    sys.stdout.write(f"The Stripe simulator answers on port {configuration.port}; no money moves.\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.1)
    server.server_close()
    simulator.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
