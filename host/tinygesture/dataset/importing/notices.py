"""What an import says: what it repaired, what it refused, and what it took to be so."""

from typing import NamedTuple


class Notice(NamedTuple):
    """line: where it was first met, from 1; 0 where the whole file is meant."""

    file: str
    line: int
    reason: str


class Refused(Exception):
    """Nothing of a file can be used."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


class Findings:
    """What is to be said of one file. What is found in many lines is said once, with the first."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.summary = ""
        self.recordings = 0
        self.gyro_unit = ""  # rad/s or deg/s, where the file or its motion tells it
        self.subject = ""  # who made them, where the file does not say it itself
        self.notes: list[str] = []  # what a person may want to know, and nothing was done about
        self._repaired: dict[str, list[int]] = {}
        self._refused: list[Notice] = []

    def repair(self, line: int, reason: str) -> None:
        first_and_count = self._repaired.setdefault(reason, [line, 0])
        first_and_count[1] += 1

    def refuse(self, line: int, reason: str) -> None:
        self._refused.append(Notice(self.file, line, reason))

    def refuse_whole(self, line: int, reason: str) -> None:
        """Nothing of the file is used, so nothing in it was repaired."""
        self._repaired.clear()
        self.refuse(line, reason)

    @property
    def repaired(self) -> list[Notice]:
        return [
            Notice(self.file, line, reason if count == 1 else f"{reason} ({count:,} times)")
            for reason, (line, count) in self._repaired.items()
        ]

    @property
    def refused(self) -> list[Notice]:
        return self._refused


class Report:
    """What an import did: the findings of every file, in the order in which they were read."""

    def __init__(self) -> None:
        self.files: list[Findings] = []

    def of(self, file: str) -> Findings:
        self.files.append(Findings(file))
        return self.files[-1]

    @property
    def recordings(self) -> int:
        return sum(found.recordings for found in self.files)

    @property
    def repaired(self) -> list[Notice]:
        return [notice for found in self.files for notice in found.repaired]

    @property
    def refused(self) -> list[Notice]:
        return [notice for found in self.files for notice in found.refused]
