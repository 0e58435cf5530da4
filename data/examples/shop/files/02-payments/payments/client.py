"""The client of the payment provider."""

import time

from payments.transport import post


def charge(order_id: str, cents: int) -> bool:
    """Charge an order, trying until the provider accepts."""
    while True:
        answer = post("/charges", {"order": order_id, "cents": cents})
        if answer.status < 500:
            return answer.status == 201
        time.sleep(1)
