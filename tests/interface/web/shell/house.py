"""A small family of pages over the world's people: what the shell's tests open, in the test client and in a browser."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.http import HttpResponse
from django.urls import include, path, reverse

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.errors import EditConflict, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import TimelineItem
from xiaocheng.foundation.org.access import MANAGE_PEOPLE
from xiaocheng.foundation.org.queries import people
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import ANYONE, SIGNED_IN, access
from xiaocheng.interface.web.shell.figures import Chart, Figure, Flow, Series
from xiaocheng.interface.web.shell.forms import DateField, Filters, Form, MomentField, MoneyField, PickField, Section
from xiaocheng.interface.web.shell.http import Done, Request, ask_in_drawer
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link, Tab
from xiaocheng.interface.web.shell.pickers import Choice, picker
from xiaocheng.interface.web.shell.screens import ActionScreen, Bulk, Column, DetailScreen, FormScreen, ListScreen
from xiaocheng.interface.web.shell.screens.base import Screen
from xiaocheng.interface.web.shell.story import story
from xiaocheng.interface.web.shell.templatetags.ui import pill

done: list[Any] = []  # what the commands of this family did


@picker("people")
def pick_people(actor: Any, text: str, ids: Any) -> list[Choice]:
    found = people(actor, text)
    return [Choice(p.pk, p.name, p.department.name) for p in (found.filter(pk__in=ids) if ids else found)]


@picker("secrets", MANAGE_PEOPLE)
def pick_secrets(actor: Any, text: str, ids: Any) -> list[Choice]:
    return [Choice(1, "机密")]


class PeopleFilters(Filters):
    role = django_filters.ChoiceFilter(
        field_name="role__code", label="角色", choices=[("rep", "业务员"), ("manager", "主管")]
    )


@access(SIGNED_IN)
class People(ListScreen):
    title = "人员"
    search_hint = "姓名、拼音、首字母"
    columns = [
        Column("姓名", "name", order="sort_key"),
        Column("部门", "department.name"),
        Column("登录名", "username", order="username", phone="off"),
        Column("金额", lambda row: row.pk * 98765, show=formats.money, look="num"),
        Column("状态", "is_active", show=lambda active: pill("在职" if active else "停用", "green"), phone="aside"),
    ]
    filters = PeopleFilters
    order = "sort_key"
    per_page = 4
    row_to = "house:person"
    bulk = [Bulk("点名", "house:call", icon="speakerphone", confirm="要点名吗?")]

    def rows(self) -> Any:
        return people(self.actor, self.text)

    def tabs(self) -> list[Tab]:
        return [Tab("all", "全部"), Tab("mine", "我的", count=3)]

    def actions(self) -> list[Link]:
        return [
            Link("新增人员", "house:new", icon="plus", drawer=True),
            Link("只给管理员", "house:secret"),
            Link("点名", "house:call", post=True, confirm="要点名吗?"),
        ]

    def empty(self) -> Empty:
        return Empty("还没有人", "先新增一位。", icon="users", action=Link("新增人员", "house:new", drawer=True))


@access(SIGNED_IN)
class Person(DetailScreen):
    template = "house/person.html"

    def load(self) -> None:
        self.person = people(self.actor).filter(pk=self.kwargs["pk"]).first()
        if self.person is None:
            raise NotFound

    def page_title(self) -> str:
        return self.person.name

    def crumbs(self) -> list[Crumb]:
        return [Crumb("人员", reverse("house:people"))]

    def tabs(self) -> list[Tab]:
        return [Tab("story", "动态"), Tab("deals", "商机", count=2)]

    def context(self) -> dict[str, Any]:
        stages = [{"name": name, "state": state} for name, state in
                  [("识别", "past"), ("接触", "past"), ("需求分析", "now"), ("报价", ""), ("成交", "")]]  # fmt: skip
        visit = TimelineItem(1, clock.now(), self.person.pk, None, "house.Visited", "拜访了客户")
        return {"person": self.person, "stages": stages, "story": story([visit] * 3, {"house": "map-pin"})}


class PersonForm(Form):
    name = forms.CharField(label="姓名", max_length=5, help_text="与证件一致")
    boss = PickField("people", label="上级", required=False, placeholder="输入姓名或拼音")
    joined_on = DateField(label="入职日", required=False)
    at = MomentField(label="报到时间", required=False)
    pay = MoneyField(label="底薪", required=False)
    kind = forms.ChoiceField(label="类别", choices=[("full", "全职"), ("part", "兼职")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="已签合同", required=False)
    note = forms.CharField(label="备注", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    sections = [Section("更多", ("agreed", "note"), folded=True)]


class LineForm(Form):
    item = forms.CharField(label="事项")


@access(SIGNED_IN)
class NewPerson(FormScreen):
    title = "新增人员"
    form_class = PersonForm
    line_class = LineForm
    lines_title = "交接事项"

    def version(self) -> int:
        return 7

    def run(self, data: dict[str, Any]) -> Done:
        if data["name"] == "重名":
            raise RuleBroken("这个姓名已经有了。", field="name")
        if data["name"] == "规则":
            raise RuleBroken("编制已满。请总监调整编制。")
        if self.sent_version != 7:
            raise EditConflict({"name": "别人改的"})
        done.append(data)
        return Done(url=reverse("house:people"), toast="已保存")


@access(SIGNED_IN)
class Call(ActionScreen):
    def run(self) -> Done:
        if "refuse" in self.request.POST:
            raise RuleBroken("今天已经点过名。")
        done.append(self.request.POST.getlist("ids"))
        return Done(toast="已点名", event="called" if "event" in self.request.POST else "")


@access(MANAGE_PEOPLE)
def secret(request: Request) -> HttpResponse:
    return HttpResponse("机密")


@access(SIGNED_IN)
def broken(request: Request) -> HttpResponse:
    raise ZeroDivisionError


@access(ANYONE)
def home(request: Request) -> HttpResponse:
    return HttpResponse("家")


def undeclared(request: Request) -> HttpResponse:
    return HttpResponse("不该看到")


LABELS = ["识别", "接触", "需求分析", "报价", "成交"]


def example_figures() -> list[Figure]:
    url = reverse("house:people")
    parts = (("成交", "4,238"), ("失单", "2,473"))
    return [
        Figure("成交率", "63.2%", "成交数 ÷(成交数 + 失单数)", parts, url, "比上月 +2.1 个百分点"),
        Figure("本月签单", formats.money(1_234_567), "签单金额之和", (), url, "目标 200 万元", 0.617, "warn"),
        Figure("有效拜访", "128", beside="计划 150", share=0.853, tone="good"),
        Figure("逾期应收", formats.money(86_000), tone="bad", beside="3 位客户"),
    ]


def example_charts() -> list[Chart]:
    url, months, days = reverse("house:people"), ["一月", "二月", "三月", "四月"], ["周一", "周二", "周三"]
    signed = Series("签单", [120000, 98000, Decimal("150000.5"), None], [url] * 4)
    flows = [Flow("接触", "报价", 60), Flow("接触", "丢单", 30), Flow("报价", "成交", 40), Flow("报价", "丢单", 20)]
    moved, lost = Series("推进", [50, 40, 20, 12, 9], stack="a"), Series("丢单", [5, 8, 22, 6, 2], stack="a")
    late = [Series("张三", [0, 5, 30]), Series("李四", [3, 12, 45])]
    pace = [Series("实际", [0, 10, 22, None], look="area"), Series("进度线", [0, 12, 25, 38], look="dashed")]
    return [
        Chart("columns", "三月签单最多。", months, [signed, Series("目标", [130000] * 4, look="dashed")], unit="money"),
        Chart("bars", "多数商机停在需求分析。", LABELS, [moved, lost]),
        Chart("funnel", "一百个线索里九个成交。", LABELS, [Series("商机", [100, 62, 35, 20, 9])]),
        Chart("flow", "三成从接触直接丢单。", ["接触", "报价", "成交", "丢单"], flows=flows),
        Chart("heat", "周三交得最晚。", days, late, size="low"),
        Chart("lines", "进度落后于目标。", months, pace),
    ]


@access(SIGNED_IN)
class Gallery(Screen):
    """Every component once."""

    template = "house/gallery.html"
    title = "组件"

    def actions(self) -> list[Link]:
        main = Link("主要操作", "house:new", icon="plus", drawer=True)
        return [main, Link("危险操作", "house:call", post=True, look="danger")]

    def context(self) -> dict[str, Any]:
        board = [{"id": i, "name": name, "cards": [f"{name}{n}" for n in range(3)]} for i, name in enumerate(LABELS)]
        start = Link("记录拜访", "house:new", drawer=True)
        return {
            "figures": example_figures(),
            "charts": example_charts(),
            "board": board,
            "tabs": [Tab("a", "概况"), Tab("b", "明细", 12)],
            "tab": "a",
            "empty": Empty("还没有拜访", "从计划里选一位客户,或直接记录。", icon="map-pin", action=start),
        }


@access(SIGNED_IN)
class Move(ActionScreen):
    """Takes a dropped card; column 4 refuses, column 3 asks first."""

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST["to"] == "4":
            raise RuleBroken("报价未通过,不能进入成交。")
        if request.POST["to"] == "3":
            return ask_in_drawer(HttpResponse('<div class="drawer-top"><h2 id="drawer-title">为什么?</h2></div>'))
        done.append(("moved", kwargs["pk"], request.POST["to"]))
        return HttpResponse("")


family = [
    path("people/", People.as_view(), name="people"),
    path("people/new/", NewPerson.as_view(), name="new"),
    path("people/call/", Call.as_view(), name="call"),
    path("people/<int:pk>/", Person.as_view(), name="person"),
    path("secret/", secret, name="secret"),
    path("broken/", broken, name="broken"),
    path("gallery/", Gallery.as_view(), name="gallery"),
    path("move/<int:pk>/", Move.as_view(), name="move"),
]
urlpatterns = [
    path("", home, name="home"),
    path("house/", include((family, "house"))),
    path("", include("xiaocheng.interface.web.shell.urls")),
    path("", include("xiaocheng.interface.web.offline.urls")),  # named by every page
]
handler404 = "xiaocheng.interface.web.shell.errors.not_found"
handler500 = "xiaocheng.interface.web.shell.errors.fault"
