"""The quality check: what leaves only with a certificate, and what goes back to the technician."""

import pytest

from core.models import Notice
from core.rows import Refused
from service import actions
from service.models import Job


def finished(cast, chain, scope="small"):
    chain.authorised()
    job = Job.objects.get()
    Job.objects.update(scope=scope)
    actions.dispatch(job, technician=cast.technician, by=cast.by("controller"))
    actions.start(job, by=cast.by("technician"))
    actions.finish(job, cause="磨损", remedy="更换", by=cast.by("technician"))
    return Job.objects.get()


@pytest.mark.duty("S-12")
@pytest.mark.parametrize("scope", ["second", "assembly"])
def test_large_repairs_pass_only_with_inspector_and_certificate(cast, chain, scope):
    job = finished(cast, chain, scope)
    with pytest.raises(Refused) as refused:
        actions.check(job, passed=True, remark="", certificate=" ", by=cast.by("inspector"))
    assert refused.value.field == "certificate"
    actions.check(job, passed=True, remark="", certificate="沪维修2611-0042", by=cast.by("inspector"))
    job.refresh_from_db()
    assert (job.status, job.certificate, job.inspector) == (Job.Status.DONE, "沪维修2611-0042", cast.inspector)


def test_a_small_repair_needs_none(cast, chain):
    actions.check(finished(cast, chain), passed=True, remark="", by=cast.by("inspector"))
    assert Job.objects.get().certificate == ""


def test_a_failure_needs_no_certificate_counts_and_is_told(cast, chain):
    job = finished(cast, chain, "assembly")
    actions.check(job, passed=False, remark="仍有异响", by=cast.by("inspector"))
    job.refresh_from_db()
    assert (job.status, job.check_failures) == (Job.Status.IN_WORK, 1)
    assert Notice.objects.get(code="check_failed").employee == cast.technician


def test_the_page_and_the_rest_door_ask_for_it(cast, chain, browser, program):
    job = finished(cast, chain, "second")
    refused = browser("inspector").post(f"/jobs/{job.pk}/check/", {"passed": "yes"})
    assert refused.status_code == 422 and "certificate" in refused.context["form"].errors
    assert program("inspector")(f"jobs/{job.pk}/check/", {"passed": True}).status_code == 400
    told = program("inspector")(f"jobs/{job.pk}/check/", {"passed": True, "certificate": "C-1"})
    assert (told.status_code, told.json()["certificate"]) == (200, "C-1")
    assert program("inspector")(f"jobs/{job.pk}/check/", {"passed": True, "certificate": "C-1"}).status_code == 409
