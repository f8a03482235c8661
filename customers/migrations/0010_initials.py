"""The pinyin initials of everybody's name. Surnames that are read otherwise than the same character elsewhere first."""

from django.db import migrations
from pypinyin import Style, lazy_pinyin

# as customers.shapes has them
SURNAMES = {
    "单于": "cy",
    **dict(zip("单單曾仇解查区區秘折召重种乐樂覃翟郇祭繁句隗藏佴阚", "sszqxzoobssccyyqzxzpgwznk", strict=True)),
}


def initials_of(name):
    plain = "".join(c for c in name if c.isalnum())
    heads = (plain[:2], plain[:1]) if len(plain) <= 4 else ()
    head = next((one for one in heads if one in SURNAMES), "")
    rest = lazy_pinyin(plain[len(head) :], style=Style.FIRST_LETTER, errors=list)
    letters = SURNAMES.get(head, "") + "".join(rest)
    return "".join(c for c in letters.lower() if c.isascii() and c.isalnum())[:80]


def fill(apps, schema_editor):
    customers = apps.get_model("customers", "Customer").objects.using(schema_editor.connection.alias)
    part = []
    for one in customers.exclude(name="").only("name").iterator(2000):
        one.initials = initials_of(one.name)
        part.append(one)
        if len(part) == 2000:
            customers.bulk_update(part, ["initials"])
            part = []
    customers.bulk_update(part, ["initials"])


class Migration(migrations.Migration):
    dependencies = [("customers", "0009_finding")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
