"""Every file of a report: its pages, and the documents that they lead to."""

from jos_pipeline.report import html, pdf
from jos_pipeline.report.model import Report


def files(report: Report) -> dict[str, bytes]:
    """Pages and documents by name; the same for the same report."""
    return html.files(report) | pdf.files(report)
