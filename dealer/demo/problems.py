"""The demo's own short list of problems; the list of a platform is loaded by `manage.py load problems`."""

from complaints.models import Problem, ProblemClass

Row = tuple[str, str]
# letter, kind, name in Chinese and English, problems in both
CLASSES: list[tuple[str, str, str, str, list[Row]]] = [
    ("A", "quality", "发动机", "Engine", [("异响", "Noise"), ("漏油", "Oil leak"), ("动力不足", "Lack of power")]),
    ("B", "quality", "变速箱", "Gearbox", [("换挡顿挫", "Jerky shifting"), ("异响", "Noise"), ("漏油", "Oil leak")]),
    ("C", "quality", "制动", "Brakes", [("异响", "Noise"), ("制动偏软", "Soft pedal"), ("抖动", "Judder")]),
    ("D", "quality", "转向", "Steering", [("跑偏", "Pulls to one side"), ("异响", "Noise")]),
    ("E", "quality", "悬架", "Suspension", [("异响", "Noise"), ("吃胎", "Uneven tyre wear")]),
    ("F", "quality", "轮胎轮毂", "Tyres and wheels", [("鼓包", "Bulge"), ("漏气", "Loses air")]),
    ("G", "quality", "空调", "Air conditioning", [("制冷不良", "Does not cool"), ("异味", "Smell")]),
    ("H", "quality", "车身与漆面", "Body and paint",
     [("色差", "Colour differs"), ("漏水", "Water leak"), ("锈蚀", "Rust")]),
    ("I", "quality", "内饰与座椅", "Interior and seats", [("异响", "Noise"), ("破损", "Damage")]),
    ("J", "quality", "灯光与电器", "Lights and electrics", [("故障灯亮", "Warning light"), ("不工作", "Does not work"),
                                                      ("电瓶亏电", "Flat battery")]),
    ("K", "quality", "车机与互联", "Infotainment", [("死机", "Freezes"), ("导航失准", "Navigation wrong")]),
    ("L", "quality", "动力电池", "Traction battery", [("续航下降", "Range drops"), ("充电慢", "Charges slowly")]),
    ("M", "quality", "维修质量", "Repair quality",
     [("未修好", "Not repaired"), ("修后新故障", "New fault after repair"), ("装配遗漏", "Something left out")]),
    ("N", "service", "服务态度", "Attitude", [("言语不当", "Words"), ("无人接待", "Nobody attends")]),
    ("O", "service", "时间与交付", "Time and delivery",
     [("未按时交车", "Late delivery"), ("配件等待久", "Long wait for parts")]),
    ("P", "service", "价格与结算", "Price and bill",
     [("与报价不符", "Differs from the estimate"), ("收费不明", "Unclear charge")]),
    ("Q", "other", "环境与设施", "Rooms and facilities", [("休息区", "Lounge"), ("停车", "Parking")]),
]  # fmt: skip


def lay_problems() -> dict[str, Problem]:
    """The classes and their problems, by code."""
    for letter, kind, zh, en, problems in CLASSES:
        made = ProblemClass.objects.create(letter=letter, kind=kind, name_zh=zh, name_en=en)
        Problem.objects.bulk_create(
            Problem(problem_class=made, code=f"{letter}{n}", name_zh=name_zh, name_en=name_en)
            for n, (name_zh, name_en) in enumerate(problems, 1)
        )
    return {one.code: one for one in Problem.objects.all()}
