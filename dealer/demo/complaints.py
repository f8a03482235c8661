"""Cases of a store in all stages, told by the actions on their days: this week's, and those of last month."""

import base64
import io
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.timezone import now
from django.utils.translation import override
from PIL import Image, ImageDraw

from complaints import actions
from complaints.actions.rework import repairs_of
from complaints.models import CompensationKind, Complaint, ConductRule
from complaints.models.pages import visitor
from core.actor import Actor
from core.models import Employee, Store
from core.roles import Role
from core.uploads import CleanFile, clean_signature
from core.web import actor_of
from customers import actions as customers
from customers.models import Customer
from dealer.demo.garage import SHANGHAI, moment
from dealer.demo.moved import played_at
from dealer.demo.problems import lay_problems
from service.models import Job, Order, Visit

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
NEEDED = (Role.CARE_AGENT, Role.CARE_MANAGER, Role.GENERAL_MANAGER)


def play_complaints(store: Store, people: Mapping[Any, list[Employee]]) -> int:
    """Play the cases of a store that has its own customer care; say how many."""
    if any(role not in people for role in NEEDED):
        return 0
    with override("zh-hans"):  # what the house writes down for good is in its own language
        return Cases(store, people).play()


def _signature() -> CleanFile:
    """A signature as the pad sends it."""
    image = Image.new("RGB", (420, 160), "white")
    ImageDraw.Draw(image).line(
        [(30, 110), (80, 40), (130, 120), (190, 50), (240, 115), (300, 60), (380, 95)], fill="black", width=5
    )
    out = io.BytesIO()
    image.save(out, "PNG")
    return clean_signature("data:image/png;base64," + base64.b64encode(out.getvalue()).decode())


class Cases:
    """The cases of one store; `at` is the present of what is being played."""

    def __init__(self, store: Store, people: Mapping[Any, list[Employee]]) -> None:
        self.store, self.people, self.present = store, people, now()
        self.today: date = self.present.astimezone(SHANGHAI).date()
        self.agents = [actor_of(one, "browser") for one in people[Role.CARE_AGENT]]
        self.agent, self.manager, self.leader = (
            self.agents[0],
            self._by(Role.CARE_MANAGER),
            self._by(Role.GENERAL_MANAGER),
        )
        self.kinds = {one.code: one for one in CompensationKind.objects.all()}
        self.problems = lay_problems()
        self.taken: set[int | None] = set()
        self.at = self.present

    def _by(self, role: Role) -> Actor:
        return actor_of(self.people[role][0], "browser")

    # When and who

    def on(self, ago: int, hour: int, minute: int = 0) -> None:
        """Go to a time of so many days ago; never past the present."""
        self.at = min(moment(self.today - ago * DAY, hour * 60 + minute), self.present - MINUTE)

    def later(self, **span: float) -> None:
        """Go on in time, never past the present."""
        self.at = min(self.at + timedelta(**span), self.present - MINUTE)

    def do(self, action: Any, *rows: Any, **given: Any) -> Any:
        """One step, at the time where the story is."""
        with played_at(self.at):
            return action(*rows, **given)

    def order(self, day: date, **more: Any) -> Order | None:
        """A repair order that left before a day, of a person who may be called; each customer once."""
        rows = Order.objects.filter(visit__store=self.store, visit__left_on__lt=day, **more)
        rows = rows.filter(visit__customer__kind=Customer.Kind.PERSON, visit__customer__do_not_call=False)
        rows = rows.filter(visit__customer__call_from=None).exclude(visit__customer__in=self.taken)
        found = rows.select_related("visit__customer", "visit__vehicle").order_by("-visit__left_on", "-pk").first()
        if found:
            self.taken.add(found.visit.customer_id)
        return found

    # Steps

    def take_in(self, words: str, *, problem: str = "", way: str = "phone", agent: int = 0, **more: Any) -> Complaint:
        """A case comes in about an order of the days before."""
        given: dict[str, Any] = {"nature": "complaint", "way": way, "words": words} | more
        given.setdefault("order", self.order(self.at.astimezone(SHANGHAI).date()))
        if given["order"] is None and not given.get("customer"):
            given |= {"name": "陆女士", "phone": "13900000031"}
        problems = [self.problems[problem]] if problem else []
        self.agent = self.agents[agent % len(self.agents)]
        return self.do(actions.register, store=self.store, problems=problems, by=self.agent, **given)

    def judge(self, case: Complaint, why: str, *, department: str = "workshop", holds: bool = True) -> Complaint:
        """The two questions."""
        said: dict[str, Any] = {"grounds_ok": holds, "grounds_reason": why, "demand_ok": holds}
        said |= {"demand_reason": "要求合理" if holds else "与实际情况不符", "department": department if holds else ""}
        return self.do(actions.judge, case, **said, by=self.agent)

    def agree(self, case: Complaint, days: int) -> None:
        """A time agreed with the customer."""
        until = moment(self.at.astimezone(SHANGHAI).date() + days * DAY, 17 * 60)
        self.do(actions.agree_deadline, case, until=until, words="电话与本人约定", by=self.agent)

    def find_out(self, case: Complaint, findings: str, whys: list[str], **more: Any) -> Complaint:
        """What was found out, with the root cause."""
        given: dict[str, Any] = {"route": "quality", "cause": "method"} | more
        return self.do(actions.investigate, case, findings=findings, whys=whys, is_done=True, by=self.agent, **given)

    def offer(self, case: Complaint, first: str, second: str, *, cost: int = 300, voucher: int = 200) -> Complaint:
        """Two options, handed in."""
        given = [{"kind": self.kinds["voucher"], "quantity": Decimal(voucher), "worth": Decimal(voucher)}]
        best: dict[str, Any] = {"words": first, "cost": Decimal(cost), "is_best": True, "compensations": given}
        self.do(actions.propose, case, **best, by=self.agent)
        self.do(actions.propose, case, words=second, cost=Decimal(cost // 2), by=self.agent)
        return self.do(actions.hand_in, case, by=self.agent)

    def decide(self, case: Complaint, by: Actor | None = None) -> Complaint:
        """Every option is looked at, the first is chosen."""
        options, by = list(case.options.standing()), by or self.manager
        for one in options:
            self.do(actions.stamp, one, words="", by=by)
        due = moment(self.at.astimezone(SHANGHAI).date() + 3 * DAY, 17 * 60)
        told = {"instruction": "按方案一办理，车间三天内完成，客服全程跟进。", "due": due}
        self.do(actions.decide_option, options[0], **told, by=by)
        case.refresh_from_db()
        return case

    def accept(self, case: Complaint) -> Complaint:
        """The customer is told and signs."""
        self.do(actions.tell_customer, case, channel="phone", by=self.agent)
        self.later(hours=3)
        return self.do(actions.accept, case, name=case.who, signature=_signature(), by=self.agent)

    def ask_after(self, case: Complaint, answer: str, **more: Any) -> Complaint:
        """The closing call, in the hours in which it may be made, and what follows from it."""
        actions.plan_closing_calls(self.at)
        case.refresh_from_db()
        made = case.closing_call
        if made is None:
            return case
        self.at = made.not_before + 10 * MINUTE
        if self.at >= self.present:
            return case
        callers = [one for one in (*reversed(self.agents), self.manager) if not made.is_barred(one.pk)]
        self.do(customers.call, made, outcome="reached", answer=answer, by=callers[0], moment=self.at, **more)
        self.do(actions.follow_answers, self.at)
        case.refresh_from_db()
        if answer != "dissatisfied":
            self.later(minutes=25)
            self.do(actions.close, case, by=self.agent)
            case.refresh_from_db()
        return case

    # The cases

    def play(self) -> int:
        """All of them: last month's first."""
        settled = self.last_month()
        for story in (
            self.suggestion, self.late, self.reopened, self.paused, self.reworked, self.carrying_out, self.regulator,
            self.major, self.manufacturer, self.repeated, self.on_the_spot, self.on_douyin, self.enquiry, self.by_qr,
        ):  # fmt: skip
            story()
        self.learn(settled)
        return Complaint.objects.filter(store=self.store).count()

    def last_month(self) -> Complaint:
        """Settled with a closing call, not established, withdrawn; the month is signed."""
        first = (self.today.replace(day=1) - DAY).replace(day=1)
        ago = (self.today - first).days
        self.on(ago - 4, 9, 20)
        case = self.take_in("刹车片换了才两周又开始尖叫，等红灯时旁边的人都在看。", problem="C1", demand="免费处理好")
        self.later(minutes=40)
        self.judge(case, "维修记录与路试均能复现异响")
        self.agree(case, 4)
        self.later(hours=4)
        self.find_out(case, "制动片未做倒角，消音片漏装。", ["消音片漏装", "备料单上没有消音片", "套餐清单未更新"])
        self.later(hours=2)
        self.offer(case, "免费重新装配并更换消音片，赠送代金券一张", "免费打磨倒角")
        self.later(hours=2)
        self.decide(case)
        self.accept(case)
        self.later(days=1)
        case = self.ask_after(self.do(actions.carry_out, case, by=self.agent), "satisfied", suggestion="以后一次装好")
        self.on(ago - 8, 15, 10)
        words = "在前台站了十分钟没人理，问了一句还说“等着”。"
        other = self.take_in(words, problem="N2", agent=1, demand="要个说法", way="counter")
        self.later(minutes=30)
        self.judge(other, "监控确认十一分钟无人接待", department="service")
        self.later(hours=1)
        found = {"route": "attitude", "cause": "attitude", "responsible": self.people[Role.ADVISOR][1]}
        self.find_out(other, "午后只有一名顾问在岗，未安排引导员补位。", ["无人补位", "排班未考虑午休"], **found)
        self.offer(other, "站长当面致歉，赠送精洗一次", "电话致歉", cost=50, voucher=50)
        self.later(hours=2)
        self.decide(other)
        self.accept(other)
        self.later(hours=5)
        self.ask_after(self.do(actions.carry_out, other, by=self.agent), "average", reason="道歉了，但等得太久")
        self._ended(ago)
        self._sign(first)
        return case

    def _ended(self, ago: int) -> None:
        self.on(ago - 11, 10)
        case = self.take_in("刚保养完油耗就高了两个油，肯定是机油不对。", problem="A3", demand="退机油钱")
        self.later(hours=1)
        self.judge(case, "机油牌号与手册一致，油耗对比路况不同", holds=False)
        text = f"{case.who}您好，我们核对了机油牌号和批次，与手册一致；这两周您多在市区短途行驶。请您有空再来免费复查。"
        self.do(actions.answer, case, text=text, channel="phone", by=self.agent)
        self.later(days=1)
        self.do(actions.note_reaction, case, reaction="accepted", words="好，那我再观察一下", by=self.agent)
        self.on(ago - 14, 14)
        case = self.take_in("交车时车里有一股胶水味。", problem="G2", agent=1)
        self.later(hours=20)
        self.do(actions.end_case, case, result="withdrawn", words="通风两天后异味消失，本人撤诉", by=self.manager)

    def _sign(self, month: date) -> None:
        self.at = min(moment(self.today.replace(day=1) + DAY, 10 * 60), self.present - MINUTE)
        measures = "一、套餐清单补齐消音片等小件，配件主管每周核对；二、午休时段增加引导员，站长每日查岗。"
        self.do(actions.sign_month, store=self.store, month=month, measures=measures, by=self.manager)

    def late(self) -> None:
        """Investigated for too long: the steps of escalation, and a promise that nobody kept."""
        self.on(7, 10, 30)
        case = self.take_in("等配件等了三周，每次打电话都说快了。", problem="O2", demand="给个准确时间")
        self.later(hours=1)
        self.judge(case, "配件订单确有延误", department="parts")
        self.agree(case, 4)
        due = moment(self.today - 5 * DAY, 17 * 60)
        self.do(actions.promise, case, words="次日下班前告知到货日期", due_at=due, by=self.agent)
        self.do(actions.investigate, case, route="process", findings="供应商缺货，采购尚未改走调拨。", by=self.agent)

    def paused(self) -> None:
        """The customer is away with the car."""
        self.on(5, 11)
        case = self.take_in("过减速带底盘咯噔响，上次说修好了。", problem="E1", agent=1)
        self.later(hours=1)
        self.judge(case, "描述与上次维修部位一致")
        self.later(hours=2)
        remark = "客户出差，下周三带车来检查"
        self.do(actions.pause, case, reason="car", remark=remark, by=self.agent)

    def reworked(self) -> None:
        """The repair guarantee runs: redone free of charge, as soon as the car is here."""
        self.on(4, 9, 40)
        day = self.today - 4 * DAY
        jobs = Job.objects.filter(kind=Job.Kind.REPAIR, status=Job.Status.DONE, guaranteed_until__gte=self.today)
        order = self.order(day, jobs__in=jobs) or self.order(day)
        case = self.take_in(
            "上次刚修好的地方，开了没几天又出同样的毛病。", problem="M1", order=order, demand="彻底修好"
        )
        self.later(hours=1)
        self.judge(case, "在质保期内，症状与上次一致")
        self.agree(case, 9)
        self.later(hours=3)
        technician = self.people[Role.TECHNICIAN][0]
        whys = ["装配后没有复查", "未按作业标准收尾", "新人没有独立作业的培训"]
        self.find_out(case, "复检确认上次维修的部位装配不到位。", whys, cause="skill", responsible=technician)
        job = next((one.job for one in repairs_of(case) if not one.why_not), None)
        if job:
            self.do(actions.open_rework, case, job=job, by=self.manager)
        self.later(hours=2)
        self.offer(case, "免费返修，返修期间承担代步费", "免费返修并延长该项质保三个月", cost=650)
        self.later(hours=16)
        self.decide(case)
        self.accept(case)

    def regulator(self) -> None:
        """12315 sent it on; the options are being drawn up."""
        self.on(3, 14)
        words = "维修前报价一千二，结账变成一千八，没有提前打电话。"
        case = self.take_in(words, problem="P1", way="regulator", agent=1, demand="退还差价六百元")
        given: dict[str, Any] = {
            "body": "12315",
            "number": f"131{self.at:%Y%m%d}0427",
            "contact": "嘉定市场监管所 丁老师",
        }
        day = self.today
        given |= {"answer_due": day + 3 * DAY, "end_due": day + 40 * DAY, "level": "ordinary"}
        self.do(actions.note_outside, case, **given, by=self.manager)
        self.later(hours=1)
        self.judge(case, "追加项目没有取得客户确认", department="service")
        self.later(hours=44)
        whys = ["追加项目没有发送确认链接", "顾问口头告知后忘记记录"]
        self.find_out(case, "追加的节气门清洗没有留下客户同意的记录。", whys, route="process", cause="information")
        first = {"words": "退还追加项目费用六百元，当面致歉", "cost": Decimal(600), "is_best": True}
        self.do(actions.propose, case, **first, by=self.agent)

    def carrying_out(self) -> None:
        """Accepted; the workshop has a measure to do, and a promise runs."""
        self.on(3, 9)
        case = self.take_in("保养后车底滴油，车位上一大摊。", problem="M2", demand="清理车位并修好")
        self.later(hours=1)
        self.judge(case, "放油螺栓垫片未更换")
        self.agree(case, 5)
        self.later(hours=2)
        whys = ["垫片没有更换", "领料时没有领垫片", "保养套餐里没有垫片"]
        self.find_out(case, "放油螺栓垫片重复使用。", whys, responsible=self.people[Role.TECHNICIAN][1])
        self.offer(case, "上门取车免费处理，清洗车位，赠送一次免费保养", "到店免费处理", cost=260)
        self.later(hours=2)
        self.decide(case)
        self.accept(case)
        due = self.present + 20 * HOUR
        words = "上门取车，更换垫片并清洗车位，拍照回传"
        self.do(
            actions.give_measure,
            case,
            assignee=self.people[Role.TECHNICIAN][0],
            words=words,
            due_at=due,
            by=self.manager,
        )
        self.do(actions.promise, case, words="取车前一小时电话联系", due_at=due, by=self.agent)

    def reopened(self) -> None:
        """The customer was not satisfied when called: the case goes on."""
        self.on(6, 10)
        case = self.take_in("喷完漆门把手附近有色差，太阳下很明显。", problem="H1", demand="重新喷", agent=1)
        self.later(hours=1)
        self.judge(case, "自然光下目测有色差", department="body_shop")
        self.later(hours=3)
        self.find_out(case, "未做样板比色。", ["没有打样板", "赶交车时间"], cause="method")
        self.offer(case, "抛光处理并赠送漆面养护一次", "局部补漆", cost=200)
        self.later(hours=3)
        self.decide(case)
        self.accept(case)
        self.later(days=1)
        case = self.do(actions.carry_out, case, by=self.agent)
        self.ask_after(case, "dissatisfied", reason="抛光以后还是看得出来，要求重喷")

    def on_the_spot(self) -> None:
        """Settled at once; the closing call is planned."""
        self.on(1, 16)
        case = self.take_in("洗完车轮毂里全是泥，跟没洗一样。", problem="M3", way="counter")
        self.later(minutes=10)
        given: dict[str, Any] = {"words": "当场重新精洗，并致歉", "cost": Decimal(40), "cause": "method"}
        given |= {"whys": ["轮毂没有单独冲洗", "检查表没有这一项"], "department": "workshop", "name": case.who}
        self.do(actions.settle_on_spot, case, **given, signature=_signature(), by=self.agent)
        self.later(hours=1)
        self.do(actions.carry_out, case, by=self.agent)
        actions.plan_closing_calls(self.at)

    def on_douyin(self) -> None:
        """In public: a statement waits to be published."""
        self.on(1, 20)
        words = "客户发视频称在店里等了五个小时没有修好，评论较多。"
        case = self.take_in(words, problem="O1", way="press", severity="serious", agent=1)
        given = {"body": "douyin", "url": "https://www.douyin.com/video/7000000000000000001", "level": "escalated"}
        self.do(actions.note_outside, case, **given, by=self.manager)
        self.later(hours=12)
        self.judge(case, "维修超时属实，配件到货晚于承诺", department="workshop")
        outside = case.outside.get()
        text = "我们注意到车主反映的维修等待情况，店内已与车主取得联系并安排专人跟进，对等待过久深表歉意。"
        self.do(actions.draft_statement, outside, statement=text, by=self.manager)
        outside.refresh_from_db()
        self.do(actions.approve_statement, outside, reason="", by=self.leader)

    def manufacturer(self) -> None:
        """The manufacturer's hotline sent it; the decision is due."""
        self.on(1, 9, 30)
        case = self.take_in("车机导航时常死机，厂家 400 让来店升级，升级后更卡。", problem="K1", way="oem")
        given = {"body": "oem", "number": f"400-{self.at:%y%m%d}-118", "level": "escalated", "contact": "厂家客服 梁工"}
        self.do(actions.note_outside, case, **given, by=self.manager)
        self.later(minutes=35)
        self.do(actions.answer_outside, case.outside.get(), words="已电话联系车主，约明日到店复检", by=self.manager)
        self.judge(case, "升级包版本有已知问题")
        self.later(hours=6)
        whys = ["升级包版本过旧", "工具电脑没有及时更新"]
        self.find_out(case, "工具电脑中的升级包不是最新版本。", whys, route="product", cause="equipment")
        self.offer(case, "更新到最新版本并更换主机存储，赠送半年流量", "恢复出厂并重装旧版本", cost=900)

    def major(self) -> None:
        """Major: the general manager knows at once."""
        self.on(1, 9, 5)
        words = "高速上踩刹车突然发硬，差点追尾，全家都在车上！"
        case = self.take_in(words, problem="C2", severity="major", demand="查明原因，给书面说明")
        self.later(minutes=25)
        self.judge(case, "真空助力泵有渗漏痕迹，涉及行车安全")
        self.agree(case, 3)
        checks = [{"rule": one, "is_kept": True} for one in ConductRule.objects.filter(is_active=True)[:5]]
        self.do(actions.check_conduct, case, checks=checks, by=self.agent)
        found = "初检发现真空管接头松动，等待厂家技术支持确认。"
        self.do(actions.investigate, case, route="quality", findings=found, by=self.agent)
        self.do(
            actions.promise, case, words="今晚七点前电话告知检测结果", due_at=self.present + 3 * HOUR, by=self.agent
        )

    def repeated(self) -> None:
        """The same customer again."""
        before = Complaint.objects.filter(store=self.store, status="closed", result="average").first()
        self.on(1, 11)
        words = "上次说要改，今天预约九点，九点半还没人接车。"
        if before is None:
            return
        given: dict[str, Any] = {"order": None, "customer": before.customer, "vehicle": before.vehicle}
        case = self.take_in(words, problem="N2", name=before.name, phone=before.phone, agent=1, **given)
        self.do(actions.link_case, case, other=before, relation="repeat", by=self.agent)
        self.later(hours=1)
        self.judge(case, "预约看板未及时更新", department="service")

    def suggestion(self) -> None:
        """Adopted: somebody changes something."""
        self.on(8, 15)
        case = self.take_in("休息区只有两个插座，手机没电只能干等。", nature="suggestion", problem="Q1", way="counter")
        self.later(hours=2)
        text = f"{case.who}您好，您的建议很好，我们这个月就在休息区加装插座。谢谢您！"
        self.do(actions.answer, case, text=text, channel="phone", by=self.agent)
        self.later(hours=18)
        owner = (
            self.people[Role.SERVICE_MANAGER][0]
            if Role.SERVICE_MANAGER in self.people
            else self.people[Role.CARE_MANAGER][0]
        )
        given: dict[str, Any] = {
            "change": "休息区加装十二个带 USB 的插座",
            "owner": owner,
            "due_on": self.today + 6 * DAY,
        }
        self.do(actions.note_reaction, case, reaction="accepted", words="太好了", adopted=True, **given, by=self.agent)

    def enquiry(self) -> None:
        """To be answered today."""
        self.at = self.present - 50 * MINUTE
        self.take_in("延长质保还能买吗？我的车下个月满三年。", nature="enquiry", agent=1)

    def by_qr(self) -> None:
        """Just came in on the public page; nobody keeps it yet."""
        self.at = self.present - 18 * MINUTE
        self.do(
            actions.complain,
            self.store,
            nature="complaint",
            words="做完四轮定位方向盘还是歪的，跑高速要一直扶着。",
            name="邵明",
            phone="13900000052",
            demand="重新做一次",
            may_call=True,
            by=visitor(self.store, "邵明"),
        )

    def learn(self, settled: Complaint) -> None:
        """What is changed after a case, and what the reception is told of a car that is here today."""
        self.on(3, 16)
        owner = self.people[Role.PARTS_CLERK][0]
        given: dict[str, Any] = {
            "words": "制动片套餐清单补齐消音片，并在备料单上单列",
            "department": "parts",
            "owner": owner,
        }
        given |= {"due_on": self.today + 2 * DAY, "check_on": self.today + 30 * DAY, "complaint": settled}
        self.do(actions.add_correction, store=self.store, **given, by=self.manager)
        cars = Visit.objects.in_store().filter(store=self.store, vehicle__isnull=False).select_related("vehicle")
        car = next((one.vehicle for one in cars.order_by("pk") if one.vehicle.brand and one.vehicle.model), None)
        if car is None:
            return
        told: dict[str, Any] = {"brand": car.brand, "series": car.model.split()[0], "problem": self.problems["C1"]}
        told |= {"since_year": None, "until_year": None, "source": "peer", "source_words": "同城兄弟店交流会"}
        told |= {
            "title": f"{car.model.split()[0]} 换制动片后异响",
            "words": "同城两家店近一个月各接到三起，均为消音片漏装。",
        }
        advice = "接车时询问近期是否换过制动片；试车听异响，必要时免费复查消音片。"
        self.do(actions.publish_bulletin, company=self.store.company, advice=advice, **told, by=self.manager)
