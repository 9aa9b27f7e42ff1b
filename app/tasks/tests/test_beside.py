"""A child that is forked while its parent writes must be able to write too."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings

FORKS_WHILE_IT_WRITES = """
import os, sys, threading, time
import django
django.setup()
from django.db import connection, transaction
from tasks import beside

def execute(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)

execute("CREATE TABLE notes (text VARCHAR(9))")
connection.close()
inside = threading.Event()

def write():
    with transaction.atomic():
        execute("INSERT INTO notes VALUES ('parent')")
        inside.set()
        time.sleep(0.3)

def in_thread():
    if sys.argv[1] == "beside":
        return beside.run(write, name="test", failure="failed")
    thread = threading.Thread(target=write)
    thread.start()
    return thread

thread = in_thread()
inside.wait()
child = os.fork()
if not child:
    time.sleep(1)  # the parent's transaction has ended
    connection.settings_dict["OPTIONS"]["timeout"] = 1
    try:
        execute("INSERT INTO notes VALUES ('child')")
    except BaseException as error:
        print(error, flush=True)
        os._exit(1)
    os._exit(0)
thread.join()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.parametrize(("how", "code", "says"), [("beside", 0, ""), ("anyhow", 1, "database is locked\n")])
def test_a_child_that_is_forked_meanwhile_can_write(tmp_path, how, code, says):
    """The second case shows that the first one proves something."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "hnmproject.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "PYTHONPATH": str(settings.APP_DIR),
    }
    done = subprocess.run(
        [sys.executable, "-c", FORKS_WHILE_IT_WRITES, how], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (code, says), done.stderr
