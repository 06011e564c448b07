"""The counts in Prometheus' text format, by its own client library, where that is installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from bot.counts import Counts
from bot.health import Pulse

if TYPE_CHECKING:
    from prometheus_client import Metric


def exposition(
    counts: Counts, decisions: Mapping[str, int], pulse: Callable[[], Pulse]
) -> Callable[[], tuple[bytes, str]] | None:
    """Return what renders the metrics as (body, content type); None without prometheus-client."""
    try:
        import prometheus_client as client  # noqa: PLC0415  an optional extra
        from prometheus_client import core, registry  # noqa: PLC0415
    except ImportError:
        return None

    class Collector(registry.Collector):
        """Reads the counts whenever somebody asks."""

        def collect(self) -> Iterator[Metric]:
            yield _counter("questions", "Questions by how they were decided", "decision", decisions)
            yield _counter("errors", "What went wrong, by where", "kind", counts.errors)
            for name, told, value in (
                ("votes", "Clicks that changed a vote", counts.votes),
                ("reconnects", "Connections to Discord after the first", counts.reconnects),
                ("stalls", "Times that the event loop stood still", counts.stalls),
            ):
                yield core.CounterMetricFamily(f"warmstart_{name}", told, value)
            yield _gauge("connected", "Whether Discord is connected", float(pulse().alive))
            took = core.HistogramMetricFamily(
                "warmstart_answer_seconds", "From an event's arrival to its answer", labels=["kind"]
            )
            for kind, histogram in counts.took.items():
                took.add_metric([kind], list(histogram.cumulative()), histogram.total)
            yield took

    def _counter(name: str, told: str, label: str, values: Mapping[str, int]) -> Metric:
        family = core.CounterMetricFamily(f"warmstart_{name}", told, labels=[label])
        for key, value in values.items():
            family.add_metric([key], value)
        return family

    def _gauge(name: str, told: str, value: float) -> Metric:
        return core.GaugeMetricFamily(f"warmstart_{name}", told, value)

    collectors = client.CollectorRegistry()
    collectors.register(Collector())
    return lambda: (client.generate_latest(collectors), client.CONTENT_TYPE_LATEST)
