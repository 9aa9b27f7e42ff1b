"""MySQL's binary log as SQL: the changes of one database up to a moment.

The public MySQL image has no mysqlbinlog. What a return to a moment needs of it is little: rows come as events that the
server itself takes back in (BINLOG '…'), changed tables as the statement that changed them. Logs must be in the format
ROW, which is the default, and not compressed. Every transaction says when it was committed, to the microsecond.
The format: dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_replication_binlog_event.html
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from hnmproject.backups.errors import BackupError

MAGIC = b"\xfebin"
HEADER = struct.Struct("<IBIIIH")  # timestamp, type, server, size, next position, flags
HEADER_SIZE = 19
CHECKSUM_SIZE = 4
QUERY, STOP, ROTATE, FORMAT, XID, TABLE_MAP = 2, 3, 4, 15, 16, 19
ROWS = {30, 31, 32, 39}  # inserted, changed, deleted, changed in a part of a JSON value
GTID, ANONYMOUS_GTID, PAYLOAD, TAGGED_GTID = 33, 34, 40, 42
STATEMENT_END = 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NO_FOREIGN_KEY_CHECKS = 1 << 26
# Inside of a transaction these are the only statements that a log of rows has.
WITHIN = (b"SAVEPOINT", b"ROLLBACK TO")


@dataclass(frozen=True)
class Event:
    raw: bytes
    time: datetime
    kind: int
    end: int  # where the next one begins, in its file

    @property
    def body(self) -> bytes:
        return self.raw[HEADER_SIZE:-CHECKSUM_SIZE]


def events(log: BinaryIO) -> Iterator[Event]:
    """Every event of a log that was closed. Raises BackupError where it is damaged."""
    if log.read(4) != MAGIC:
        raise BackupError("this is no binary log of MySQL, or it is encrypted by MySQL itself.")
    while header := log.read(HEADER_SIZE):
        if len(header) < HEADER_SIZE:
            raise BackupError("the binary log ends in the middle of an event.")
        seconds, kind, _server, size, end, _flags = HEADER.unpack(header)
        raw = header + log.read(size - HEADER_SIZE)
        if len(raw) != size:
            raise BackupError("the binary log ends in the middle of an event.")
        _check(raw, kind)
        yield Event(raw, EPOCH + timedelta(seconds=seconds), kind, end)


def _check(raw: bytes, kind: int) -> None:
    """The sum at the end. Of the log's first event a flag is left out, which says that it was not closed yet."""
    summed = raw[:-CHECKSUM_SIZE]
    if kind == FORMAT:
        summed = summed[:17] + struct.pack("<H", struct.unpack("<H", summed[17:19])[0] & ~1) + summed[19:]
        if raw[-CHECKSUM_SIZE - 1] != 1:
            raise BackupError("the binary log has no checksums (binlog_checksum), which we rely on.")
    if zlib.crc32(summed) != struct.unpack("<I", raw[-CHECKSUM_SIZE:])[0]:
        raise BackupError("the binary log is damaged: a checksum is wrong.")


def committed(event: Event) -> datetime:
    """When the transaction that this begins was committed; a tagged one says so to the second only."""
    if event.kind == TAGGED_GTID:
        return event.time
    # After flags (1), server (16), number (8), kind of clock (1) and two numbers of it (16): 55 bits of microseconds.
    stamp = int.from_bytes(event.body[42:49], "little")
    return EPOCH + timedelta(microseconds=stamp & ~(1 << 55))


@dataclass
class Replay:
    """Makes SQL of logs, one after the other, until a moment has come."""

    database: str
    into: str
    until: datetime
    transactions: int = 0
    last: datetime | None = None
    is_over: bool = False
    _tables: dict[int, bytes] = field(default_factory=dict)  # maps of our tables, renamed
    _pending: list[bytes] = field(default_factory=list)  # the events of a statement that has not ended
    _lines: list[str] = field(default_factory=list)  # of a transaction that has not ended
    _began: datetime | None = None

    def sql(self, log: BinaryIO, *, after: int = 4) -> Iterator[str]:
        """The statements of a log that come at or after a position."""
        for event in events(log):
            if event.kind == FORMAT:
                yield _binlog([event.raw])
                # After it the server waits to hear which number each transaction gets: a new one of its own.
                yield "SET SESSION gtid_next = 'AUTOMATIC';"
                continue
            if event.end - len(event.raw) < after:
                continue
            yield from self._take(event)
            if self.is_over:
                return

    def _take(self, event: Event) -> Iterator[str]:
        if event.kind in {GTID, ANONYMOUS_GTID, TAGGED_GTID}:
            self._begin(event)
        elif event.kind == PAYLOAD:
            raise BackupError(
                "the binary log is compressed (binlog_transaction_compression), which cannot be read here."
            )
        elif event.kind == TABLE_MAP:
            self._note_table(event)
        elif event.kind in ROWS:
            self._note_rows(event)
        elif event.kind == XID:
            yield from self._commit("COMMIT;")
        elif event.kind == QUERY:
            yield from self._query(event)

    def _begin(self, event: Event) -> None:
        self._began = committed(event)
        self._lines, self._pending = [], []
        if self._began >= self.until:
            self.is_over = True

    def _note_table(self, event: Event) -> None:
        number = int.from_bytes(event.body[:6], "little")
        length = event.body[8]
        if event.body[9 : 9 + length].decode() != self.database:
            self._tables.pop(number, None)
            return
        name = self.into.encode()
        body = event.body[:8] + bytes([len(name)]) + name + event.body[9 + length :]
        self._tables[number] = _event(event.raw[:HEADER_SIZE], body)
        self._pending.append(self._tables[number])

    def _note_rows(self, event: Event) -> None:
        if int.from_bytes(event.body[:6], "little") in self._tables:
            self._pending.append(event.raw)
        if _flags(event.raw) & STATEMENT_END:
            if self._pending and self._pending[-1][4] in ROWS:
                # The last must say that it is the last, also where the log's last was about another database.
                self._lines.append(_binlog([*self._pending[:-1], _as_last(self._pending[-1])]))
            self._pending = []
            self._tables = {}

    def _query(self, event: Event) -> Iterator[str]:
        body = event.body
        length, status_length = body[8], int.from_bytes(body[11:13], "little")
        status = body[13 : 13 + status_length]
        database = body[13 + status_length : 13 + status_length + length].decode()
        statement = body[13 + status_length + length + 1 :]
        if statement == b"BEGIN":
            return
        if statement in {b"COMMIT", b"ROLLBACK"}:
            yield from self._commit(statement.decode() + ";")
        elif statement.startswith(WITHIN):
            self._lines.append(statement.decode() + ";")
        elif database == self.database:
            self._lines = [f"USE `{self.into}`;", *_session(status, event.time), _ended(statement)]
            yield from self._commit("")

    def _commit(self, end: str) -> Iterator[str]:
        if self._lines:
            yield from ["BEGIN;", *self._lines, end] if end else self._lines
            self.transactions += 1
            self.last = self._began
        self._lines = []


def _event(header: bytes, body: bytes) -> bytes:
    """An event anew, with its size and its checksum."""
    size = HEADER_SIZE + len(body) + CHECKSUM_SIZE
    raw = header[:9] + struct.pack("<I", size) + header[13:HEADER_SIZE] + body
    return raw + struct.pack("<I", zlib.crc32(raw))


def _flags(rows: bytes) -> int:
    return int.from_bytes(rows[HEADER_SIZE + 6 : HEADER_SIZE + 8], "little")


def _as_last(rows: bytes) -> bytes:
    flags = _flags(rows)
    if flags & STATEMENT_END:
        return rows
    body = rows[HEADER_SIZE:-CHECKSUM_SIZE]
    return _event(rows[:HEADER_SIZE], body[:6] + (flags | STATEMENT_END).to_bytes(2, "little") + body[8:])


def _binlog(raws: list[bytes]) -> str:
    return "BINLOG '\n" + "\n".join(base64.encodebytes(raw).decode().rstrip() for raw in raws) + "\n';"


def _session(status: bytes, time: datetime) -> Iterator[str]:
    """What the statement depended on: the time, and the modes of SQL in force. They come first in its description."""
    yield f"SET TIMESTAMP={int(time.timestamp())};"
    if status[:1] == b"\x00":
        flags = int.from_bytes(status[1:5], "little")
        yield f"SET foreign_key_checks={0 if flags & NO_FOREIGN_KEY_CHECKS else 1};"
        status = status[5:]
    if status[:1] == b"\x01":
        yield f"SET sql_mode={int.from_bytes(status[1:9], 'little')};"


def _ended(statement: bytes) -> str:
    """With an end that does not stand within it: a trigger's body has semicolons."""
    return f"DELIMITER /*!*/\n{statement.decode()}\n/*!*/\nDELIMITER ;"


def span(log: BinaryIO) -> tuple[datetime, datetime]:
    """When the log begins and when it was closed."""
    times = [event.time for event in events(log) if event.time > EPOCH]
    return times[0], times[-1]
