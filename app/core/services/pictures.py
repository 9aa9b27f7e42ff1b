from typing import Any


def enqueue_renditions(**kwargs: Any) -> None: ...
