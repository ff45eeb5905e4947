"""How a model does in streams, as rows of tables."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from tinygesture.contract import CANONICAL_RATE_HZ
from tinygesture.evaluation.statistics import Proportion, proportion
from tinygesture.report.words import hourly


class Row(NamedTuple):
    """counted: what the manifest says of the events of a label, or of all. The intervals are those
    of its recordings: a stream plays each several times, which says no more of the next one.
    """

    name: str
    counted: Mapping[str, Any]
    recall: Proportion | None
    precision: Proportion | None


def rows(manifest: Mapping[str, Any]) -> list[Row]:
    """One for each label that is reported; of all together the last."""
    events = manifest.get("events")
    if not events:
        return []
    tested = manifest["metrics"]["int8"]["labels"]
    found = [_row(name, own, tested[name]["support"]) for name, own in events["labels"].items()]
    whole = sum(tested[name]["support"] for name in events["labels"])
    return [*found, _row("all", events, whole)]


def _row(name: str, counted: Mapping[str, Any], recordings: int) -> Row:
    recognised, gestures = counted["recognised"], counted["gestures"]
    told = recognised + counted["false"] + counted["duplicates"]
    times = max(gestures / max(recordings, 1), 1.0)

    def share(of: int) -> Proportion | None:
        return proportion(round(recognised / times), max(round(of / times), 1)) if of else None

    return Row(name, counted, share(gestures), share(told))


def facts(events: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """Delays and false events; of the latter the 95 % upper bound too."""
    if not events:
        return []
    rows = [("streams with gestures", f"{events['hours']:.2f} hours")]
    delay = events["delay_ms"]
    if delay["median"] is not None:
        rows.append(
            (
                "an event comes",
                f"{delay['median']:.0f} ms after the beginning of its gesture in the median, nine "
                f"of ten within {delay['p90']:.0f} ms; a gesture lasts {events['gesture_ms']:.0f} "
                "ms in the median",
            )
        )
    rows.append(("false events in these", per_hour(events)))
    if background := events.get("background"):
        hours = f"in {background['hours']:.1f} hours, all synthetic"
        rows.append(("false events on background alone", f"{per_hour(background)}, {hours}"))
    return rows


def per_hour(of: Mapping[str, Any]) -> str:
    return (
        f"{of['false']}, or {hourly(of['false_per_hour'])} an hour and at most "
        f"{hourly(of['false_per_hour_upper'])} (95 %)"
    )


def detector(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Its parameters, in milliseconds and percent."""
    given = manifest.get("detector", {})
    rows = [
        (words, f"{1000 * given[name] / CANONICAL_RATE_HZ:.0f} ms")
        for words, name in (
            ("probabilities are averaged over", "smoothing"),
            ("a label must keep its threshold for", "minimum"),
            ("after an event nothing for", "refractory"),
        )
        if name in given
    ]
    thresholds = zip(manifest["labels"], given.get("thresholds", ()), strict=False)
    for i, (label, threshold) in enumerate(thresholds):
        quiet = given["background"] >> i & 1
        needed = "never an event" if quiet else f"{100 * threshold / 256:.0f} %"
        rows.append((f"threshold of {label}", needed))
    return rows
