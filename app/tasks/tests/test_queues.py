"""One table says what waits where and who does it; whatever starts workers follows it."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from tasks import queues
from tasks.schedules import SCHEDULES
from tasks.services import registry

ROOT = Path(settings.APP_DIR).parent


def test_every_queue_has_a_worker_and_ordinary_work_has_two():
    served = [name for pool in queues.POOLS for name in pool.queues]
    assert set(served) == set(queues.NAMES)
    assert served.count(queues.DEFAULT) == 2


@pytest.mark.parametrize("pool", queues.POOLS, ids=lambda pool: pool.service)
def test_the_containers_serve_what_the_table_says(pool):
    text = (ROOT / "docker-compose.yml").read_text()
    service = re.search(rf"^  {pool.service}:$(.*?)^  \S", text, re.MULTILINE | re.DOTALL)
    assert service
    assert f"--queues {pool.option} " in service[1]
    assert ("--pool threads" in service[1]) == (pool.kind == "threads")


def test_every_scheduled_task_has_a_queue():
    assert {schedule.queue for schedule in SCHEDULES} <= set(queues.NAMES)


def test_the_command_lists_every_kind_under_its_queue():
    output = StringIO()
    call_command("queues", stdout=output)
    parts = re.split(r"^(\S+): .*$", output.getvalue(), flags=re.MULTILINE)[1:]
    listed = {name: lines.split() for name, lines in zip(parts[::2], parts[1::2], strict=True)}
    assert list(listed) == list(queues.NAMES)
    for kind in registry.every():
        assert kind.name in listed[kind.queue]
    assert "worker (prefork), then worker-io (threads) after io" in output.getvalue()
