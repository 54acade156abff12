"""The entity that is written, as the target of its own references."""

from dataclasses import dataclass

from tools.entity.plan import plural
from tools.entity.targets import IDENTIFYING, Target, first_shown, snake
from tools.entity.words import Field, limits


@dataclass(frozen=True)
class Itself(Target):
    """`model` is the name of the entity, because its class is not there yet."""

    fields: tuple[Field, ...]

    @property
    def name(self) -> str:
        return str(self.model)

    @property
    def module(self) -> str:
        return f"api.models.{snake(self.name)}"

    @property
    def table(self) -> str:
        return plural(snake(self.name))

    @property
    def summary(self) -> None:
        return None

    @property
    def shown(self) -> tuple[str, bool] | None:
        lengths = [(one, 254 if one.kind == "email" else limits(one)[1]) for one in self.fields]
        texts = [one for one, most in lengths if one.kind in {"str", "text", "email"} and most <= IDENTIFYING]
        return first_shown([(one.name, one.is_optional) for one in texts])
