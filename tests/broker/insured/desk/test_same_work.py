"""Row 46: a stranger is answered after the same work as anybody else."""

from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pytest

from broker.errors import StaffRefusedError
from broker.insured.desk.postcodes import PostCodes
from broker.insured.desk.signing_in import SignIn
from tests.broker.insured.desk.conftest import POST_ROOM


@dataclass
class Counting:
    """Hashing that counts what it is asked: each costs as much as the others."""

    inner: object
    done: list = field(default_factory=list)

    @contextmanager
    def turn(self):
        yield self

    def hash(self, text):
        self.done.append("hash")
        return self.inner.hash(text)

    def verify(self, kept, text):
        self.done.append("verify")
        return self.inner.verify(kept, text)


@pytest.fixture
def counted(desk, cheap):
    """The ground of the desk with counted hashing."""
    hashing = Counting(cheap)
    return replace(desk.ground, hashing=hashing), hashing.done


def test_a_code_is_examined_as_long_for_a_stranger(
    counted, registered, population, holders, desk, staff, sure_of, key
):
    """No account, no code, a wrong code: one comparison and one hash."""
    ground, done = counted
    paul = population.other(given_names="Paul")
    claire = registered(paul)
    holders.open(claire)
    desk.acts.post_code(staff, sure_of(claire), key())
    codes = PostCodes(ground, POST_ROOM)
    work = []
    for nir in (claire.nir, paul.nir, population.other().nir):
        done.clear()
        codes.redeem(nir, "2222222222", "Tulipe-Orage-27", "192.0.2.1")
        work.append(list(done))

    assert work == [["verify", "hash"]] * 3


def test_a_sign_in_is_examined_as_long_for_a_stranger(counted, camille):
    """A name that nobody bears costs one comparison too."""
    ground, done = counted
    door, work = SignIn(ground), []
    for name in ("camille", "nobody"):
        done.clear()
        with pytest.raises(StaffRefusedError):
            door.sign_in(name, "wrong password", "000000")
        work.append(list(done))

    assert work == [["verify"]] * 2
