"""The complaints room's things, one subject a file; re-exported for `from complaints.models import …`."""

from complaints.models.cases import Complaint
from complaints.models.clocks import STAGES, Clock, Due, Escalation, Pause, Step, Target
from complaints.models.conduct import ConductCheck, ConductRule, Phrase, Promise, ReplyTemplate
from complaints.models.learning import Bulletin, Correction, MonthSheet
from complaints.models.opinions import Opinion
from complaints.models.outside import OutsideCase
from complaints.models.problems import Problem, ProblemClass
from complaints.models.remedies import (
    Accountability,
    Agreement,
    Compensation,
    CompensationKind,
    Option,
    may_see_costs,
)
from complaints.models.telling import Attempt, Channel, Word

__all__ = [
    "STAGES",
    "Accountability",
    "Agreement",
    "Attempt",
    "Bulletin",
    "Channel",
    "Clock",
    "Compensation",
    "CompensationKind",
    "Complaint",
    "ConductCheck",
    "ConductRule",
    "Correction",
    "Due",
    "Escalation",
    "MonthSheet",
    "Opinion",
    "Option",
    "OutsideCase",
    "Pause",
    "Phrase",
    "Problem",
    "ProblemClass",
    "Promise",
    "ReplyTemplate",
    "Step",
    "Target",
    "Word",
    "may_see_costs",
]
