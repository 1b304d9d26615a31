"""Exchange: what other programs made comes into a study, and what is in it goes out to them.

Every format is a module with a decorated function (`exporter`, `importer`) that returns a report of what was kept,
changed and dropped. `cxtext.exchange.refi` knows REFI-QDA alone, and nothing of the study file.
"""

from cxtext.exchange.formats import (
    Exporter,
    ExportOptions,
    Importer,
    ImportOptions,
    export_study,
    exporter,
    import_file,
    importer,
    load_exporters,
    load_importers,
)

__all__ = [
    "ExportOptions",
    "Exporter",
    "ImportOptions",
    "Importer",
    "export_study",
    "exporter",
    "import_file",
    "importer",
    "load_exporters",
    "load_importers",
]
