"""The statements that every job costs, by hand: Django takes longer to compose them than MySQL to do them.

Whatever is not done for each job is done with querysets. `make bench` says what this is worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Field

from tasks.models import Job


def read(*, job_id: int) -> Job | None:
    """The whole row, or None where there is none (any more)."""
    return next(iter(Job.objects.raw(_selection(connection.vendor), [job_id])), None)


def update(*, values: dict[str, Any], where: str, parameters: Sequence[Any]) -> bool:
    """Write the values to the one row that the condition names, and say whether there was one.

    ``where`` is SQL of this app alone, with %s for each of the parameters; a time among them is given by ``moment``.
    """
    fields = {field.name: field for field in Job._meta.concrete_fields}  # noqa: SLF001  # documented by Django
    assignments = ", ".join(f"{_column(fields[name])} = %s" for name in values)
    new = [fields[name].get_db_prep_save(value, connection) for name, value in values.items()]
    with connection.cursor() as cursor:
        # Names of columns and conditions from the code; every value is a parameter.
        cursor.execute(f"UPDATE tasks_job SET {assignments} WHERE {where}", [*new, *parameters])  # noqa: S608  # nosec B608
        return bool(cursor.rowcount == 1)


def moment(value: Any) -> Any:
    """A time as the database compares it."""
    return connection.ops.adapt_datetimefield_value(value)


@cache
def _selection(_vendor: str) -> str:
    columns = ", ".join(_column(field) for field in Job._meta.concrete_fields)  # noqa: SLF001
    return f"SELECT {columns} FROM tasks_job WHERE id = %s"  # noqa: S608  # nosec B608


def _column(field: Field[Any, Any]) -> str:
    return str(connection.ops.quote_name(str(field.column)))
