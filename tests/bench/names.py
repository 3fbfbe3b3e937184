"""Made-up companies and people, so that names are found by characters, by pinyin and by initials."""

from __future__ import annotations

from random import Random

CITIES = "北京,上海,广州,深圳,杭州,南京,苏州,成都,武汉,西安,重庆,天津,青岛,宁波,厦门,长沙,郑州,合肥,佛山".split(",")  # noqa: SIM905
BRAND = (
    "安邦博宸晨诚驰创达德鼎东方飞峰福富高光广国海瀚昊恒弘鸿华汇惠慧佳嘉建江捷金锦晶京景凯康科宽朗乐力立利联良"
    "临凌龙隆路美明铭诺欧鹏平普启千勤清庆融瑞润森山尚盛胜时世舒硕思泰腾天通同万旺威维文沃先祥欣新信星兴雄旭"
    "亚阳一伊亿益银盈永优友宇裕元远悦云运泽展长兆真正志智中众卓"
)
FIELDS = "机械,电子,自动化,仪器,环保,新材料,医疗器械,物流,网络科技,信息技术,食品,建材,能源,化工".split(",")  # noqa: SIM905
FORMS = "有限公司,有限公司,有限责任公司,股份有限公司,集团有限公司".split(",")  # noqa: SIM905
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英文华玉萍红建国志宏海燕春梅雪晨浩宇欣怡子轩梓涵"
NOTES = (
    "介绍了新产品的参数和交货期,对方要求下周给出正式报价。",
    "与采购经理确认了用量,主要顾虑是价格和账期。",
    "技术负责人在场,对样机满意,等内部评审结果。",
    "电话沟通了使用情况,没有新的需求。",
    "竞争对手已报价,需要主管一起拜访决策人。",
)


def company_name(random: Random) -> str:
    """A company: place, two or three characters of its own, field, legal form."""
    brand = "".join(random.choices(BRAND, k=2 + (random.random() < 0.5)))
    return f"{random.choice(CITIES)}{brand}{random.choice(FIELDS)}{random.choice(FORMS)}"


def person_name(random: Random) -> str:
    """Somebody's name."""
    return random.choice(SURNAMES) + "".join(random.choices(GIVEN, k=1 + (random.random() < 0.7)))


def phone(random: Random) -> str:
    """A mobile number of mainland China."""
    return f"1{random.choice('3578')}{random.randrange(10**9):09d}"
