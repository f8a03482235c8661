"""List tables of the complaints room, and the colours of its states; one subject a file."""

from complaints.tables.case_data import (
    CompensationKindTable,
    ConductRuleTable,
    PhraseTable,
    ProblemClassTable,
    ProblemTable,
    ReplyTemplateTable,
    StepTable,
    TargetTable,
)
from complaints.tables.cases import CASE_TONES, NATURE_TONES, SEVERITY_TONES, ComplaintTable
from complaints.tables.conduct import PromiseTable
from complaints.tables.learning import CORRECTION_TONES, SOURCE_TONES, BulletinTable, CorrectionTable
from complaints.tables.outside import OUTSIDE_TONES, STATEMENT_TONES, OutsideTable, outside_tone

__all__ = [
    "CASE_TONES",
    "CORRECTION_TONES",
    "NATURE_TONES",
    "OUTSIDE_TONES",
    "SEVERITY_TONES",
    "SOURCE_TONES",
    "STATEMENT_TONES",
    "BulletinTable",
    "CompensationKindTable",
    "ComplaintTable",
    "ConductRuleTable",
    "CorrectionTable",
    "OutsideTable",
    "PhraseTable",
    "ProblemClassTable",
    "ProblemTable",
    "PromiseTable",
    "ReplyTemplateTable",
    "StepTable",
    "TargetTable",
    "outside_tone",
]
