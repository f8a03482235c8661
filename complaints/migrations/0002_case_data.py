"""What cases are run by from the first day: deadlines, steps of escalation, kinds of compensation, rules of conduct.

Own targets and those of the manufacturer and the press are defaults that a store may change. Warranty law: order 43 of
the market regulator, article 28, in force since 2022-01-01. Regulator: articles 14 and 21 of the measures on complaints
as they stood until 2026-04-14; what follows them is not known here, so that deadline is typed from the letter.
"""

import datetime

from django.db import migrations

SINCE = datetime.date(2020, 1, 1)
WARRANTY = datetime.date(2022, 1, 1)
UNTIL = datetime.date(2026, 4, 14)
OWN = "default of the house"
# what for, severity, how long, unit, since, until, source
TARGETS = [
    ("received", "", 240, "store_minutes", SINCE, None, OWN),
    ("received", "serious", 120, "store_minutes", SINCE, None, OWN),
    ("received", "major", 60, "store_minutes", SINCE, None, OWN),
    ("answering", "", 480, "store_minutes", SINCE, None, OWN),
    ("investigating", "", 1440, "store_minutes", SINCE, None, OWN),
    ("investigating", "major", 720, "store_minutes", SINCE, None, OWN),
    ("proposing", "", 480, "store_minutes", SINCE, None, OWN),
    ("deciding", "", 480, "store_minutes", SINCE, None, OWN),
    ("deciding", "major", 240, "store_minutes", SINCE, None, OWN),
    ("carrying_out", "", 2880, "store_minutes", SINCE, None, OWN),
    ("calling", "", 1440, "store_minutes", SINCE, None, OWN),
    ("legal_answer", "", 10, "working_days", WARRANTY, None, "家用汽车产品修理更换退货责任规定 28"),
    ("legal_end", "", 20, "working_days", WARRANTY, None, "家用汽车产品修理更换退货责任规定 28"),
    ("regulator_answer", "", 7, "working_days", SINCE, UNTIL, "市场监督管理投诉举报处理暂行办法 14"),
    ("regulator_end", "", 45, "working_days", SINCE, UNTIL, "市场监督管理投诉举报处理暂行办法 21"),
    ("oem_contact", "", 2, "hours", SINCE, None, OWN),
    ("oem_contact", "escalated", 1, "hours", SINCE, None, OWN),
    ("oem_contact", "major", 1, "hours", SINCE, None, OWN),
    ("oem_end", "", 72, "hours", SINCE, None, OWN),
    ("oem_end", "escalated", 48, "hours", SINCE, None, OWN),
    ("oem_end", "major", 24, "hours", SINCE, None, OWN),
    ("press_answer", "", 24, "hours", SINCE, None, OWN),
]
STEPS = [(1, 80, ""), (2, 100, "care_manager"), (3, 150, "service_manager"), (4, 200, "general_manager")]
COMPENSATIONS = [
    ("voucher", "代金券", "Voucher", "yuan", False),
    ("maintenance", "免费保养", "Free maintenance", "times", False),
    ("warranty", "延长质保", "Extended warranty", "months", False),
    ("travel", "代步费", "Travel allowance", "yuan", True),
    ("cash", "现金补偿", "Cash", "yuan", True),
    ("labour", "免工时费", "Labour free of charge", "yuan", False),
    ("gift", "礼品", "Gift", "yuan", False),
]
CONDUCT = [
    ("先听完，不打断、不争论", "Listen to the end; do not interrupt, do not argue"),
    ("不轻易承诺，做不到的不说", "Do not promise lightly what may not be kept"),
    ("不推卸责任，不说别的部门", "Do not push it away to another department"),
    ("不提高音调", "Do not raise your voice"),
    ("不怀疑客户", "Do not doubt the customer"),
    ("复述一遍，确认理解一致", "Repeat it in your own words until both understand the same"),
    ("请客户一起选择解决办法", "Let the customer help to choose the way out"),
]
PHRASES = [
    ("不行", "我来看看有什么办法"),
    ("不知道", "我马上帮您了解清楚"),
    ("不可以", "我们可以这样为您处理"),
    ("不归我管", "我帮您找到负责的同事"),
    ("不归我们管", "我帮您找到负责的同事"),
    ("没办法", "我们一起想想别的办法"),
    ("你应该", "请您这样试一下"),
    ("这是规定", "我向您说明一下原因"),
]
REPLIES = [
    (
        "complaint",
        "投诉不成立：婉转答复",
        "{name}您好，感谢您把问题告诉我们。您反映的情况（{number}）我们已经认真核实：……。"
        "我们理解您当时的感受，也很抱歉没有提前说明清楚。如果您还有其他情况或新的凭据，请随时告诉我们，我们会重新核实。{store}",
    ),
    (
        "enquiry",
        "咨询答复",
        "{name}您好，关于您咨询的问题（{number}），答复如下：……。如还有疑问，欢迎随时联系我们。{store}",
    ),
    (
        "suggestion",
        "建议采纳",
        "{name}您好，您的建议（{number}）对我们很有帮助，我们已经安排改进：……。感谢您让我们做得更好。{store}",
    ),
    (
        "suggestion",
        "建议暂不采纳",
        "{name}您好，感谢您的建议（{number}）。我们认真讨论过，目前暂时还做不到，原因是：……。我们会继续留意。{store}",
    ),
]


def fill(apps, schema_editor):
    def rows(name):
        return apps.get_model("complaints", name).objects

    target, step = apps.get_model("complaints", "Target"), apps.get_model("complaints", "Step")
    names = ("due", "severity", "amount", "unit", "since", "until", "source")
    rows("Target").bulk_create([target(**dict(zip(names, one, strict=True))) for one in TARGETS])
    rows("Step").bulk_create([step(level=level, percent=percent, role=role) for level, percent, role in STEPS])
    for code, zh, en, unit, is_cash in COMPENSATIONS:
        rows("CompensationKind").create(code=code, name_zh=zh, name_en=en, unit=unit, is_cash=is_cash)
    for position, (zh, en) in enumerate(CONDUCT, 1):
        rows("ConductRule").create(position=position, words_zh=zh, words_en=en)
    for words, instead in PHRASES:
        rows("Phrase").create(words=words, instead=instead)
    for nature, title, text in REPLIES:
        rows("ReplyTemplate").create(nature=nature, title=title, text=text)


def empty(apps, schema_editor):
    for name in ("Target", "Step", "CompensationKind", "ConductRule", "Phrase", "ReplyTemplate"):
        apps.get_model("complaints", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_initial")]
    operations = [migrations.RunPython(fill, empty)]
