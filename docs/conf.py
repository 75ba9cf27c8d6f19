"""How the pages are built: Sphinx, MyST-NB (pages are run), furo."""

import pkgutil
from importlib.metadata import version as version_of
from pathlib import Path

import seedbed

project = "seedbed"
author = "the seedbed contributors"
copyright = "the seedbed contributors"
release = version = version_of("seedbed")

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.intersphinx",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
]
exclude_patterns = ["_build", "decisions/template.md"]
# No inventory of another project is fetched: a build needs no network.
intersphinx_mapping = {}

# Pages with code cells are run when they are built; a cell that fails fails the build.
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_show_tb = True
nb_execution_timeout = 120
nb_execution_in_temp = True
nb_merge_streams = True
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_default_options = {
    "members": True,
    "show-inheritance": True,
    "undoc-members": False,
}
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_custom_sections = [("Source", "notes")]

html_theme = "furo"
html_title = "seedbed"
html_static_path = ["_static"]
html_css_files = ["pages.css"]
html_theme_options = {
    "light_css_variables": {
        "color-brand-primary": "#3f6132",
        "color-brand-content": "#3f6132",
    },
    "dark_css_variables": {
        "color-brand-primary": "#a5c796",
        "color-brand-content": "#a5c796",
    },
}


def _write_reference(folder: Path) -> None:
    """Write one page a room, so that none can be forgotten."""
    folder.mkdir(parents=True, exist_ok=True)
    for room in pkgutil.iter_modules(seedbed.__path__, "seedbed."):
        modules = [room.name]
        if room.name == "seedbed.core":
            # The one package that offers nothing itself: its modules do.
            within = pkgutil.iter_modules(
                [f"{seedbed.__path__[0]}/core"], "seedbed.core."
            )
            modules = [module.name for module in within]
        asked = "\n\n".join(f".. automodule:: {name}" for name in modules)
        page = f"# `{room.name}`\n\n```{{eval-rst}}\n{asked}\n```\n"
        path = folder / f"{room.name.removeprefix('seedbed.')}.md"
        # Only a page that changed is written, or every build would be a full one.
        if not path.exists() or path.read_text(encoding="utf-8") != page:
            path.write_text(page, encoding="utf-8")


_write_reference(Path(__file__).parent / "reference" / "_made")
