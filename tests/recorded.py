"""Real recordings for tests: files in the format of Arduino's gesture tutorial.

They were made with Arduino's LSM9DS1 library, so importing corrects the gyroscope.
"""

from functools import partial
from pathlib import Path

from tinygesture.contract import Float64, to_units
from tinygesture.dataset import Dataset
from tinygesture.dataset.importing.importer import import_into, read_file
from tinygesture.dataset.importing.notices import Findings
from tinygesture.dataset.importing.sources import File
from tinygesture.dataset.importing.takes import RATE_HZ, Options
from tinygesture.dataset.importing.units import FACTOR, SHIFT

GYRO_FACTOR = FACTOR / (1 << SHIFT)

__all__ = ["GYRO_FACTOR", "RATE_HZ", "import_folder", "read_tutorial_csv"]


def read_tutorial_csv(path: Path) -> list[Float64]:
    """The recordings in a file: float64[N, 6] each, g and °/s, the gyroscope corrected."""
    file = File(str(path), partial(path.read_bytes), "")
    return [to_units(take.counts) for take in read_file(file, Options(), Findings(str(path)))]


def import_folder(source: Path, target: Path) -> Dataset:
    """A data set in `target` from every LABEL.csv in `source`; the folder's name is the subject."""
    import_into(target, [source], Options(subject=source.name[:24]))
    return Dataset.open(target)
