"""Refusals: every one carries a sentence that a person can act on."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Sentence = str | Promise


class Refusal(Exception):
    """The product will not do this; `sentence` says why and what to do, `status` is its HTTP answer."""

    status: ClassVar[int] = 400

    def __init__(self, sentence: Sentence, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field

    def __str__(self) -> str:
        return str(self.sentence)

    @classmethod
    def rule(cls) -> str:
        """What programs know it by: RuleBroken -> rule_broken."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class RuleBroken(Refusal):
    """A rule of the company or of the process forbids it; `field` names the input at fault, if one is."""

    status = 422


class NotAllowed(Refusal):
    """The person's role lacks the capability."""

    status = 403

    def __init__(self, capability: str) -> None:
        super().__init__(_("您的角色没有这项权限。请联系管理员在「角色」中开通。"))
        self.capability = capability


class NotFound(Refusal):
    """The row does not exist, or is out of the person's sight: both answer alike."""

    status = 404

    def __init__(self) -> None:
        super().__init__(_("没有找到这条记录,或者您无权查看。"))


class EditConflict(Refusal):
    """Somebody else saved first; `current` holds the values that stand now."""

    status = 409

    def __init__(self, current: Mapping[str, Any]) -> None:
        super().__init__(_("在您编辑期间,别人已经保存了新的内容。请对照后再保存。"))
        self.current = dict(current)


class TooLarge(Refusal):
    """More is being sent than is taken; refused before it is stored anywhere."""

    status = 413

    def __init__(self, limit: int) -> None:
        super().__init__(_("上传的内容超过 %(limit)d MB 的上限。请压缩文件,或拆成几个文件再上传。") % {"limit": limit})


class StillRunning(Refusal):
    """The same request is being worked on at this moment."""

    status = 409

    def __init__(self) -> None:
        super().__init__(_("同一请求正在处理,请稍候。"))


def check_columns(row: Model, only: Collection[str] | None = None) -> None:
    """Refuse values that the columns cannot hold, naming the field: SQLite checks neither lengths nor digits.

    Foreign keys are left out; the command has loaded what they point at.
    """
    left_out = {f.name for f in row._meta.fields if f.is_relation or (only is not None and f.name not in only)}
    try:
        row.clean_fields(exclude=left_out)
    except ValidationError as wrong:
        field, messages = next(iter(wrong.message_dict.items()))
        raise RuleBroken(" ".join(messages), field=field) from None
