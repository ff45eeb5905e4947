"""What is known of a recording, as plain values: for pages, tables and JSON."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from tinygesture.dataset import Entry, Recording, quality
from tinygesture.dataset.find import name_of

Person = tuple[str, str]  # as Entry.person


def facts(entry: Entry, recording: Recording, subject: str) -> dict[str, Any]:
    """Of one recording; `subject` is what its person is called. Units are in the names."""
    accel_g, gyro_dps = quality.motion(recording.counts)
    return {
        "name": name_of(entry),
        "id": entry.id,
        "file": entry.file,
        "label": entry.label,
        "subject": subject,
        "session": entry.session,
        "board": entry.board,
        "imu": entry.imu,
        "firmware": entry.firmware,
        "recorded_at": entry.recorded_at,
        "recorded": moment(entry.recorded_at),
        "synthetic": entry.synthetic,
        "marks": entry.marks.split(),
        "faults": [fault.sentence for fault in quality.check(recording)],
        "samples": len(recording.t_us),
        "duration_s": round(int(recording.t_us[-1]) / 1e6, 3),
        "rate_hz": entry.rate_hz,
        "jitter_us": entry.jitter_us,
        "drops": entry.drops,
        "crc_errors": entry.crc_errors,
        "clipped": entry.clipped,
        "accel_g": round(accel_g, 3),
        "gyro_dps": round(gyro_dps, 1),
    }


def moment(recorded_at: str) -> str:
    """ISO 8601 -> as people read it: 2026-11-21 09:10:52 UTC; what is no time stays as it is."""
    try:
        at = datetime.fromisoformat(recorded_at)
        at = at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return recorded_at
    return at.strftime("%Y-%m-%d %H:%M:%S UTC")


def people(entries: Iterable[Entry]) -> dict[Person, str]:
    """A name for everyone; with the id of the data set where two people share one."""
    everyone = {entry.person for entry in entries}
    sharing = Counter(subject for _, subject in everyone)
    return {
        (origin, subject): subject if sharing[subject] == 1 else f"{subject} ({origin[:8]})"
        for origin, subject in everyone
    }
