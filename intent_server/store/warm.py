"""A store that is asked again soon stays open, until somebody wants to write it.

Opening costs 10 ms, and what DuckDB has read of the file goes with every closing: an answer from 100,000 decisions
takes twice as long then. Who only keeps a store open is a reader like any other, and makes way at once: for a writer of
this process or another, and for a file put in the place of this one by a program that knows nothing of our locks.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread, main_thread

from intent_server.errors import StoreError
from intent_server.store import lock
from intent_server.store.connect import is_replaced, open_reader

KEPT_S = 5.0
"""How long a store stays open after a question: other programs (a DuckDB shell that writes) are refused meanwhile."""
_LOOKS_S = 0.01
"""Between two looks whether somebody waits: what a writer may lose; 1 % of a processor while the store is kept."""


@dataclass(slots=True)
class Warm:
    """Keeps the store at `place` open for a while after each question; safe for several threads."""

    place: Path
    kept_s: float = KEPT_S
    _until: float = 0.0
    _keeper: Thread | None = None
    _starting: Lock = field(default_factory=Lock)

    def keep(self) -> None:
        """Keep the store open from now on for `kept_s`; to be called while it is open, so that it is opened once."""
        with self._starting:
            self._until = time.monotonic() + self.kept_s
            if self._keeper is None or not self._keeper.is_alive():
                self._keeper = Thread(target=self._hold)  # no daemon: it lets go before DuckDB is taken away
                self._keeper.start()

    def _hold(self) -> None:
        try:
            with open_reader(self.place, wait_s=0.0):
                while self._is_kept() and not (lock.is_wanted(self.place) or is_replaced(self.place)):
                    time.sleep(_LOOKS_S)
        except StoreError:  # whoever asks next is told, with what to do
            return

    def _is_kept(self) -> bool:
        """Whether neither the time nor the program is over; once it is, the next question starts another keeper."""
        with self._starting:
            if time.monotonic() < self._until and main_thread().is_alive():
                return True
            self._keeper = None
            return False
