from datetime import datetime
from itertools import islice
from uuid import UUID

from intent_server.store.ids import ids


def test_ids_rise_and_carry_their_instant(now: datetime) -> None:
    made = list(islice(ids(now), 1000))
    assert made == sorted(set(made))
    first = UUID(made[0])
    assert (first.version, first.variant) == (7, "specified in RFC 4122")
    assert first.int >> 80 == int(now.timestamp() * 1000)


def test_two_transactions_of_one_instant_share_no_id(now: datetime) -> None:
    assert not set(islice(ids(now), 100)) & set(islice(ids(now), 100))
