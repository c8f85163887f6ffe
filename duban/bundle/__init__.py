"""Bundles: entries of the trail with all that proves them, and the one file that checks them.

`verify.py` stands alone and imports nothing of Duban; it travels inside every bundle. The form of a
bundle is described in `writer.py`.
"""

from duban.bundle.archive import Archive, Growth, judged
from duban.bundle.errors import BundleError
from duban.bundle.export import Exported, Wanted, export_bundle, write_bundle
from duban.bundle.source import DatabaseSource, Source

__all__ = [
    "Archive",
    "BundleError",
    "DatabaseSource",
    "Exported",
    "Growth",
    "Source",
    "Wanted",
    "export_bundle",
    "judged",
    "write_bundle",
]
