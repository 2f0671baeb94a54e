"""A publication as one linear system: its sums hold, what one hidden count less gives away is seen, more is hidden."""
