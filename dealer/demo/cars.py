"""The demo's cars: brands and models of the market, valid plates, VINs with the right check digit."""

from datetime import date
from random import Random
from typing import NamedTuple

from customers.shapes import check_digit
from dealer.demo.people import PLACES, Place


class Model(NamedTuple):
    """A model of the market: its maker's VIN prefix, how it is driven, how dear its parts are, how common it is."""

    brand: str
    name: str
    prefix: str  # first eight characters of the VIN
    power: str  # fuel, hybrid or electric
    dearness: float
    since: int
    until: int
    weight: int


MODELS = [
    Model("大众", "朗逸 1.5L", "LSVAA49J", "fuel", 0.9, 2017, 2026, 18),
    Model("大众", "帕萨特 330TSI", "LSVCZ6C4", "fuel", 1.15, 2018, 2026, 14),
    Model("大众", "途观L 330TSI", "LSVUY65N", "fuel", 1.2, 2017, 2026, 14),
    Model("大众", "途岳 280TSI", "LSVNB6BR", "fuel", 1.0, 2019, 2025, 9),
    Model("大众", "凌渡L 280TSI", "LSVEH6NA", "fuel", 1.0, 2022, 2026, 6),
    Model("大众", "途昂 380TSI", "LSV2X6CA", "fuel", 1.35, 2017, 2025, 5),
    Model("大众", "ID.3", "LSVFB6E9", "electric", 1.0, 2021, 2026, 10),
    Model("大众", "ID.4 X", "LSVUB6E4", "electric", 1.05, 2021, 2025, 7),
    Model("大众", "Polo Plus 1.5L", "LSVFA49J", "fuel", 0.85, 2019, 2024, 5),
    Model("比亚迪", "秦PLUS DM-i", "LC0C74C4", "hybrid", 0.85, 2021, 2026, 17),
    Model("比亚迪", "秦PLUS EV", "LGXCE4CC", "electric", 0.85, 2021, 2026, 8),
    Model("比亚迪", "宋PLUS DM-i", "LC0CE4CB", "hybrid", 0.95, 2021, 2026, 16),
    Model("比亚迪", "宋Pro DM-i", "LC0C76C4", "hybrid", 0.9, 2022, 2026, 9),
    Model("比亚迪", "元PLUS", "LGXCE6CD", "electric", 0.9, 2022, 2026, 11),
    Model("比亚迪", "汉 EV", "LGXCH6CD", "electric", 1.2, 2020, 2026, 8),
    Model("比亚迪", "海豚", "LGXCE4CB", "electric", 0.8, 2021, 2026, 9),
    Model("比亚迪", "海豹06 DM-i", "LC0CF4CB", "hybrid", 0.95, 2024, 2026, 6),
    Model("比亚迪", "唐 DM-i", "LC0CG4CF", "hybrid", 1.15, 2021, 2026, 5),
    Model("丰田", "凯美瑞 2.5G", "LVGBF53K", "fuel", 1.1, 2018, 2026, 16),
    Model("丰田", "凯美瑞 双擎", "LVGBE40K", "fuel", 1.15, 2018, 2026, 10),
    Model("丰田", "汉兰达 双擎", "LVGEN56A", "fuel", 1.3, 2021, 2026, 11),
    Model("丰田", "雷凌 1.8L 双擎", "LVGBPC9E", "fuel", 0.9, 2017, 2025, 13),
    Model("丰田", "威兰达 2.0L", "LVGDC46A", "fuel", 1.05, 2020, 2026, 12),
    Model("丰田", "赛那 2.5L 双擎", "LVGDA46A", "fuel", 1.4, 2022, 2026, 7),
    Model("丰田", "bZ4X", "LVGEW56A", "electric", 1.1, 2023, 2026, 4),
    Model("丰田", "铂智3X", "LVGEX56B", "electric", 0.95, 2025, 2026, 5),
]
# now and then somebody brings a car that the store does not sell
OTHERS = [
    Model("奥迪", "A4L 40 TFSI", "LFV3A28W", "fuel", 1.5, 2017, 2025, 5),
    Model("别克", "君威 552T", "LSGZG5A3", "fuel", 1.0, 2017, 2024, 4),
    Model("本田", "雅阁 260TURBO", "LHGCV166", "fuel", 1.0, 2018, 2025, 5),
    Model("日产", "轩逸 1.6L", "LGBH52E0", "fuel", 0.85, 2017, 2025, 6),
    Model("吉利", "星越L 2.0TD", "L6T7944Z", "fuel", 0.95, 2021, 2026, 4),
    Model("吉利", "几何C", "LB378Y4W", "electric", 0.9, 2020, 2023, 2),
]
_VIN_YEARS = "HJKLMNPRSTVWXY"  # 2017 is H; I, O, Q, U and Z are never used for a year
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def invent_model(rng: Random, place: Place) -> Model:
    """A car for a customer of a store: of the brand it sells, or now and then another."""
    choice = OTHERS if rng.random() < 0.06 else [one for one in MODELS if one.brand == place.brand]
    return rng.choices(choice, [one.weight for one in choice])[0]


def invent_sale(rng: Random, model: Model, today: date) -> date:
    """When a car was sold: more of the last years, none after today."""
    until = min(model.until, today.year)
    years = list(range(model.since, until + 1))
    year = rng.choices(years, [1 + 0.35 * (one - years[0]) for one in years])[0]
    first = date(year, 1, 1).toordinal()
    last = min(date(year, 12, 28).toordinal(), today.toordinal() - 20)
    return date.fromordinal(rng.randint(min(first, last), last))


class Plates:
    """Plates and VINs, each given out once."""

    def __init__(self, rng: Random) -> None:
        self.rng, self.given, self.serial = rng, set[str](), rng.randrange(100_000, 200_000)

    def plate(self, place: Place, model: Model) -> str:
        """A plate of the store's city: new-energy for electric and plug-in hybrid cars."""
        rng = self.rng
        while True:
            start = rng.choice(place.plates)
            city = start if len(start) == 2 else start + rng.choice("ABCDEFGHJKL")
            if model.power == "fuel":
                plate = city + self._ordinary()
            else:
                letter = rng.choice("DDDDDAB") if model.power == "electric" else rng.choice("FFFFFGH")
                second = rng.choice(_LETTERS + "0123456789")
                plate = f"{city}{letter}{second}{rng.randrange(10_000):04d}"
            if plate not in self.given:
                self.given.add(plate)
                return plate

    def _ordinary(self) -> str:
        rng = self.rng
        tail = [rng.choice("0123456789") for _ in range(5)]
        for _ in range(rng.choice([0, 1, 1, 2])):
            tail[rng.randrange(4)] = rng.choice(_LETTERS)
        return "".join(tail)

    def vin(self, model: Model, year: int) -> str:
        """A VIN of the maker, with the year's letter and the right check digit."""
        self.serial += self.rng.randint(1, 300)
        head = model.prefix + "0" + _VIN_YEARS[year - 2017] + self.rng.choice("ABCDE2NS")
        vin = f"{head}{self.serial % 1_000_000:06d}"
        return vin[:8] + check_digit(vin) + vin[9:]


def place_of(code: str) -> Place:
    """The demo's store with this code."""
    return next(place for place in PLACES if place.code == code)
