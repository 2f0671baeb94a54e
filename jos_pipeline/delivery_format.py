"""A soort of delivery in words: its columns, how to write each, its code lists and rules (the supplier's format page).

Everything is derived from the contract. The page, the text and the workbook to fill in are rendered from this.
"""

from dataclasses import dataclass
from functools import cached_property

from jos_pipeline.dutch import number
from schemas.codelists import CodeList
from schemas.columns import Column, Kind
from schemas.contract import Contract, Field
from schemas.contracts import referred
from schemas.findings import FINDINGS

_HOW: dict[Kind, str] = {
    Kind.PSEUDONYM: "64 tekens (0-9 en a-f); 'jos prepare' maakt het voor u",
    Kind.SCHOOL: "BRIN en vestiging, zes tekens",
    Kind.MUNICIPALITY: "GM en vier cijfers",
    Kind.DATE: "datum als jjjj-mm-dd; dag onbekend: jjjjmm00",
    Kind.BOOLEAN: "ja of nee",
    Kind.INTEGER: "geheel getal",
    Kind.DECIMAL: "getal met een komma",
    Kind.MASKED: "geheel getal, of afgeschermd als <5",
    Kind.CODE: "code uit de lijst",
    Kind.TEXT: "korte tekst",
}
_EXAMPLES: dict[Kind, str] = {
    Kind.PSEUDONYM: "0123456789abcdef" * 4,
    Kind.SCHOOL: "19ZQ00",
    Kind.MUNICIPALITY: "GM0361",
    Kind.DATE: "2022-09-01",
    Kind.BOOLEAN: "ja",
    Kind.MASKED: "12",
    Kind.TEXT: "A-1001",
}


@dataclass(frozen=True)
class ColumnTold:
    """A column of a delivery as people read it."""

    field: Field

    @property
    def column(self) -> Column:
        return self.field.column

    @property
    def name(self) -> str:
        return self.field.name

    @property
    def needed(self) -> str:
        """Whether the column must be there, and whether its cells may be empty."""
        return "verplicht" if self.field.required else "mag weg of leeg blijven"

    @property
    def how(self) -> str:
        bounds = bounds_in_words(self.column)
        return _HOW[self.column.kind] + (f", {bounds}" if bounds else "")

    @property
    def example(self) -> str:
        column = self.column
        if column.codes is not None:
            return column.codes.values[0]
        if column.kind is Kind.INTEGER:
            return str(max(int(column.minimum or 0), 1))
        if column.kind is Kind.DECIMAL:
            return "0,8"
        return _EXAMPLES[column.kind]


@dataclass(frozen=True)
class DeliveryFormat:
    """A contract as people read it."""

    contract: Contract

    @cached_property
    def columns(self) -> tuple[ColumnTold, ...]:
        return tuple(ColumnTold(field) for field in self.contract.fields)

    @cached_property
    def code_lists(self) -> tuple[tuple[ColumnTold, CodeList], ...]:
        return tuple((one, one.column.codes) for one in self.columns if one.column.codes is not None)

    @cached_property
    def rules(self) -> tuple[tuple[str, str], ...]:
        """What must hold in a row, as code and words."""
        of_rows = [
            (rule.code, f"{FINDINGS[rule.code].title}: {', '.join(rule.columns)} ({rule.detail}).")
            for rule in (*self.contract.rules, *self.contract.remarks)
        ]
        return (*of_rows, *self._key_rule(), *self._reference_rule())

    def _key_rule(self) -> tuple[tuple[str, str], ...]:
        contract = self.contract
        if contract.spell:
            return (("JOS-S013", f"{FINDINGS['JOS-S013'].title}: gelijk in {', '.join(contract.spell)}."),)
        return (("JOS-E035", f"{FINDINGS['JOS-E035'].title}: gelijk in {', '.join(contract.key)}."),) * bool(
            contract.key
        )

    def _reference_rule(self) -> tuple[tuple[str, str], ...]:
        beside = referred(self.contract.soort)
        if beside is None:
            return ()
        return (("JOS-S012", f"{FINDINGS['JOS-S012'].title}: {beside[1]} staat niet in uw {beside[0]}."),)

    @property
    def file_name(self) -> str:
        return f"{self.contract.soort}_2022-2023_2023-02-01.csv"


def bounds_in_words(column: Column) -> str:
    """``minstens 1 en hoogstens 1.440``; empty without bounds."""
    least = None if column.minimum is None else f"minstens {_limit(column.minimum)}"
    least = least if column.above is None else f"meer dan {_limit(column.above)}"
    most = None if column.maximum is None else f"hoogstens {_limit(column.maximum)}"
    return " en ".join(part for part in (least, most) if part)


def _limit(value: float) -> str:
    return number(value, 0 if float(value).is_integer() else 1)
