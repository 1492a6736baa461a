"""Firms' names and plans, compared: what tells a firm from others, and the bigrams that find it."""

from __future__ import annotations

import re

from crm.values.text import name_key, search_key

_PLACES = """
    北京 天津 河北 石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 山西 太原 大同 阳泉 长治
    晋城 朔州 晋中 运城 忻州 临汾 吕梁 内蒙古 呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔
    乌兰察布 兴安 锡林郭勒 阿拉善 辽宁 沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳
    葫芦岛 吉林 长春 四平 辽源 通化 白山 松原 白城 延边 黑龙江 哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春
    佳木斯 七台河 牡丹江 黑河 绥化 大兴安岭 上海 江苏 南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州
    镇江 泰州 宿迁 浙江 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 安徽 合肥 芜湖 蚌埠 淮南
    马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城 福建 福州 厦门 莆田 三明 泉州 漳州
    南平 龙岩 宁德 江西 南昌 景德镇 萍乡 九江 鹰潭 赣州 吉安 宜春 抚州 上饶 山东 济南 青岛 淄博 枣庄
    东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽 河南 郑州 开封 洛阳 平顶山 安阳 鹤壁
    新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店 湖北 武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门
    孝感 荆州 黄冈 咸宁 随州 恩施 湖南 长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化
    娄底 湘西 广东 广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞
    中山 潮州 揭阳 云浮 广西 南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左
    海南 海口 三亚 儋州 琼海 重庆 四川 成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山
    宜宾 广安 达州 雅安 巴中 资阳 阿坝 甘孜 凉山 贵州 贵阳 六盘水 遵义 安顺 毕节 铜仁 黔西南 黔东南 黔南
    云南 昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 楚雄 红河 文山 西双版纳 大理 德宏 怒江 迪庆 西藏 拉萨
    日喀则 昌都 林芝 那曲 陕西 西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛 甘肃 兰州 嘉峪关 金昌
    天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 临夏 甘南 青海 西宁 黄南 果洛 玉树 宁夏 银川 石嘴山 吴忠
    固原 中卫 新疆 乌鲁木齐 克拉玛依 吐鲁番 哈密 昌吉 博尔塔拉 巴音郭楞 阿克苏 克孜勒苏 喀什 和田 伊犁 塔城
    阿勒泰 石河子 台湾 香港 澳门
    昆都仑 土默特右 土右 达尔罕茂明安联合 达茂 固阳 白云鄂博 稀土高新
"""

PLACES = frozenset(_PLACES.split())
"""Provinces and prefectures as names of firms begin with them, and the city's own banners; left out are
those that are words of their own (东方, 白银) or begin well-known names (阿里)."""

GENERIC = (
    "新能源", "新材料", "高新技术", "生物医药", "装备制造", "智能制造", "人工智能", "稀土永磁",
    "科技", "技术", "能源", "材料", "实业", "制造", "装备", "智能", "电子", "光伏", "储能", "稀土", "永磁",
    "投资", "控股", "发展", "贸易", "工业", "产业", "环保", "机械", "中国", "氢能", "电力", "风电", "电池",
    "化工", "矿业", "煤矿", "资源", "物流", "建设", "工程", "信息", "网络", "数据", "生物", "医药", "食品",
    "农业", "金属", "钢铁", "有色", "冶金", "硅业", "硅材料", "股份", "集团", "企业", "管理", "服务", "国际",
    "项目", "公司", "有限", "责任",
)  # fmt: skip
"""Words that many firms have in their names: they tell none from another."""

LEAST = 2
"""So many characters that are not generic make a name that can be told from others."""

LONGEST_GRAM = 16
"""Of a word of letters as much is kept as this many characters."""

_ENDINGS = ("特别行政区", "自治区", "自治州", "地区", "省", "市", "盟", "区", "县", "旗")
_LONGEST = max(map(len, PLACES))
_BRACKETED = re.compile(r"\(([^()]*)\)")
_BRANCH = re.compile(r"(?:有限责任公司|有限公司|公司).*分公司$")
_GENERIC = re.compile("|".join(sorted(GENERIC, key=len, reverse=True)))
_RUN = re.compile(r"[a-z0-9]+|[^a-z0-9]+")


def distinctive(key: str) -> str:
    """What is left of a key without the words that many firms share, and without signs."""
    return "".join(char for char in _GENERIC.sub("", key) if char.isalnum())


def core_key(name: str) -> str:
    """The name's key without any place of China at its beginning or in brackets, without a branch's part.

    So 江苏双良（上海）有限公司包头分公司 is 双良. A cut that leaves nothing to tell a firm by is not made:
    never empty for a name.
    """
    key = name_key(_BRANCH.sub("", search_key(name)) or name)
    return _cut_places(_cut_brackets(key)) or key


def grams(key: str, most: int = 40) -> list[str]:
    """The distinct pairs of neighbouring characters, in order; words of letters and digits stay whole.

    What the index of names holds: changing it needs a migration that fills the index again. A key of one
    character is its own gram.
    """
    found: dict[str, None] = {}
    for run in _RUN.findall("".join(char for char in key if char.isalnum())):
        if run.isascii():
            found[run[:LONGEST_GRAM]] = None
            continue
        pairs = [run[place : place + 2] for place in range(len(run) - 1)] or [run]
        found.update(dict.fromkeys(pairs))
    return list(found)[:most]


def _cut_brackets(key: str) -> str:
    shorter = _BRACKETED.sub(lambda m: "" if _place_at(m[1]) == len(m[1]) else m[0], key)
    return shorter if len(distinctive(shorter)) >= LEAST else key


def _cut_places(key: str) -> str:
    while (length := _place_at(key)) and len(distinctive(key[length:])) >= LEAST:
        key = key[length:]
    return key


def _place_at(text: str) -> int:
    """How many characters of a place stand at the beginning, with its 省 or 市; 0 for none."""
    for length in range(min(_LONGEST, len(text)), 1, -1):
        if text[:length] in PLACES:
            rest = text[length:]
            return length + next((len(end) for end in _ENDINGS if rest.startswith(end)), 0)
    return 0
