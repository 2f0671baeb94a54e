"""How large an installation is: how many there are of everybody who delivers, and how many pupils in a school year."""

from dataclasses import dataclass

from jos_pipeline.threshold import MANY_SCHOOLS

YEARS = 3
"""School years of which there are deliveries: the one that is asked for and those before it."""

WHOLE = 200
"""With more schools than this a publication with breakdowns of every gemeente is too large to be audited."""


@dataclass(frozen=True)
class Size:
    """Numbers of samenwerkingsverbanden (each with one aanbieder), gemeenten, schools, and pupils at one time."""

    naam: str
    samenwerkingsverbanden: int
    gemeenten: int
    schools: int
    pupils: int

    @property
    def suppliers(self) -> int:
        return 2 * self.samenwerkingsverbanden + self.gemeenten + self.schools

    @property
    def cijfers_tot(self) -> str:
        """Down to which level of areas its region publishes figures (``Region.cijfers_tot``)."""
        return "school" if self.schools <= MANY_SCHOOLS else "gemeente"

    @property
    def uitsplitsen_tot(self) -> str:
        """Down to which level it publishes breakdowns."""
        return "school" if self.schools <= WHOLE else "samenwerkingsverband"


SIZES: dict[str, Size] = {
    "groot": Size("Provincie (verzonnen)", 8, 32, 142, 100_000),
    "landelijk": Size("Nederland (verzonnen)", 75, 300, 1_450, 1_000_000),
}
"""By the name of ``jos demo --schaal``: a tenth of the country, and all of it (rounded)."""
