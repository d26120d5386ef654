"""What may be done so often a day, however many tabs do it at once."""

from threading import Thread

import pytest

from broker.errors import BackChannelLimitError
from broker.insured.space import declarations, email, messages

ADDRESS = {"street": "12 rue des Lilas", "postal_code": "69003", "city": "Lyon"}
LIMITED = [
    (messages.DAILY, messages.send, ("other", "?")),
    (declarations.DAILY, declarations.declare, ("address", ADDRESS)),
    (email.DAILY, email.ask, ("nouvelle@exemple.fr", "fr")),
]


@pytest.mark.parametrize(("limit", "do", "what"), LIMITED, ids=lambda one: getattr(one, "name", ""))
def test_two_at_once_do_not_both_take_the_last_turn(doing, engine, space, tenant, limit, do, what):
    """The second waits until the first is kept, and is refused then."""
    refused = []

    def second():
        try:
            doing(do, space, tenant, *what)
        except BackChannelLimitError as refusal:
            refused.append(refusal.retry_after)

    for _ in range(limit.most - 1):
        doing(do, space, tenant, *what)
    other = Thread(target=second)
    with engine.begin() as tx:
        do(tx, space, tenant, *what)
        other.start()
        other.join(0.3)
    other.join()

    assert refused == [limit.seconds]


@pytest.mark.parametrize(("limit", "do", "what"), LIMITED, ids=lambda one: getattr(one, "name", ""))
def test_what_was_not_kept_costs_no_turn(doing, engine, space, tenant, limit, do, what):
    """Work that is undone, for another was faster, leaves the limit as it was."""
    for _ in range(limit.most):
        with engine.connect() as connection:
            do(connection, space, tenant, *what)
            connection.rollback()

    assert doing(do, space, tenant, *what)
