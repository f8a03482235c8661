"""The history of every car begins with what it is today, known since the day it was written down here."""

from django.db import migrations

BEGIN = """
INSERT INTO customers_platespan (vehicle_id, plate, plate_kind, since)
SELECT id, plate, plate_kind, (created_at AT TIME ZONE 'Asia/Shanghai')::date FROM customers_vehicle WHERE plate <> '';
INSERT INTO customers_ownerspan (vehicle_id, customer_id, since)
SELECT id, owner_id, (created_at AT TIME ZONE 'Asia/Shanghai')::date FROM customers_vehicle WHERE owner_id IS NOT NULL;
INSERT INTO customers_mileagereading (vehicle_id, at, km, source, is_doubtful, remark)
SELECT v.id, coalesce((SELECT max(n.left_at) FROM customers_visitnote n WHERE n.vehicle_id = v.id), v.created_at),
    v.mileage, CASE WHEN v.source = '' THEN 'hand' ELSE 'load' END, false, ''
FROM customers_vehicle v WHERE v.mileage IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0006_vehicle_history")]
    operations = [migrations.RunSQL(BEGIN, migrations.RunSQL.noop)]
