"""What a summary computes in the database: the first day of a period in a time zone, and exact sums."""

from datetime import date
from decimal import Context, Decimal
from typing import Any

from sqlalchemy import Date, Integer, Numeric, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

PERIODS = ("day", "week", "month", "year")
HALF = 10**9  # SQLite adds upper and lower digits apart, so that no sum is too large for it
MOST_DIGITS = 15  # of a decimal, which SQLite stores as a float
WIDE = Context(prec=60)


class FirstDay(FunctionElement[date]):
    """The first day of the period of a time or a date. Each period has a class, which its cache key names."""

    type, name, period, inherit_cache = Date(), "first_day", "", True


FIRST_DAY: dict[str, Any] = {
    period: type(f"FirstDayOf{period.title()}", (FirstDay,), {"period": period, "inherit_cache": True})
    for period in PERIODS
}


@compiles(FirstDay, "postgresql")
def _on_postgresql(one: FirstDay, compiler: Any, **options: Any) -> str:
    column, zone = one.clauses
    moment = f"CAST({compiler.process(column, **options)} AS TIMESTAMP)"
    if not isinstance(column.type, Date):
        moment = " AT TIME ZONE ".join(compiler.process(part, **options) for part in (column, zone))
    return f"CAST(date_trunc('{one.period}', {moment}) AS DATE)"


@compiles(FirstDay, "sqlite")
def _on_sqlite(one: FirstDay, compiler: Any, **options: Any) -> str:
    return f"first_day('{one.period}', {compiler.process(one.clauses, **options)})"


class ExactSum(FunctionElement[str]):
    """The sum of a column as text, which `read_sum` reads."""

    type, name, inherit_cache = String(), "exact_sum", True


@compiles(ExactSum, "postgresql")
def _sum_on_postgresql(one: ExactSum, compiler: Any, **options: Any) -> str:
    return f"CAST(SUM({compiler.process(one.clauses, **options)}) AS VARCHAR)"


@compiles(ExactSum, "sqlite")
def _sum_on_sqlite(one: ExactSum, compiler: Any, **options: Any) -> str:
    [column] = one.clauses
    number, scale = compiler.process(column, **options), scale_of(column.type)
    if isinstance(column.type, Numeric):
        number = f"CAST(ROUND({number} * {10**scale}) AS INTEGER)"
    return f"SUM({number} / {HALF}) || ' ' || SUM({number} % {HALF})"


def scale_of(type: Any) -> int:
    """The decimal places of a column of whole numbers or of decimals. Raises TypeError for another one."""
    if isinstance(type, Integer):
        return 0
    if type.__class__ is not Numeric or type.scale is None:  # Float extends it
        raise TypeError(
            "it is no whole number, and no decimal with a scale, as of `Money` or `sa_type=Numeric(12, 2)`"
        )
    if type.precision is None or type.precision > MOST_DIGITS:
        raise TypeError(f"SQLite adds up only decimals with `max_digits` of at most {MOST_DIGITS}")
    return int(type.scale)


def read_sum(found: str | None, type: Any) -> int | Decimal:
    """The sum of a group. Without any value it is 0."""
    scale = scale_of(type)
    if found is not None and " " in found:
        upper, lower = found.split()
        total = int(upper) * HALF + int(lower)
        return Decimal(total).scaleb(-scale, WIDE) if isinstance(type, Numeric) else total
    if not isinstance(type, Numeric):
        return int(found or 0)
    return Decimal(found or 0).quantize(Decimal(1).scaleb(-scale), context=WIDE)
