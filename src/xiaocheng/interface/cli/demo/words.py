"""Names and sentences of the demo company; none belongs to anybody."""

from __future__ import annotations

import random

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉萍红飞玲健鹏凯欣怡浩然子轩雨桐嘉琪思远晓燕志强文博雅婷俊峰"
CITIES = {
    "east": ("上海", "杭州", "苏州", "南京", "宁波", "无锡", "合肥", "常州"),
    "south": ("深圳", "广州", "东莞", "佛山", "厦门", "惠州", "珠海", "中山"),
    "north": ("北京", "天津", "青岛", "济南", "石家庄", "太原", "郑州", "烟台"),
    "southwest": ("成都", "重庆", "昆明", "贵阳", "西安", "绵阳", "武汉", "长沙"),
}
FIRST = (
    "华信远景博泰金诚天工云帆启明恒达瑞丰盛鼎宏图嘉禾安康德润佳美兴业"
    "永昌荣耀星辰海川新和顺达中正百川九州同仁协力卓越腾飞锐精致远志诚"
)
TRADES = {
    "manufacturing": ("机械制造", "精密机械", "自动化设备", "数控设备"),
    "technology": ("电子科技", "半导体", "光电技术", "智能仪器"),
    "energy": ("化工材料", "新材料", "涂料", "塑胶制品"),
    "agriculture": ("食品", "饮料", "粮油", "餐饮管理"),
    "medical": ("医疗器械", "生物制药", "医药连锁", "康复设备"),
    "construction": ("建材", "装饰工程", "建筑工程", "门窗幕墙"),
    "logistics": ("物流", "供应链管理", "冷链运输", "仓储服务"),
    "retail": ("商贸", "百货", "电子商务", "连锁超市"),
}
FORMS = ("有限公司", "有限公司", "有限公司", "股份有限公司", "集团有限公司")
STREETS = ("人民路", "中山路", "科技园路", "工业大道", "解放路", "滨江大道", "创新路", "长江路", "建设路", "兴业路")
POSITIONS = (
    "总经理",
    "采购经理",
    "采购主管",
    "设备部经理",
    "生产厂长",
    "技术总监",
    "财务经理",
    "行政主管",
    "信息部主管",
)
PRODUCTS = (
    ("XC-P100", "标准型包装机", "包装设备", "38000"),
    ("XC-P200", "高速包装机", "包装设备", "86000"),
    ("XC-P300", "全自动包装线", "包装设备", "268000"),
    ("XC-L10", "激光喷码机", "标识设备", "24800"),
    ("XC-L20", "视觉检测喷码机", "标识设备", "52800"),
    ("XC-C5", "输送带模块", "输送设备", "9800"),
    ("XC-C8", "智能分拣系统", "输送设备", "158000"),
    ("XC-S1", "年度保养服务", "服务", "12000"),
    ("XC-S2", "操作员培训", "服务", "6000"),
    ("XC-M1", "耗材套装", "耗材", "3200"),
)
RESULTS = (
    "确认了本季度的设备更新计划,采购预算已经报批,对方希望下周看到正式方案。",
    "介绍了新款机型的节能数据,对方比较认可,要求补充与现有产线的对接说明。",
    "了解到现有供应商交期经常延误,这是我们的切入点,已约技术人员一起现场勘察。",
    "报价已经收到,对方认为价格偏高,重点解释了三年的维护成本差异。",
    "讨论了付款方式,对方希望分三期付款,需要向公司申请。",
    "回访设备使用情况,运行稳定,操作员反映喷头更换不够方便,已记录。",
    "对方换了新的采购负责人,重新介绍了公司和合作历史,态度积极。",
    "现场看了产线,瓶颈在装箱环节,推荐高速机型,答应提供节拍测算。",
    "收款跟进,财务答应本月底前安排付款,已与对方财务经理确认流程。",
    "对方年度框架合同将在下月招标,已拿到技术要求,需要准备资质文件。",
)
NOT_MET = ("负责人临时外出,由前台转交了资料。", "到访时对方正在盘点,改约下周。", "采购经理开会,只见到助理,留下了样册。")
NEXT_STEPS = (
    "发送正式方案",
    "带技术人员现场勘察",
    "提交修改后的报价",
    "电话确认预算审批结果",
    "安排样机演示",
    "跟进合同条款",
    "回访使用情况",
    "确认付款日期",
)
OPINIONS = ("希望缩短交货期", "希望增加操作培训次数", "觉得售后响应比以前快", "包装外观希望可以定制", "")
COMPETITORS = ("锐达设备", "东方智装", "海科机电")
COMPETITOR_FACTS = ("最近降价约百分之五抢单", "推出了新款高速机,交期八周", "在办客户体验活动,送一年耗材", "")
LEARNT = (
    "今天最大的体会是先问清楚现有产线的痛点,再讲产品,客户更愿意往下谈。",
    "下午两家都在比价,以后应当提前准备好成本对比表。",
    "新客户第一次拜访要先找到真正的使用部门,只见采购推进不了。",
    "路线安排不合理,花在路上的时间太多,明天把同一个区的客户排在一起。",
    "跟进老客户时多问一句新需求,今天意外得到一个扩产的消息。",
)
JUDGEMENTS = (
    "本周目标可以完成,重点盯紧两个谈判阶段的商机。",
    "报价阶段积压较多,需要技术部支持尽快给出方案。",
    "区域内同行降价明显,建议对重点客户提前锁定年度合同。",
    "客户整体反馈不错,回款进度正常。",
)
DEALS = ("采购", "采购", "项目", "二期", "年度合同")  # what follows the product in a deal's name
TASKS = ("准备产品样册和报价表", "核对合同付款条款", "寄送样品并确认收到", "整理客户设备清单", "请技术部出节拍测算")
LOST_REASONS = ("price", "price", "competitor", "competitor", "timing", "budget", "product", "no_decision")


def person_name(dice: random.Random) -> str:
    """A plausible Chinese name of two or three characters."""
    return dice.choice(SURNAMES) + "".join(dice.sample(GIVEN, dice.choice((1, 2, 2))))


def company_name(dice: random.Random, city: str, industry: str) -> str:
    """A plausible company name: city, two characters, trade, legal form."""
    start = dice.randrange(0, len(FIRST), 2)
    return f"{city}{FIRST[start : start + 2]}{dice.choice(TRADES[industry])}{dice.choice(FORMS)}"


def mobile(dice: random.Random) -> str:
    """A mobile number of the right shape; the demo company sends no messages."""
    return f"1{dice.choice('35789')}0{dice.randrange(10**8):08d}"


def address(dice: random.Random, city: str) -> str:
    """A street and number."""
    return f"{city}市{dice.choice(STREETS)}{dice.randrange(1, 900)}号"
