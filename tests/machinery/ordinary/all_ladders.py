"""Every ladder, for those that go through all of them."""

from typing import Any

from tests.machinery.ordinary.aliased import (
    LadderAlias,
    LadderAliasPublic,
    LadderAnnotated,
    LadderAnnotatedPublic,
    LadderCamel,
    LadderCamelPublic,
    LadderComputed,
    LadderComputedPublic,
    LadderModelSerialized,
    LadderModelSerializedPublic,
    LadderReadAlias,
    LadderReadAliasPublic,
    LadderSerialized,
    LadderSerializedPublic,
    LadderVersion,
    LadderVersionPublic,
    LadderWrittenAlias,
    LadderWrittenAliasPublic,
)
from tests.machinery.ordinary.house import Entity
from tests.machinery.ordinary.ladders import (
    LadderAfter,
    LadderAfterPublic,
    LadderBefore,
    LadderBeforePublic,
    LadderEntityFirst,
    LadderEntityFirstPublic,
    LadderExtra,
    LadderExtraPublic,
    LadderIban,
    LadderIbanPublic,
    LadderModelAfter,
    LadderModelAfterPublic,
    LadderModelWrap,
    LadderModelWrapPublic,
    LadderPlain,
    LadderPlainPublic,
    LadderWrap,
    LadderWrapPublic,
)
from tests.machinery.ordinary.typed import TYPED, LadderLoud, LadderLoudPublic, LadderTyped, LadderTypedPublic

# The Public schema, the table, and what a row is made of besides.
LADDERS: tuple[tuple[type[Entity], type[Entity], dict[str, Any]], ...] = (
    (LadderPlainPublic, LadderPlain, {}),
    (LadderBeforePublic, LadderBefore, {}),
    (LadderAfterPublic, LadderAfter, {}),
    (LadderWrapPublic, LadderWrap, {}),
    (LadderModelAfterPublic, LadderModelAfter, {}),
    (LadderModelWrapPublic, LadderModelWrap, {}),
    (LadderSerializedPublic, LadderSerialized, {}),
    (LadderModelSerializedPublic, LadderModelSerialized, {}),
    (LadderComputedPublic, LadderComputed, {}),
    (LadderVersionPublic, LadderVersion, {}),
    (LadderAliasPublic, LadderAlias, {"fullName": "rung"}),
    (LadderWrittenAliasPublic, LadderWrittenAlias, {}),
    (LadderReadAliasPublic, LadderReadAlias, {"readName": "rung"}),
    (LadderCamelPublic, LadderCamel, {}),
    (LadderTypedPublic, LadderTyped, TYPED),
    (LadderLoudPublic, LadderLoud, {}),
    (LadderIbanPublic, LadderIban, {"iban": "DE89370400440532013000"}),
    (LadderAnnotatedPublic, LadderAnnotated, {}),
    (LadderEntityFirstPublic, LadderEntityFirst, {}),
    (LadderExtraPublic, LadderExtra, {"name": " rung "}),
)
