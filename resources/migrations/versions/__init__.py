"""One module per revision, named after its number. A revision that was released never changes."""
