"""Flower's own settings: ``python -m tasks.flower_app --conf=/srv/app/hnmproject/flower.py``.

A file of its own, which Flower runs: it holds nothing secret, as the Celery app's settings do not either.
"""

import os
from pathlib import Path

port = 5555
url_prefix = "flower"
# Looking only, unless this is set; nginx refuses the same (nginx/templates/flower.conf.template).
read_only = os.environ.get("FLOWER_CONTROL", "off") != "on"

# What it has seen outlives a restart. 5,000 tasks take about 20 MB.
persistent = True
db = str(Path(os.environ.get("VAR_DIR", "var")) / "flower" / "history")
Path(db).parent.mkdir(parents=True, exist_ok=True)
state_save_interval = 60_000  # milliseconds
max_tasks = 5_000
max_workers = 200
# A worker's name ends with its container: each `make up` that makes it anew leaves one behind.
purge_offline_workers = 3600  # seconds
