"""A world that counts, and its figures as Prometheus reads them."""

from dataclasses import dataclass

import pytest
from prometheus_client.parser import text_string_to_metric_families

from sandbox.world import World
from sandbox.wsgi import Answer, Request, call, environment

TOKEN = "a-token-of-the-metrics-0123456789abcdef"


@dataclass
class Scraper:
    """Reads `/metrics` of the broker of a world."""

    world: World

    def ask(self, authorization: str | None = f"Bearer {TOKEN}", path: str = "/metrics") -> Answer:
        headers = {} if authorization is None else {"Authorization": authorization}
        sent = Request("GET", self.world.broker.url + path, headers)
        return call(self.world.broker, environment(sent))

    @property
    def text(self) -> str:
        answer = self.ask()
        assert answer.status == 200, answer.body
        return answer.body.decode()

    def figure(self, name: str, **labels: str) -> float:
        """The value of a sample; 0 when nothing of the kind was counted."""
        for family in text_string_to_metric_families(self.text):
            for sample in family.samples:
                if sample.name == name and sample.labels == labels:
                    return sample.value
        return 0.0

    def samples(self):
        return [s for f in text_string_to_metric_families(self.text) for s in f.samples]


@pytest.fixture
def counting(make_world) -> World:
    """A world whose broker has a token for its metrics."""
    return make_world({"broker": {"metrics_token": TOKEN}})


@pytest.fixture
def scraper(counting: World) -> Scraper:
    return Scraper(counting)
