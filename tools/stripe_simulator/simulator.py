"""The parts together, and the thread that lets time pass."""

from __future__ import annotations

import sys
import threading
import traceback

from .clock import Clock
from .configuration import Configuration
from .coupons import Coupons
from .events import Events
from .faults import Faults
from .idempotency import IdempotencyKeys
from .payments import Payments
from .refunds import Disputes, Refunds
from .sessions import Sessions
from .store import Store
from .webhooks import Webhooks

SECONDS_BETWEEN_LOOKS = 0.25


class Simulator:
    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.clock = Clock()
        self.faults = Faults()
        self.store = Store(configuration.folder)
        self.events = Events(self.store, self.clock, self.faults, configuration)
        self.webhooks = Webhooks(self.store, self.clock, configuration)
        self.payments = Payments(self.store, self.clock, self.events)
        self.sessions = Sessions(self.store, self.clock, self.events, self.payments, configuration)
        self.refunds = Refunds(self.store, self.clock, self.events)
        self.disputes = Disputes(self.store, self.clock, self.events)
        self.coupons = Coupons(self.store, self.clock)
        self.keys = IdempotencyKeys(self.store, self.clock)
        self._stopped = threading.Event()
        self._something_happened = threading.Event()
        self._thread = threading.Thread(target=self._let_time_pass, name="stripe-simulator", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._something_happened.set()
        if self._thread.is_alive():
            self._thread.join()
        self.store.close()

    def wake(self) -> None:
        """Deliver what has just happened now, not at the next look."""
        self._something_happened.set()

    def pause(self, seconds: float) -> None:
        """Let a request wait, though not beyond the simulator's end."""
        self._stopped.wait(seconds)

    def act_on_timers(self) -> None:
        """Expire and settle what is due."""
        for object_id, action in self.store.due_timers(self.clock.now()):
            with self.store.transaction():
                self.store.rows("DELETE FROM timers WHERE object_id = ? AND action = ?", object_id, action)
                self.sessions.act_on_timer(object_id, action)

    def reset(self) -> None:
        """Forget everything."""
        self.store.clear()
        self.faults.reset()
        self.clock.reset()

    def _let_time_pass(self) -> None:
        while not self._stopped.is_set():
            try:
                self.act_on_timers()
                self.webhooks.deliver_due()
            except Exception:  # one bad moment must not end time; it is seen in the log
                traceback.print_exc(file=sys.stderr)
            self._something_happened.wait(SECONDS_BETWEEN_LOOKS)
            self._something_happened.clear()
