"""The views of the pages, one file per subject."""
