"""Who records, when, with which board."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

from tinygesture.dataset import Entry, Meta, check_name
from tinygesture.link import Info


def virtual_person(port: str) -> str:
    """The name of the virtual person who holds the board of a sim:// URL. Raises UserError."""
    number = dict(parse_qsl(urlsplit(port).query)).get("subject", "1")
    return check_name(f"virtual-{number}", "subject")


@dataclass(frozen=True)
class Who:
    """One person in one sitting, in the data set of this id."""

    subject: str
    session: str
    dataset: str

    def made(self, entry: Entry) -> bool:
        """Whether a recording is of this person and sitting."""
        return (entry.subject, entry.session, entry.dataset) == (
            self.subject,
            self.session,
            self.dataset,
        )

    def meta(self, info: Info, label: str) -> Meta:
        """What is known of a recording that is made now; its samples are still to be measured."""
        return Meta(
            label=label,
            subject=self.subject,
            session=self.session,
            board=info.board,
            imu=info.imu,
            firmware=info.firmware,
            rate_hz=0.0,
            jitter_us=0.0,
            drops=0,
            crc_errors=0,
            clipped=0,
            synthetic=info.imu.startswith("virtual"),
            recorded_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        )
