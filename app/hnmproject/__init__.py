# The Celery app must exist before a task is sent, so that tasks are sent through it.
from hnmproject.celery_app import app as celery_app

__all__ = ["celery_app"]
