"""Address cards of phones and mail programs become customers and contacts."""

import pytest

from tests.world import World
from xiaocheng.foundation.import_export import commands
from xiaocheng.foundation.import_export.reading.vcard import HEADER, is_vcard, rows_of
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.selling.customers.models import Contact, Customer

CARDS = """BEGIN:VCARD
VERSION:3.0
N:王;五;;;
FN:王五
ORG:甲公司;采购部
TITLE:厂长
TEL;TYPE=WORK:021-55551234
TEL;TYPE=CELL,VOICE:13800138000
EMAIL;TYPE=INTERNET:wang@jia.example
ADR;TYPE=WORK:;;中山路 1 号;上海;;200000;中国
NOTE:爱喝茶\\, 不抽烟\\n周一不在
END:VCARD
BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E8=B5=B5;=E4=
=B8=83;;;
ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=94=B2=E5=85=AC=E5=8F=B8
TEL;CELL:13900139000
PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQ
 SkZJRg
END:VCARD
BEGIN:VCARD
VERSION:4.0
item1.FN:Ann
  Smith
TEL;VALUE=uri;TYPE="cell":tel:+852-2345-6789
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:
END:VCARD
"""


def test_a_card_says_company_person_phones_address_and_note():
    data = CARDS.encode()
    assert is_vcard(data) and not is_vcard(b"name,phone\n") and is_vcard(b"\xef\xbb\xbfbegin:vcard\r\n")
    first, second, third = (dict(zip(HEADER, row, strict=True)) for row in rows_of(data)[1:])
    assert (first["客户名称"], first["联系人姓名"], first["联系人职务"]) == ("甲公司", "王五", "厂长")
    assert (first["联系人电话"], first["电话"], first["联系人邮箱"]) == (
        "13800138000",
        "021-55551234",
        "wang@jia.example",
    )
    assert (first["地址"], first["备注"]) == ("中国上海中山路 1 号", "爱喝茶, 不抽烟\n周一不在")
    assert (second["客户名称"], second["联系人姓名"], second["联系人电话"]) == ("甲公司", "赵七", "13900139000")
    assert (third["客户名称"], third["个人客户"], third["电话"]) == ("Ann Smith", "是", "+852-2345-6789")
    assert rows_of(CARDS.encode("gb18030"))[1][2] == "王五"


@pytest.mark.django_db
def test_cards_are_taken_in_by_the_wizards_own_guesses(world: World, upload):
    actor = world.actor("east_manager")
    job = upload(actor, CARDS.replace("\n", "\r\n"), "通讯录.vcf")
    assert job.target == "customers"
    job = commands.map_columns(actor, job.pk, job.columns)
    job = commands.check(actor, job.pk, lambda rows: None)
    job = commands.run(actor, job.pk, lambda rows: None)
    assert (job.counts["new"], job.counts["parts"], job.counts["refused"]) == (2, 2, 0)
    rows = Customer.objects.visible_to(SYSTEM).order_by("pk").values_list("name", "is_person", "phone", "background")
    assert list(rows) == [
        ("甲公司", False, "021-55551234", "爱喝茶, 不抽烟\n周一不在"),
        ("Ann Smith", True, "+852-2345-6789", ""),
    ]
    contacts = Contact.objects.visible_to(SYSTEM).order_by("pk").values_list("customer__name", "name")
    assert list(contacts) == [("甲公司", "王五"), ("甲公司", "赵七")]
