"""Amounts in the capitals of Chinese banking (人民币大写), which nobody can alter with a stroke of the pen."""

from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")


def _group(number: int) -> str:
    """Up to four digits; zeros between others are read once, those at the end not at all."""
    said, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            said += ("零" if gap and said else "") + DIGITS[digit] + PLACES[place]
            gap = False
        else:
            gap = True
    return said


def _whole(number: int) -> str:
    groups = []
    while number:
        number, rest = divmod(number, 10_000)
        groups.append(rest)
    said, gap = "", False
    for index in range(len(groups) - 1, -1, -1):
        part = groups[index]
        if not part:
            gap = gap or bool(said)
            continue
        if said and (gap or part < 1000):
            said += "零"
        said += _group(part) + GROUPS[index]
        gap = False
    return said


def capitals(amount: Decimal) -> str:
    """1299.60 is 壹仟贰佰玖拾玖元陆角."""
    cents = int((abs(amount) * 100).to_integral_value())
    yuan, rest = divmod(cents, 100)
    jiao, fen = divmod(rest, 10)
    said = f"{_whole(yuan)}元" if yuan else ""
    if jiao:
        said += f"{DIGITS[jiao]}角"
    elif fen and yuan:
        said += "零"
    if fen:
        said += f"{DIGITS[fen]}分"
    if not said:
        said = "零元"
    return ("负" if amount < 0 else "") + said + ("" if jiao or fen else "整")
