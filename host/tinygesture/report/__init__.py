"""Reports: each is one HTML file that needs nothing else, neither network nor other files."""

from tinygesture.report.dataset import write_dataset_report
from tinygesture.report.explanation import write_explanations

__all__ = ["write_dataset_report", "write_explanations"]
