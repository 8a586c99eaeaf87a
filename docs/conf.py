"""How the documents are built: `make docs`."""

from importlib.metadata import version as installed

project = "onesystem"
version = release = installed("onesystem")
copyright = "the onesystem team, Apache-2.0"  # noqa: A001

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.doctest"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "onesystem"
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "description"
suppress_warnings = ["myst.header"]
