"""FRONTEND_DIST: the folder of a built front end."""

from pathlib import Path

INDEX = "index.html"


def read_dist(folder: Path | None) -> Path | None:
    """The folder, if there is a page in it."""
    if folder is None:
        return None
    if not folder.is_dir():
        raise ValueError("This is no folder. Build the front end, and name the folder that it is built into")
    if not (folder / INDEX).is_file():
        raise ValueError(f"This folder has no {INDEX}. Name the folder that the front end is built into")
    return folder.resolve()
