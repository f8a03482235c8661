"""What the trade calls the same thing in two ways: the words at the counter, and those of makers' price lists."""

# each line is one thing; the search of the catalogue finds it by any of its names
SYNONYMS = (
    ("刹车", "制动"),
    ("刹车片", "制动片", "制动摩擦片", "制动衬片"),
    ("刹车盘", "制动盘"),
    ("刹车油", "制动液"),
    ("机油", "润滑油"),
    ("机油格", "机油滤清器", "机油滤芯", "机滤"),
    ("空气格", "空气滤清器", "空气滤芯", "空滤"),
    ("空调格", "空调滤清器", "空调滤芯", "花粉滤清器"),
    ("汽油格", "汽油滤清器", "燃油滤清器", "汽滤"),
    ("轮胎", "胎"),
    ("轮毂", "轮辋", "钢圈"),
    ("电瓶", "蓄电池"),
    ("雨刮", "雨刷", "刮水器"),
    ("雨刮片", "雨刷片", "刮水片"),
    ("玻璃水", "洗涤液", "清洗液"),
    ("大灯", "前照灯", "头灯"),
    ("转向灯", "转弯灯"),
    ("保养", "维护"),
    ("皮带", "传动带"),
    ("正时皮带", "正时带", "同步带"),
    ("火花塞", "火嘴"),
    ("防冻液", "冷却液"),
    ("水箱", "散热器"),
    ("方向盘", "转向盘"),
    ("方向机", "转向器"),
    ("变速箱", "变速器"),
    ("波箱油", "变速箱油", "变速器油", "自动变速器油"),
    ("减震", "减振"),
    ("避震", "减震器", "减振器"),
    ("保险杠", "杠"),
    ("引擎盖", "发动机盖", "机盖"),
    ("叶子板", "翼子板"),
    ("倒车镜", "后视镜"),
    ("挡风玻璃", "风挡玻璃"),
    ("三元催化", "催化转化器", "催化器"),
    ("冷媒", "制冷剂", "雪种"),
    ("四轮定位", "车轮定位"),
    ("喷漆", "涂装"),
    ("钣金", "整形"),
)


def names_of(word: str) -> list[str]:
    """A typed word and what else it may be called: 前刹车片 is also 前制动片."""
    found = {word: None}
    for names in SYNONYMS:
        typed = max((name for name in names if name in word), key=len, default="")
        if typed:
            found.update(dict.fromkeys(word.replace(typed, name) for name in names))
    return list(found)
