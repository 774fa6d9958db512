"""What a part of a screen tells whoever is around it: a message that carries values."""

from typing import ClassVar, dataclass_transform

from textual.message import Message


@dataclass_transform()
class Telling(Message):
    """A message with the values its class names; they are given in that order, or by their names.

    It is written like a data class, and nothing is generated for it: that took a third of a
    millisecond a class, while whoever opens the board waits.
    """

    _fields: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls._fields = (*cls._fields, *cls.__annotations__)

    def __init__(self, *values: object, **named: object) -> None:
        super().__init__()
        self.__dict__.update(zip(self._fields, values, strict=False), **named)
