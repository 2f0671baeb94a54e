"""The data package for analysts: what is in it and how each kind of file is written, not where it goes."""
