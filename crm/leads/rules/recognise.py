"""What a pasted chat message or signature says: firm, code, contact, phone, amount; offered, not stored.

Nothing is invented: every value stands in the text as it is read (one width of letters); what is doubtful is
left out. A registered capital, a turnover or so many tons is no investment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crm.companies.rules import CODE_LENGTH, code_fault
from crm.values.money import AmountError, Money, parse_amount
from crm.values.names import LEAST, distinctive
from crm.values.text import nfkc, search_key, tidy

LONGEST = 4000
"""Characters of a message that are looked at."""

MOST = Money.yi(100_000)


@dataclass(frozen=True)
class Recognised:
    """What was found; "" where nothing was. The amount is as written, with its unit."""

    company: str = ""
    credit_code: str = ""
    contact_name: str = ""
    contact_title: str = ""
    contact_phone: str = ""
    amount: str = ""

    @property
    def nothing(self) -> bool:
        """The text says none of it."""
        return not any(vars(self).values())


def recognise(text: str) -> Recognised:
    """Read a message."""
    plain = nfkc(tidy(text))[:LONGEST]
    name, title = _contact(plain)
    return Recognised(
        company=_company(plain),
        credit_code=_code(plain),
        contact_name=name,
        contact_title=title,
        contact_phone=_phone(plain),
        amount=_amount(plain),
    )


# --- code and phone ----------------------------------------------------------------------------

_CODE = re.compile(rf"(?<![0-9A-Za-z])[0-9A-Z]{{{CODE_LENGTH}}}(?![0-9A-Za-z])")
_EDGE = r"(?<![0-9A-Za-z.])"
_MOBILE = re.compile(_EDGE + r"(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![0-9A-Za-z])")
_LANDLINE = re.compile(
    _EDGE + r"(?:\(0\d{2,3}\)|0\d{2,3}-)\s?\d{7,8}(?:(?:-|转)\d{1,5})?(?![0-9A-Za-z])"
    r"|" + _EDGE + r"400-?\d{3}-?\d{4}(?![0-9A-Za-z])"
)
_NOT_A_PHONE = re.compile(r"(?:传真|fax|qq|账号|帐号|卡号|身份证号?)\W{0,3}$", re.I)


def _code(text: str) -> str:
    return next((found for found in _CODE.findall(text) if code_fault(found) is None), "")


def _phone(text: str) -> str:
    """The first mobile number, else the first landline; never a fax."""
    for pattern in (_MOBILE, _LANDLINE):
        for found in pattern.finditer(text):
            if not _NOT_A_PHONE.search(text[: found.start()]):
                return found[0].strip()
    return ""


# --- amount ------------------------------------------------------------------------------------

_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_UNIT = r"(?:余|多)?\s?(?:个\s?)?(?:亿元|万元|亿|万)"
_AMOUNT = re.compile(
    rf"(?<![\d.,-])(?:大约|约|近|逾|超)?\s?{_NUMBER}(?:{_UNIT})?(?:\s?[-~至到—]\s?{_NUMBER})?{_UNIT}"
    r"(?:左右|上下)?"
    r"(?=$|[\s,。;；,、.!！)(:：/|]|左右|上下|以上|人民币|的|投资|总投资|建设|规模|,)"
)
_CLAUSE = re.compile(r"[,。;、\n!?]")
_NO_INVESTMENT = re.compile(
    r"注册资|实缴|产值|营收|收入|销售|利润|税|估值|市值|贷款|融资|资产总|总资产|净资产|补贴|奖励|租金|"
    r"年薪|单价|价格|回款|订单|合同额|成本|均价|股权|持股|罚"
)
_LABELS = (
    (re.compile(r"总投资|投资总额|投资额|总额|共投资|共计投资"), 4),
    (re.compile(r"投资|投入|砸"), 2),
)
_PHASE = re.compile(r"[一二三首四]期")


def _amount(text: str) -> str:
    """The amount that is most plainly the investment; of two as plain, the first."""
    best, found = 0, ""
    for match in _AMOUNT.finditer(text):
        before = _CLAUSE.split(text[: match.start()])[-1][-20:]
        weight = _weight(before)
        if weight > best and _is_amount(match[0]):
            best, found = weight, match[0].strip()
    return found


def _weight(before: str) -> int:
    """How plainly what stands before an amount says that it is invested; 0: something else."""
    if _NO_INVESTMENT.search(before):
        return 0
    weight = next((weight for label, weight in _LABELS if label.search(before)), 1)
    return weight - (1 if weight > 1 and _PHASE.search(before) else 0)


def _is_amount(text: str) -> bool:
    try:
        amount = parse_amount(text)
    except AmountError:
        return False
    return Money(0) < amount.low and amount.high <= MOST


# --- firm --------------------------------------------------------------------------------------

_LABELLED = re.compile(
    r"(?:公司名称|企业名称|单位名称|客户名称|投资企业|投资主体|投资方|公司|单位|企业|客户)\s?:\s?"
    r"([^\n,。;|]{2,60})"
)
_NAME = r"[一-鿿A-Za-z0-9()·&-]"
_LEGAL = "股份有限公司|有限责任公司|集团有限公司|有限公司|集团公司|股份公司"
_LOOSE = "集团|公司|研究院|研究所|合作社"
_CHINESE = tuple(re.compile(rf"{_NAME}{{2,40}}?(?:{ends})") for ends in (_LEGAL, _LOOSE))
_FOREIGN = re.compile(
    r"\b[A-Z][A-Za-z0-9&.' -]{1,50}?,? ?(?:Co\.?, ?Ltd\.?|Ltd\.?|Inc\.?|Corporation|Corp\.?|GmbH|LLC|AG|PLC)"
    r"(?![A-Za-z])"
)
_STRONG = (
    "我们公司|我们|我是|我叫|咱们|他们|这里是|这边是|来自|就职于|任职于|供职于|接待|拜访|走访|对接|联系|考察|介绍|"
    "推荐|引荐|认识|约见|会见|来访|关于|听说|今天|昨天|前天|明天|上午|下午|中午|晚上|刚刚|刚才|早上|有家|一家|这家|"
    "投资方|投资主体|公司名称|企业名称|公司|企业|单位|客户|名称|领导|各位|您好|你好|朋友|老板|电话|微信|转发|收到|"
    "局长|科长|主任|区里|市里|园区|外地|本地|做的|代表|陪同|带队|参观|沟通|洽谈|交流|项目方|招商"
)
_CRUFT = re.compile(rf"^.{{0,12}}?(?:{_STRONG})[了过到的是跟和与同去找向给请由叫为上:]*")
_NO_FIRM = re.compile(
    r"^(?:我们?|贵方?|你们?|您|该|此|本|他们?|她|这家?|那家?|[一二两三几多]家|某|上市|国有|民营|外资|合资|央企|国企|大型|"
    r"龙头|母|子|总|分|新|成立|注册|设立|项目|代理|其|下属|一个|哪个|什么|所属|跨国|知名|相关|各|全资|旗下|目标|当地)*"
    r"(?:公司|集团)$"
)


def _company(text: str) -> str:
    """A labelled name first, then one with its legal form, then a looser one."""
    for found in _LABELLED.finditer(text):
        name = found[1].strip(" ()")
        if _is_firm(name):
            return _longest_firm(name) or name[:40]
    for pattern in (_CHINESE[0], _FOREIGN, _CHINESE[1]):
        for name in _names(pattern, text):
            if _is_firm(name):
                return name
    return ""


def _names(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    for found in pattern.finditer(text):
        name = found[0].strip(" -·&")
        while (shorter := _CRUFT.sub("", name)) != name and pattern.fullmatch(shorter):
            name = shorter
        yield name.lstrip("-·&")


def _longest_firm(text: str) -> str:
    """Of what stands behind a label, as much as ends in a firm's form."""
    return next((name for pattern in _CHINESE[:1] for name in _names(pattern, text)), "")


def _is_firm(name: str) -> bool:
    if _NO_FIRM.match(name) or name.isdecimal():
        return False
    return len(distinctive(search_key(name))) >= LEAST


# --- contact -----------------------------------------------------------------------------------

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗"
    "凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹"
    "狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞"
    "万支柯管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁荀甄曲段富巫乌焦巴牧隗山谷车侯全班仰秋仲"
    "宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司黎薄印白怀蒲从鄂索咸籍赖卓屠蒙池乔阴闻莘党翟谭贡姬申扶堵冉宰雍桑桂濮牛"
    "寿通边扈燕冀浦尚农温别庄晏柴瞿阎慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越"
    "夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾沙养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公肖仝佟付代"
)
_COMPOUND = "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|宇文|司徒|端木|夏侯|呼延"
_TITLES = (
    "董事长|副董事长|总经理|副总经理|常务副总|副总裁|总裁|投资总监|市场总监|战略总监|总监|投资部长|部长|投资经理|"
    "项目经理|客户经理|区域经理|经理|董秘|秘书|助理|总工程师|总工|工程师|厂长|主任|合伙人|负责人|代表|"
    "CEO|CTO|CFO|COO|VP"
)
_ADDRESSED = "总监|总工|经理|主任|部长|处长|局长|科长|董事长|博士|教授|先生|女士|老师|总|董|工"
_GIVEN = rf"(?:(?:{_COMPOUND})[一-鿿]{{1,2}}|[{_SURNAMES}][一-鿿]{{1,2}})"
_CONTACTS = (
    re.compile(
        rf"(?:联系人|对接人|姓名|经办人|联络人|项目负责人|负责人)\s?:?\s?(?P<name>{_GIVEN}|[{_SURNAMES}](?:{_ADDRESSED}))"
        rf"(?:[\s(/|,·-]*(?P<title>(?:{_TITLES}){{1,2}}))?(?![一-鿿])"
    ),
    re.compile(
        rf"(?m)^\s*(?P<name>{_GIVEN})[\s/|·-]+(?P<title>[一-鿿]{{0,6}}?(?:{_TITLES}))(?![一-鿿])"
    ),
    re.compile(
        rf"(?m)^\s*(?P<title>[一-鿿]{{0,6}}?(?:{_TITLES}))[\s/|:·-]+(?P<name>{_GIVEN})(?![一-鿿])"
    ),
    re.compile(rf"(?:公司|集团)的?\s?(?P<title>{_TITLES})\s?(?P<name>{_GIVEN})(?![一-鿿])"),
    re.compile(
        rf"(?:我是|我叫|公司的|集团的|公司|集团)\s?(?P<name>{_GIVEN})(?P<title>)(?=$|[\s,。;!、(:]|\d)"
    ),
    re.compile(
        rf"(?<![一-鿿])(?P<name>(?:{_COMPOUND}|[{_SURNAMES}])[一-鿿]?(?:{_ADDRESSED}))(?P<title>)(?![一-鿿])"
    ),
    re.compile(
        rf"(?:[的是和跟与找给约见组部院]|公司|集团)(?P<name>(?:{_COMPOUND}|[{_SURNAMES}])(?:{_ADDRESSED}))(?P<title>)"
        r"(?!裁|经理|部|程|监|司)"
    ),
    re.compile(rf"(?m)^\s*(?P<name>{_GIVEN})(?P<title>)[\s:,]*\+?(?:86)?[\s-]?1[3-9]\d"),
)


def _contact(text: str) -> tuple[str, str]:
    """(name, position) by the plainest pattern that finds one."""
    for pattern in _CONTACTS:
        found = pattern.search(text)
        if found:
            return found["name"], found["title"] or ""
    return "", ""
