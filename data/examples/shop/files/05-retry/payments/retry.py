"""How often, and after what wait, a charge is tried again."""

import random
import time
from collections.abc import Callable

ATTEMPTS = 3
FIRST_WAIT_S = 0.5


def attempted(call: Callable[[], int]) -> int:
    """The last status of a call that is tried again while the provider fails."""
    status = call()
    for attempt in range(1, ATTEMPTS):
        if status < 500:
            break
        time.sleep(random.uniform(0, FIRST_WAIT_S * 2**attempt))
        status = call()
    return status
