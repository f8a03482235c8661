"""The history of cars, kept in one place: plates, owners and mileages with their dates, for one car or thousands."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.timezone import localdate, now

from customers.models import MileageReading, OwnerSpan, PlateSpan, Vehicle


def keep_history(
    cars: Iterable[Vehicle],
    *,
    source: str = MileageReading.Source.HAND,
    read_at: Mapping[int, datetime] | None = None,
    remark: str = "",
) -> None:
    """Bring the history of these cars up to what stands on them now; a car that did not change adds nothing.

    Told by whoever writes a plate, an owner or a mileage, before and after, so that what was is dated as well.
    """
    by_id = {car.pk: car for car in cars}
    _keep_spans(PlateSpan, by_id, lambda car: {"plate": car.plate, "plate_kind": car.plate_kind}, "plate")
    _keep_spans(OwnerSpan, by_id, lambda car: {"customer_id": car.owner_id}, "customer_id")
    last: dict[int, int] = {}
    counted = MileageReading.objects.filter(vehicle__in=by_id, is_doubtful=False)
    for vehicle, km in counted.order_by("vehicle", "-at", "-id").distinct("vehicle").values_list("vehicle", "km"):
        last[vehicle] = km
    moment = now()
    MileageReading.objects.bulk_create(
        [
            MileageReading(
                vehicle=car, at=(read_at or {}).get(pk) or moment, km=car.mileage, source=source, remark=remark
            )
            for pk, car in by_id.items()
            if car.mileage is not None and last.get(pk) != car.mileage
        ],
        batch_size=1000,
    )


def _keep_spans(model: Any, cars: dict[int, Vehicle], values_of: Any, name: str) -> None:
    """Close the spans that are over and open the new ones: one read and two writes for any number of cars."""
    today = localdate()
    open_now = {one.vehicle_id: one for one in model.objects.filter(vehicle__in=cars, until__isnull=True)}
    over, new = [], []
    for pk, car in cars.items():
        values, span = values_of(car), open_now.get(pk)
        if span is not None and getattr(span, name) == values[name]:
            continue
        if span is not None:
            span.until = max(today, span.since)
            over.append(span)
        if values[name]:
            new.append(model(vehicle=car, since=today, **values))
    model.objects.bulk_update(over, ["until"], batch_size=1000)
    model.objects.bulk_create(new, batch_size=1000)
