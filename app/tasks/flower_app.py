"""Flower, and the Celery application that it watches through: ``python -m tasks.flower_app --conf=…``.

Flower only watches: it sends no task and runs none. Without Django, our code and the other commands of ``celery`` its
process takes 40 MB rather than 110.
"""

import os
import sys
from pathlib import Path

import click
from celery import Celery
from celery.bin.base import CLIContext
from flower.command import flower

from tasks import queues

# With this set, Celery would load all of Django.
os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def _broker() -> str:
    if path := os.environ.get("REDIS_URL_FILE"):
        return Path(path).read_text().strip()
    return os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")


app = Celery("hnmproject", broker=_broker())
app.conf.update(
    task_queues=queues.QUEUES,
    task_default_queue=queues.DEFAULT,
    task_create_missing_queues=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={"socket_connect_timeout": 1, "socket_timeout": 3, "health_check_interval": 25},
)


if __name__ == "__main__":
    # Flower asks the command above it for its options.
    celery = click.Group("celery", commands={"flower": flower})
    celery.main(["flower", *sys.argv[1:]], obj=CLIContext(app=app, no_color=False, workdir=None, quiet=True))
