"""Reports: each is one HTML file that needs nothing else, neither network nor other files."""

from tinygesture.report.dataset import write_dataset_report

__all__ = ["write_dataset_report"]
