"""The parts of a case's page: which of them hold something, the bar that leads to them, and what else can be done."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.models import Complaint

Status = Complaint.Status


def _has(case: Complaint, told: dict[str, Any]) -> dict[str, Any]:
    """Which parts have something in them; an empty one is only the verbs in `_more`."""
    remedies = told["remedies_options"] or told["remedies_propose"]
    spot = told["remedies_on_spot"] and not remedies
    judged = case.judged_at or case.reply or case.investigated_at or case.route or case.findings or case.rework_of_id
    related = told["case_merged"] or told["case_repeats"] or told["case_alike"] or case.repeat_of_id
    known = told["learning_linked"] or told["learning_offered"] or told["learning_often"]
    asked = told["closing_calls"] or told["closing_asked"]
    return {
        "spot": spot,
        "judging": told["judging_steps"] or judged or spot,
        "remedies": remedies,
        "carrying": case.decided_at or told["remedies_measures"] or told["remedies_agreements"],
        "accountability": told["remedies_accountabilities"],
        "closing": case.status in {Status.CALLING, Status.CLOSED} or asked,
        "attempts": told["case_attempts"],
        "links": related,
        "learning": told["learning_corrections"] or known,
        "outside": told["outside_cases"],
        "promises": told["conduct_promises"],
    }


def _more(case: Complaint, told: dict[str, Any], has: dict[str, Any]) -> list[dict[str, str]]:
    """The verbs of the parts that hold nothing yet."""
    may, ends = told["case_may"], told["closing_may"]
    elsewhere = {Status.CARRYING_OUT, Status.INVESTIGATING}
    by_options = has["remedies"] and case.status not in elsewhere and not told["remedies_measures"]
    correction = f"{reverse('add_correction')}?complaint={case.pk}"
    known_issue = f"{reverse('publish_bulletin')}?complaint={case.pk}"
    rows = [
        (may["note_attempt"] and not has["attempts"], "phone", _("Note a try"), "note_attempt"),
        (told["conduct_may_promise"] and not has["promises"], "clock", _("Write down a promise"), "promise"),
        (told["remedies_measure"] and not has["carrying"] and not by_options, "list-check", _("Give a measure"),
         "give_measure"),
        (told["outside_may_note"] and not has["outside"], "world", _("Note an outside case"), "note_outside"),
        (may["link_case"] and not has["links"], "copy", _("Link cases"), "link_case"),
        (told["remedies_hold"] and not has["accountability"], "gavel", _("Hold somebody to account"),
         "hold_accountable"),
        (told["learning_may_correct"] and not has["learning"], "plus", _("Corrective action"), correction),
        (told["learning_may_publish"] and not has["learning"], "bell", _("Publish a known issue"), known_issue),
        (ends["ask_end"] and not has["closing"], "clipboard-check", _("Ask for an end without agreement"), "ask_end"),
        (ends["end"] and not has["closing"], "flag", _("End the case otherwise"), "end_case"),
    ]  # fmt: skip
    return [
        {"icon": icon, "label": label, "url": to if to.startswith("/") else reverse(to, args=[case.pk])}
        for is_offered, icon, label, to in rows
        if is_offered
    ]


def shown(case: Complaint, told: dict[str, Any]) -> dict[str, Any]:
    """What the layout of the page needs, out of what every subject has told of itself."""
    has = _has(case, told)
    more = _more(case, told, has)
    judging = _("Judgement") if case.nature == Complaint.Nature.COMPLAINT else _("Our answer")
    jumps = [
        (True, "words", _("In the customer's words")),
        (has["judging"], "judging", judging),
        (has["remedies"], "remedies", _("Options")),
        (has["carrying"], "carrying", _("Carrying out")),
        (has["accountability"], "accountability", _("Who answers for it")),
        (has["closing"], "closing", _("End of the case")),
        (has["attempts"], "attempts", _("Tries to reach the customer")),
        (has["links"], "links", _("Cases that belong together")),
        (has["learning"], "learning", _("What is learnt")),
        (more, "more", _("What else can be done")),
        (True, "about", _("Who and what")),
        (told["clocks"] or told["clocks_met"], "clocks", _("Time")),
        (has["outside"], "outside", _("Regulator, manufacturer, press")),
        (has["promises"], "promises", _("Promises")),
        (told["conduct_rules"] or told["conduct_phrases"], "conduct", _("Conduct")),
        (told["case_may"]["files"], "files", _("Photos and papers")),
        (True, "history", _("What happened")),
    ]
    found = [{"place": place, "label": label} for is_there, place, label in jumps if is_there]
    return {"case_has": has, "case_more": more, "case_jumps": found}
