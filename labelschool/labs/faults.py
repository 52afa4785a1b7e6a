"""What goes wrong on the way to the annotation API, by a script, and the time it happens in.

Nothing here waits: a test, a grader or a demo hands in a clock that it moves itself.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Literal

from labelschool.labs.messages import Refused, Request

Kind = Literal["error", "error after commit", "drop after commit", "busy", "change"]
Now = Callable[[], float]
"""Seconds since 1970, UTC; ``time.time`` where no other clock is handed in."""


@dataclass
class Clock:
    """A clock that only `sleep` moves; `now` is in seconds since 1970."""

    time: float = 1_780_000_000.0
    slept: float = 0.0

    def now(self) -> float:
        """The time on the clock."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self.time += seconds
        self.slept += seconds


@dataclass(frozen=True)
class Fault:
    """What happens to the `nth` request (from 1) of a method.

    error               500, and nothing was done
    error after commit  500, and it was done
    drop after commit   it was done, and the connection closes without an answer
    busy                429; so is every request of the next `seconds`
    change              `act` runs first, then the request goes its way
    """

    method: str
    nth: int
    kind: Kind
    seconds: int = 0
    act: Callable[[], None] | None = None


@dataclass(frozen=True)
class RateLimit:
    """At most so many requests in any so many seconds."""

    requests: int
    seconds: float


@dataclass
class Faults:
    """A script of faults and a rate limit; `early` counts the requests sent before Retry-After."""

    script: Sequence[Fault] = ()
    limit: RateLimit | None = None
    early: int = 0
    _seen: Counter[str] = field(default_factory=Counter)
    _recent: deque[float] = field(default_factory=deque)
    _until: float = 0.0

    def meet(self, request: Request, now: float) -> Kind | None:
        """What happens to a request, by its method and number. Raises `Refused` where it is 429.

        A request that comes before the time that Retry-After named is no new one for the script.
        """
        if now < self._until:
            self.early += 1
            raise self._busy(now)
        if self.limit:
            while self._recent and self._recent[0] <= now - self.limit.seconds:
                self._recent.popleft()
            if len(self._recent) >= self.limit.requests:
                self._until = self._recent[0] + self.limit.seconds
                raise self._busy(now)
            self._recent.append(now)
        self._seen[request.method] += 1
        fault = next((f for f in self.script if self._is(f, request)), None)
        if fault is None:
            return None
        if fault.act:
            fault.act()
        if fault.kind == "busy":
            self._until = now + fault.seconds
            raise self._busy(now)
        return fault.kind

    def _is(self, fault: Fault, request: Request) -> bool:
        return (fault.method, fault.nth) == (request.method, self._seen[request.method])

    def _busy(self, now: float) -> Refused:
        seconds = ceil(self._until - now)
        said = f"Too many requests: come back in {seconds} s."
        return Refused(429, said, {"Retry-After": str(seconds)})
