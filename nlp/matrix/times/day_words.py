"""The words for days, and the expression that finds them in a text."""

from nlp.matrix.times.feasts import FEAST, FEASTS

_RELATIVE = {
    0: "今儿个 今儿 今天 今日 今个 今朝 today tonight",
    -1: "昨儿个 昨儿 昨天 昨日 昨个 夜个儿 夜儿个 寻日 琴日 噚日 擒日 寻晚 琴晚 噚晚 昨 yesterday last_night",
    -2: "前儿个 前儿 前天 前日 前个儿",
    -3: "大前儿个 大前儿 大前天 大前日",
    -4: "大大前天",
    1: "明儿个 明儿 明天 明日 听日 明早 明晚 tomorrow",
    2: "后天 后日 后儿",
    3: "大后天",
}
DAYS = {word.replace("_", " "): shift for shift, words in _RELATIVE.items() for word in words.split()}
SPANS = {"前两": (-2, -1), "头两": (-2, -1), "前几": (-7, -2), "头几": (-7, -2), "前些": (-14, -3), "这两": (-2, 0)}
SPANS |= {"这几": (-3, 0), "几": (-7, -2), "前三": (-3, -1), "近两": (-2, 0), "近几": (-3, 0), "这三": (-3, 0)}
_A_WHILE = ("前阵子", "前一阵子", "前一阵", "前段时间", "前一段时间", "前些时候")
_NUMBERED = ("一1", "二2", "三3", "四4", "五5", "六6", "日天7")
WEEKDAYS = {name: day for day, names in enumerate(_NUMBERED) for name in names}
_NAMED = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ENGLISH = {name: day for day, name in enumerate(_NAMED)}

_N = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3}|俩|仨|半)"
_D = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|[一二]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_M = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_WEEK = r"(?P<{0}>上上个?|上个?|这个?|本|下下?个?|呢个|last |this )?"
_YEAR = r"(?:(?P<year>去年|今年|前年|(?:20)?\d\d年)的?)?"
_MONTH = (
    rf"(?:(?P<rm>上上个?|上个?|这个?|本|当|下个?)月(?!嫂)份?|(?P<month>{_M})月份?(?!饼|子|经|嫂)"
    r"|(?<![\w.])(?P<dm>1[0-2]|[1-9])[./](?=\d\d?(?:号|日|那天|当天|[上下]午|晚)))"
    rf"(?:(?P<mday>{_D})(?:[号日]|(?=那天|当天|[上下]午|晚))"
    r"|的?(?P<sub>上旬|中旬|下旬|月?初|中(?!午|旬|秋)|月?底|末(?!了)|最后一天|第一天))?"
)
_LUNAR = (
    r"(?P<lm>腊|臘|正|冬)月(?:里|间)?"
    r"(?:初?(?P<lday>三十|二?十[一二三四五六七八九]?|二十|廿[一二三四五六七八九]?|[一二三四五六七八九]))?"
)
_LONGEST_FIRST = "|".join(sorted(DAYS, key=len, reverse=True))
_SOME_DAYS = "|".join(sorted(SPANS, key=len, reverse=True))
DAY = (
    rf"(?P<rel>{_LONGEST_FIRST}|今(?=早|晚|晨|午|夜)|(?<![之以目提从])前(?=晚)|大前(?=晚))(?!年|[之以]后)"
    rf"|(?P<span>(?<![一提\d])(?:{_SOME_DAYS})[天日](?!前|后|内|下来)|几天(?=[之以]?前)|{'|'.join(_A_WHILE)})"
    rf"|{_WEEK.format('which')}(?:周|星期|礼拜)(?P<wd>[一二三四五六日天1-7])(?![\d个共起直次样年回定些块]|下(?![午昼半]))"
    rf"|(?P<english>(?:last |this )?(?:{'|'.join(ENGLISH)}))"
    rf"|(?P<which2>上上个?|上个?|这一?个?|本|下个?|呢个|last |this )(?P<week>周末?|星期|礼拜|week)(?!年)"
    r"|(?P<weekend>周末)(?!愉快|快乐|不|班)"
    rf"|(?P<ago>{_N})(?P<more>多|来)?个?(?P<plus>半)?多?"
    r"(?P<unit>小时|钟头|钟|分钟|天|星期|礼拜|周|月|年)多?[之以]?前(?!台|厅|面|后)"
    rf"|{_YEAR}(?:{_MONTH}|{_LUNAR}|{FEAST})"
    r"|(?P<lunar1>大?年|正月)?初(?P<lday1>十|[一二三四五六七八九])(?![中高级次步])"
    rf"|(?<![弄路街巷道村])(?P<only>{_D})号(?!\d{{3}}|[楼线院门床房机车桌码位公卡]|店(?!里|庆))"
    r"|月(?P<sub2>初|中旬?|底|末)(?!卡)"
    r"|(?P<just>去年|前年|大前年)(?![买购装入就冬夏春秋])"
)  # fmt: skip
DAY_BEGINS = frozenset("0123456789一二两三四五六七八九十俩仨半今前大上下这本呢周星礼去当腊臘正冬初年月几lt").union(
    word[0] for words in (DAYS, SPANS, ENGLISH, FEASTS) for word in words
)
"""The characters with which a match of `DAY` can begin."""
