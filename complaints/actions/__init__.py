"""What can be done with cases; one subject a file."""

from complaints.actions.accountability import (
    ask_accountability,
    decide_accountability,
    follow_accountabilities,
    hear,
    hold_accountable,
    waiting,
    withdraw_accountability,
)
from complaints.actions.bulletins import edit_bulletin, end_bulletin, link_bulletin, publish_bulletin, unlink_bulletin
from complaints.actions.calling import follow_answers, plan_closing_calls, remind_checks
from complaints.actions.carrying import (
    accept,
    cancel_agreement,
    carry_out,
    draw_agreement,
    give_measure,
    measures_of,
    sign_agreement,
    tell_customer,
)
from complaints.actions.case_data import (
    add_case_data,
    add_target,
    edit_case_data,
    end_target,
    take_back_target,
)
from complaints.actions.cases import (
    edit_complaint,
    people_with,
    register,
    take_in,
    tell_major,
)
from complaints.actions.clocks import recount_clocks
from complaints.actions.closing import ask_end, call_again, check_closed, close, end_case, reopen
from complaints.actions.conduct import check_conduct, keep_promise, promise, remind_promises
from complaints.actions.corrections import (
    add_correction,
    check_correction,
    do_correction,
    drop_correction,
    edit_correction,
    plan_correction,
    remind_corrections,
)
from complaints.actions.deciding import (
    ask_option,
    decide_option,
    offer_again,
    send_back,
    settle_on_spot,
    stamp,
)
from complaints.actions.escalations import escalate
from complaints.actions.investigating import investigate
from complaints.actions.judging import agree_deadline, answer, judge, note_reaction
from complaints.actions.keeping import assign, take
from complaints.actions.linking import link_case, unlink_case
from complaints.actions.loading import load_complaints, load_opinions, load_problems
from complaints.actions.months import sign_month
from complaints.actions.outside import answer_outside, appeal, close_outside, edit_outside, note_outside, settle_appeal
from complaints.actions.pauses import pause, resume
from complaints.actions.public import add_by_link, complain
from complaints.actions.remedies import (
    edit_option,
    hand_in,
    prefer,
    propose,
    remove_option,
    tell_keeper,
)
from complaints.actions.rework import drop_rework, link_reworks, open_rework
from complaints.actions.statements import approve_statement, draft_statement, publish_statement
from complaints.actions.telling import add_channel, add_word, note_attempt, say

__all__ = [
    "accept",
    "add_by_link",
    "add_case_data",
    "add_channel",
    "add_correction",
    "add_target",
    "add_word",
    "agree_deadline",
    "answer",
    "answer_outside",
    "appeal",
    "approve_statement",
    "ask_accountability",
    "ask_end",
    "ask_option",
    "assign",
    "call_again",
    "cancel_agreement",
    "carry_out",
    "check_closed",
    "check_conduct",
    "check_correction",
    "close",
    "close_outside",
    "complain",
    "decide_accountability",
    "decide_option",
    "do_correction",
    "draft_statement",
    "draw_agreement",
    "drop_correction",
    "drop_rework",
    "edit_bulletin",
    "edit_case_data",
    "edit_complaint",
    "edit_correction",
    "edit_option",
    "edit_outside",
    "end_bulletin",
    "end_case",
    "end_target",
    "escalate",
    "follow_accountabilities",
    "follow_answers",
    "give_measure",
    "hand_in",
    "hear",
    "hold_accountable",
    "investigate",
    "judge",
    "keep_promise",
    "link_bulletin",
    "link_case",
    "link_reworks",
    "load_complaints",
    "load_opinions",
    "load_problems",
    "measures_of",
    "note_attempt",
    "note_outside",
    "note_reaction",
    "offer_again",
    "open_rework",
    "pause",
    "people_with",
    "plan_closing_calls",
    "plan_correction",
    "prefer",
    "promise",
    "propose",
    "publish_bulletin",
    "publish_statement",
    "recount_clocks",
    "register",
    "remind_checks",
    "remind_corrections",
    "remind_promises",
    "remove_option",
    "reopen",
    "resume",
    "say",
    "send_back",
    "settle_appeal",
    "settle_on_spot",
    "sign_agreement",
    "sign_month",
    "stamp",
    "take",
    "take_back_target",
    "take_in",
    "tell_customer",
    "tell_keeper",
    "tell_major",
    "unlink_bulletin",
    "unlink_case",
    "waiting",
    "withdraw_accountability",
]
