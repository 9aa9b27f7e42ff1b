"""A worker or beat: ``python -m hnmproject.celery_process worker …``, with the options of ``celery worker``.

The command ``celery`` loads what each of its other commands needs, Flower and a shell among them, and Celery's support
for Django every page of the shop. A process would keep that, 20 MB, for as long as it lives.
"""

from __future__ import annotations

import os
import sys

from celery.bin import beat, worker
from celery.bin.base import CLIContext

from hnmproject.celery_app import app

COMMANDS = {"worker": worker.worker, "beat": beat.beat}


def main(arguments: list[str]) -> None:
    """Run until told to stop, then exit."""
    role, *options = arguments or [""]
    if role not in COMMANDS:
        sys.exit(f"Usage: python -m hnmproject.celery_process {'|'.join(COMMANDS)} OPTION…")
    # Django's own checks: `manage.py prepare` has run them before anything else started.
    os.environ.setdefault("CELERY_SKIP_CHECKS", "1")
    context = CLIContext(app=app, no_color=False, workdir=None, quiet=True)
    COMMANDS[role].main(options, prog_name=f"celery {role}", obj=context)


if __name__ == "__main__":
    main(sys.argv[1:])
