"""Facts and rule sets as JSON and back, driven by the types of their fields; unknown keys are refused."""

from __future__ import annotations

import hashlib
import json
import types
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from crm.values.money import Money

SHANGHAI = ZoneInfo("Asia/Shanghai")

T = TypeVar("T")


class Unfit(ValueError):
    """JSON that is no such thing: the path of the field, and what is wrong with it."""

    def __init__(self, field: str, wrong: str) -> None:
        super().__init__(f"{field}: {wrong}" if field else wrong)
        self.field = field


PLAIN = frozenset({bool, int, str})
"""What is JSON as it is; an enum of texts is not."""


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def to_json(value: Any) -> Any:
    """A dataclass of facts as JSON: money in fen, days in ISO, instants in ISO and UTC."""
    kind: Any = type(value)
    return _writer(kind)(value)


@cache
def _writer(kind: Any) -> Callable[[Any], Any]:
    """How values of a type are written, found once for each: facts are told thousands of times."""
    if kind is Money:
        return lambda value: value.fen
    if is_dataclass(kind):
        names = tuple(field.name for field in fields(kind))
        return lambda value: {name: to_json(getattr(value, name)) for name in names}
    if issubclass(kind, StrEnum):
        return lambda value: value.value
    if issubclass(kind, datetime):
        return lambda value: value.astimezone(UTC).isoformat()
    if issubclass(kind, date):
        return lambda value: value.isoformat()
    if issubclass(kind, tuple):
        return lambda value: [to_json(item) for item in value]
    if issubclass(kind, bool | int | str | types.NoneType):
        return lambda value: value
    raise TypeError(f"no JSON for {kind.__name__}")


def from_json(kind: type[T], told: Any) -> T:
    """The dataclass that the JSON says; a key that is left out takes its default. Unfit otherwise."""
    anything: Any = kind
    made: T = _reader(anything)(told, "")
    return made


def fingerprint(told: Any) -> str:
    """SHA-256 over canonical JSON: equal facts, equal fingerprint."""
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


Reader = Callable[[Any, str], Any]


@cache
def _reader(kind: Any) -> Reader:
    if get_origin(kind) in (Union, types.UnionType):
        (inner,) = (arg for arg in get_args(kind) if arg is not type(None))
        read = _reader(inner)
        return lambda told, at: None if told is None else read(told, at)
    if get_origin(kind) is tuple:
        item = _reader(get_args(kind)[0])
        return lambda told, at: tuple(item(one, at) for one in _a(list, told, at))
    if kind is Money:
        return lambda told, at: Money(_a(int, told, at))
    if kind is datetime:
        return lambda told, at: _parsed(_instant, told, at)
    if kind is date:
        return lambda told, at: _parsed(date.fromisoformat, told, at)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return lambda told, at: _parsed(kind, told, at)
    if is_dataclass(kind):
        return _dataclass_reader(kind)
    return lambda told, at: _a(kind, told, at)


def _dataclass_reader(kind: Any) -> Reader:
    hints = get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name]) for field in fields(kind)}
    needed = [
        field.name
        for field in fields(kind)
        if field.default is MISSING and field.default_factory is MISSING
    ]

    def read(told: Any, at: str) -> Any:
        told = _a(dict, told, at)
        prefix = f"{at}." if at else ""
        for name in told:
            if name not in readers:
                raise Unfit(f"{prefix}{name}", "unknown")
        for name in needed:
            if name not in told:
                raise Unfit(f"{prefix}{name}", "missing")
        return kind(**{name: readers[name](value, prefix + name) for name, value in told.items()})

    return read


def _a(kind: type[T], told: Any, at: str) -> T:
    """The value as it is, when it is exactly of the type: True is no number."""
    if type(told) is not kind:
        raise Unfit(at, f"is no {kind.__name__}")
    return told


def _parsed(parse: Callable[[str], Any], told: Any, at: str) -> Any:
    try:
        return parse(_a(str, told, at))
    except ValueError as error:
        raise error if isinstance(error, Unfit) else Unfit(at, str(error)) from error


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("an instant without a zone")
    return moment.astimezone(SHANGHAI)
