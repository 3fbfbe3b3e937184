"""What can be taken in about customers: customers and contacts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.fields.queries import custom_values
from xiaocheng.foundation.import_export.kinds import (
    PERSON,
    Date,
    Named,
    Number,
    Text,
    YesNo,
    listed,
    option_of,
)
from xiaocheng.foundation.import_export.targets import (
    Done,
    Field,
    Key,
    Row,
    Target,
    Undo,
    Update,
    Warned,
    declare,
    own_values,
)
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.company_names import company_key
from xiaocheng.foundation.kernel.errors import Refusal, RuleBroken
from xiaocheng.foundation.kernel.phones import phone_key

from . import options as lists
from . import updates, with_consents, with_contacts
from .access import EDIT, GROUP, REGISTER
from .commands import (
    ContactDraft,
    CustomerDraft,
    add_contacts,
    add_to_group,
    register_many,
    undo_contacts,
    undo_registrations,
)
from .commands.outcomes import Outcome
from .drafts import columns_of, usable_codes
from .import_names import CUSTOMER, POOL
from .keys import name_key
from .lapsing import lapsing_tonight, pools_of_imports
from .models import Contact
from .models.customers import KINDS, LONG_TEXT, POTENTIALS, STAGES
from .queries import groups, ids_by_name, names_of
from .sleeping import contacted_at

BESIDE = with_contacts.KEYS | with_consents.KEYS  # what a line of a customer tells beside the customer
SEPARATORS = re.compile(r"[,,、;;/|]")


def check_customers(actor: Actor, rows: Sequence[Row], options: Mapping[str, Any]) -> list[Refusal | None]:
    """What is wrong with each row by itself."""
    codes, known = usable_codes(), _groups(actor)
    verdicts: list[Refusal | None] = []
    for row in rows:
        try:
            _check_groups(actor, row, known)
            if row.get("owner") and row.get("pool"):
                raise RuleBroken(_("有负责人的客户不在公海中,负责人和公海只填一项。"), field="pool")
            with_contacts.check_contacts(actor, row)
            with_consents.check_allowed(actor, row)
            contacted_at(row.get("last_contact_on"))
            columns_of({key: value for key, value in row.items() if value is not None}, codes)
            custom_values(actor, lists.CUSTOMER, own_values(row), is_import=True)
            verdicts.append(None)
        except RuleBroken as refusal:
            verdicts.append(refusal)
    return verdicts


def write_customers(actor: Actor, rows: Sequence[Row], options: Mapping[str, Any]) -> list[Done]:
    """Register the customers who are not known yet, with the contacts that their lines tell of."""
    if not any(map(with_contacts.tells_of_contact, rows)):
        return _register(actor, rows)
    firsts = with_contacts.first_lines(
        rows, {at: _customer(defaultdict(lambda: None, row)) for at, row in enumerate(rows)}
    )
    places = sorted(set(firsts))
    registered = dict(zip(places, _register(actor, [rows[at] for at in places]), strict=True))
    results = [registered[at] if at == first else _again(registered[first]) for at, first in enumerate(firsts)]
    return with_contacts.add_contacts_of(actor, rows, results)


def _again(first: Done) -> Done:
    """What becomes of a further line about the same customer."""
    return Done(first.row_id, refusal=first.refusal)


def _register(actor: Actor, rows: Sequence[Row]) -> list[Done]:
    """Register customers; those without owner and pool go to the first pool that takes them, else that of imports."""
    pool_of = pools_of_imports(actor)
    drafts = [_draft(row, pool_of) for row in rows]
    people = ids_by_name(actor, [draft.name for draft in drafts if draft.is_person and not draft.phone])
    known = [people.get(draft.name) if draft.is_person and not draft.phone else None for draft in drafts]
    refusals = map(with_consents.of_company, rows)
    wrong = [None if draft.is_person else refusal for draft, refusal in zip(drafts, refusals, strict=True)]
    new = [draft for draft, *there in zip(drafts, known, wrong, strict=True) if there == [None, None]]
    outcomes = register_many(actor, new, cause="import")
    names = names_of(actor, [outcome.existing_id for outcome in outcomes])
    done = iter([_done(draft, outcome, names) for draft, outcome in zip(new, outcomes, strict=True)])
    results = [
        Done(row_id, refusal=refusal) if row_id or refusal else next(done)
        for row_id, refusal in zip(known, wrong, strict=True)
    ]
    _put_into_groups(actor, rows, results)
    return with_consents.note_of_customers(actor, rows, results, of_known=False)


def change_customers(actor: Actor, pairs: Sequence[tuple[int, Row]], options: Mapping[str, Any]) -> list[Done]:
    """Change customers as their first lines tell, put them into groups, note the contacts that lines tell of."""
    firsts = dict(reversed(pairs))
    rows = [row for _pk, row in pairs]
    changed = dict(zip(firsts, _change(actor, list(firsts.items())), strict=True))
    results = [changed[pk] if firsts[pk] is row else _again(changed[pk]) for pk, row in pairs]
    _put_into_groups(actor, rows, results)
    return with_contacts.add_contacts_of(actor, rows, results)


def _change(actor: Actor, pairs: Sequence[tuple[int, Row]]) -> list[Done]:
    """Change customers as their lines tell, each once; of a company nobody can have agreed to anything."""
    companies = with_consents.companies_among(actor, pairs)
    changed = iter(updates.change_customers(actor, [pair for pair in pairs if pair[0] not in companies]))
    done = [Done(pk, refusal=companies[pk]) if pk in companies else next(changed) for pk, _row in pairs]
    return with_consents.note_of_customers(actor, [row for _pk, row in pairs], done, of_known=True)


def _groups(actor: Actor) -> dict[str, int]:
    """The groups that are filled by hand, by name."""
    return dict(groups(actor).filter(rule__isnull=True).values_list("name", "pk"))


def _names(row: Row) -> list[str]:
    return [name for name in (part.strip() for part in SEPARATORS.split(row.get("groups") or "")) if name]


def _check_groups(actor: Actor, row: Row, known: Mapping[str, int]) -> None:
    for name in _names(row):
        if not actor.can(GROUP) or name not in known:
            raise RuleBroken(
                _("没有名为「%(name)s」的手工分组。请先建立分组,再导入。") % {"name": name}, field="groups"
            )


def _put_into_groups(actor: Actor, rows: Sequence[Row], results: Sequence[Done]) -> None:
    """The customers that came in, or were there, join the groups that their rows name."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for row, result in zip(rows, results, strict=True):
        if result.row_id is not None and result.refusal is None:
            for name in _names(row):
                wanted[name].append(result.row_id)
    known = _groups(actor) if wanted else {}
    for name, ids in wanted.items():
        add_to_group(actor, known[name], ids)


def _draft(row: Row, pool_of: Callable[[Row], int | None]) -> CustomerDraft:
    said = {key: value for key, value in row.items() if value is not None}
    owner, pool, custom = said.pop("owner", None), said.pop("pool", None), own_values(row)
    said = {key: value for key, value in said.items() if key not in {*custom, *BESIDE, "groups", "number"}}
    return CustomerDraft(**said, custom=custom, owner_id=owner, pool_id=None if owner else pool or pool_of(row))


def _done(draft: CustomerDraft, outcome: Outcome, names: Mapping[int, str]) -> Done:
    """A customer of the same name is the same; one that has only the phone in common is another."""
    there = names.get(outcome.existing_id or 0)
    if there is not None and company_key(there) == company_key(draft.name):
        return Done(outcome.existing_id)
    return Done(outcome.row_id, outcome.refusal is None, outcome.refusal)


def _customer(row: Row) -> Hashable:
    if row["is_person"]:
        return row["name"], phone_key(row["phone"] or "")
    return company_key(row["name"])


def _one_of(names: Mapping[str, Any]) -> Named:
    return listed(lambda: [(code, str(name)) for code, name in names.items()])


CUSTOMERS = declare(
    Target(
        key="customers",
        name=pgettext_lazy("several", "客户"),
        subject="customers.customer",
        capability=REGISTER,
        fields=(
            Field("name", _("客户名称"), Text(200), required=True,
                  synonyms=("客户", "公司名称", "公司", "企业名称", "单位名称", "名称", "客户全称", "account",
                            "account name", "company", "company name", "customer", "customer name",
                            "organization", "name")),
            Field("number", _("系统编号"), Number(whole=True), synonyms=("xiaocheng id", "system id"),
                  help=_("本系统中的客户编号,导出的表格里有;只用来识别已有的客户。")),
            Field("owner", _("负责人"), PERSON,
                  synonyms=("业务员", "销售", "销售人员", "跟进人", "客户经理", "owner", "sales agent",
                            "account owner", "sales rep")),
            Field("pool", _("公海"), POOL,
                  synonyms=("公海池", "客户池", "所属公海", "pool", "public pool"),
                  help=_("没有负责人的客户进入这个公海;不填时按各公海的进入条件,都不符合的进入「导入待分配」。")),
            Field("phone", _("电话"), Text(40),
                  synonyms=("手机", "联系电话", "客户电话", "公司电话", "办公电话", "座机", "手机号", "电话号码",
                            "phone", "phone number", "mobile", "mobile phone", "telephone", "tel")),
            Field("industry", _("行业"), option_of(lists.INDUSTRY),
                  synonyms=("所属行业", "客户行业", "行业类别", "industry", "sector", "segment")),
            Field("level", _("级别"), option_of(lists.LEVEL),
                  synonyms=("客户级别", "客户等级", "等级", "level", "grade", "tier")),
            Field("source", _("来源"), option_of(lists.SOURCE),
                  synonyms=("客户来源", "线索来源", "source", "lead source")),
            Field("channel", _("联系渠道"), option_of(lists.CHANNEL),
                  synonyms=("联系方式", "沟通渠道", "channel")),
            Field("region", _("地区"), option_of(lists.REGION),
                  synonyms=("区域", "大区", "所属地区", "客户地区", "region", "area", "territory")),
            Field("stage", _("阶段"), _one_of(STAGES),
                  synonyms=("客户阶段", "客户状态", "status", "stage")),
            Field("kind", _("类型"), _one_of(KINDS),
                  synonyms=("客户类型", "type", "customer type")),
            Field("potential", _("潜力"), _one_of(POTENTIALS),
                  synonyms=("客户潜力", "采购潜力", "potential")),
            Field("yearly_demand", _("年采购额估计"), Number(whole=True),
                  synonyms=("年采购额", "年采购量", "年需求", "年需求量", "yearly demand", "annual demand",
                            "annual spend")),
            Field("is_person", _("个人客户"), YesNo(),
                  synonyms=("是否个人", "is person", "individual")),
            Field("email", _("邮箱"), Text(254),
                  synonyms=("电子邮箱", "电子邮件", "客户邮箱", "公司邮箱", "email", "e-mail", "mail")),
            Field("wechat", _("客户微信"), Text(60),
                  synonyms=("客户微信号", "本人微信", "个人微信")),
            Field("birthday", _("生日"), Date(),
                  synonyms=("出生日期", "客户生日", "birthday", "birth date", "date of birth")),
            Field("lunar_birthday", _("农历生日"), Text(40),
                  synonyms=("阴历生日", "客户农历生日", "lunar birthday")),
            Field("website", _("网址"), Text(200),
                  synonyms=("网站", "官网", "主页", "website", "web", "url", "homepage")),
            Field("address", _("地址"), Text(300),
                  synonyms=("公司地址", "客户地址", "联系地址", "详细地址", "所在地", "address", "street",
                            "office location", "location")),
            Field("registered_on", _("登记日期"), Date(),
                  synonyms=("创建日期", "创建时间", "登记时间", "建档日期", "created", "created at",
                            "create date", "created on")),
            Field("last_contact_on", _("最近联系"), Date(),
                  synonyms=("最后联系时间", "最后联系日期", "最近联系时间", "最近联系日期", "最近跟进时间",
                            "最近跟进日期", "最近跟进", "最后跟进时间", "最后跟进日期", "最后跟进", "上次联系",
                            "上次联系时间", "最后联系", "上次跟进时间", "最後聯絡時間", "最後聯絡日期", "最近聯絡時間",
                            "最近跟進時間", "上次聯絡", "last contact", "last contacted", "last contact date",
                            "last contacted at", "last activity", "last activity date", "last follow up",
                            "last touch"),
                  help=_("首问时限从这一天算起;没有填的,时限休眠到第一次联系。更新时只补系统里没有的。")),
            Field("next_contact_on", _("下次联系"), Date(),
                  synonyms=("下次跟进", "下次联系日期", "下次跟进时间", "next contact")),
            Field("characteristics", _("特征"), Text(LONG_TEXT, lines=True),
                  synonyms=("客户特征",)),
            Field("needs", _("需求"), Text(LONG_TEXT, lines=True),
                  synonyms=("客户需求", "needs", "requirements")),
            Field("habits", _("习惯与注意事项"), Text(LONG_TEXT, lines=True),
                  synonyms=("习惯", "注意事项", "habits")),
            Field("purchasing_power", _("购买力"), Text(LONG_TEXT, lines=True),
                  synonyms=("purchasing power", "budget")),
            Field("background", _("背景"), Text(LONG_TEXT, lines=True),
                  synonyms=("备注", "说明", "描述", "客户背景", "background", "notes", "note", "remark",
                            "description")),
            Field("groups", _("分组"), Text(200),
                  synonyms=("客户分组", "所属分组", "标签", "groups", "group", "tags")),
            *with_consents.FIELDS,
            *with_contacts.FIELDS,
        ),
        identity=_customer,
        may_repeat=with_contacts.tells_of_contact,
        check=check_customers,
        write=write_customers,
        rest="background",
        after=("people",),
        undo=Undo(
            model="customers.customer",
            told=("customers.CustomerRegistered", "customers.ConsentImported"),
            take_back=undo_registrations,
            parts=("customers.OwnershipEpisode.customer", "customers.GroupMember.customer",
                   "customers.Consent.customer"),
            restore=updates.restore_customers,
        ),
        update=Update(
            keys=(
                Key("number", itemgetter("number"), must_exist=True),
                Key("name", lambda row: name_key(row["name"] or "")),
                Key("phone", lambda row: phone_key(row["phone"] or "")),
            ),
            find=updates.find_customers,
            change=change_customers,
            note=_("更改负责人需要分配客户的权限。"),
        ),
        is_customised=True,
        warned=Warned(
            lapsing_tonight,
            _(
                "有 %(count)s 位客户的最近联系早已超过首问时限,导入后将在今晚零点逾期失效。"
                "请先核对这一列;不导入这一列则时限休眠。"
            ),
        ),
    )
)  # fmt: skip


def write_contacts(actor: Actor, rows: Sequence[Row], options: Mapping[str, Any]) -> list[Done]:
    """Note the contacts who are not there yet: the same name and phone at a customer is the same contact."""
    drafts = [ContactDraft(**_contact_values(row)) for row in rows]
    there = {
        (customer, name, phone): pk
        for pk, customer, name, phone in Contact.objects.visible_to(actor)
        .filter(customer__in={draft.customer_id for draft in drafts})
        .values_list("pk", "customer_id", "name", "phone_key")
    }
    known = [there.get((draft.customer_id, draft.name, phone_key(draft.phone))) for draft in drafts]
    new = [draft for draft, row_id in zip(drafts, known, strict=True) if row_id is None]
    outcomes = iter(add_contacts(actor, new, is_import=True))
    results = [_contact_done(next(outcomes)) if row_id is None else Done(row_id) for row_id in known]
    return with_consents.note_of_contacts(actor, rows, results, of_known=False)


def change_contacts(actor: Actor, pairs: Sequence[tuple[int, Row]], options: Mapping[str, Any]) -> list[Done]:
    """Change contacts as rows tell, and note what they agreed to."""
    done = updates.change_contacts(actor, pairs)
    return with_consents.note_of_contacts(actor, [row for _pk, row in pairs], done, of_known=True)


def _contact_done(outcome: Outcome) -> Done:
    return Done(outcome.row_id, outcome.refusal is None, outcome.refusal)


def _contact_values(row: Row) -> dict[str, Any]:
    said = {key: value for key, value in row.items() if value is not None}
    custom = own_values(row)
    said = {key: value for key, value in said.items() if key not in {*custom, *with_consents.KEYS, "number"}}
    return {"customer_id": said.pop("customer"), "custom": custom, **said}


def _phone_of_contact(row: Row) -> Hashable:
    return row["phone"] and (row["customer"], phone_key(row["phone"]))


CONTACTS = declare(
    Target(
        key="contacts",
        name=_("联系人"),
        subject="customers.customer",
        capability=EDIT,
        fields=(
            Field("number", _("系统编号"), Number(whole=True), synonyms=("xiaocheng id", "system id"),
                  help=_("本系统中的联系人编号,导出的表格里有;只用来识别已有的联系人。")),
            Field("customer", _("客户"), CUSTOMER, required=True,
                  synonyms=("客户名称", "公司", "公司名称", "所属客户", "单位", "account", "account name",
                            "company", "company name")),
            Field("name", _("联系人姓名"), Text(60), required=True,
                  synonyms=("联系人", "姓名", "contact", "contact name", "full name", "name")),
            Field("position", _("职务"), Text(60),
                  synonyms=("职位", "岗位", "头衔", "position", "job title", "job position", "title")),
            Field("phone", _("电话"), Text(40),
                  synonyms=("手机", "联系电话", "手机号", "phone", "mobile", "telephone")),
            Field("email", _("邮箱"), Text(254),
                  synonyms=("电子邮箱", "email", "e-mail", "mail")),
            Field("wechat", _("微信"), Text(60),
                  synonyms=("微信号", "wechat", "wechat id")),
            Field("birthday", _("生日"), Date(),
                  synonyms=("出生日期", "birthday", "birth date", "date of birth")),
            Field("lunar_birthday", _("农历生日"), Text(40),
                  synonyms=("阴历生日", "lunar birthday")),
            Field("home_address", _("家庭地址"), Text(200),
                  synonyms=("住址", "家庭住址", "home address")),
            Field("is_decision_maker", _("决策人"), YesNo(),
                  synonyms=("是否决策人", "关键人", "decision maker")),
            Field("note", _("备注"), Text(500, lines=True),
                  synonyms=("说明", "note", "notes", "remark")),
            *with_consents.FIELDS,
        ),
        identity=lambda row: (row["customer"], row["name"], phone_key(row["phone"] or "")),
        write=write_contacts,
        rest="note",
        after=("customers",),
        undo=Undo(
            model="customers.contact",
            told=("customers.ContactAdded", "customers.ConsentImported"),
            parts=("customers.Consent.contact",),
            take_back=undo_contacts,
            restore=updates.restore_contacts,
        ),
        update=Update(
            keys=(
                Key("number", itemgetter("number"), must_exist=True),
                Key("name", lambda row: row["name"] and (row["customer"], row["name"]), needs=("customer",)),
                Key("phone", _phone_of_contact, needs=("customer",)),
            ),
            find=updates.find_contacts,
            change=change_contacts,
        ),
        is_customised=True,
    )
)  # fmt: skip
