"""The REST door of the complaints room, by subject."""

from complaints.api.case_data import (
    CompensationKindApi,
    ConductRuleApi,
    PhraseApi,
    ProblemApi,
    ProblemClassApi,
    ReplyTemplateApi,
    StepApi,
    TargetApi,
)
from complaints.api.cases import ComplaintApi
from complaints.api.closing import CaseClosingApi
from complaints.api.conduct import (
    CaseConductApi,
    PromiseApi,
)
from complaints.api.figures import CaseArchiveApi, CaseFiguresApi
from complaints.api.judging import CaseJudgingApi
from complaints.api.learning import BulletinApi, CaseBulletinsApi, CorrectionApi, MonthSheetApi
from complaints.api.outside import CaseOutsideApi, OutsideApi
from complaints.api.public import CaseLinkApi
from complaints.api.remedies import AccountabilityApi, OptionApi, RemedyApi, SettlementAgreementApi

__all__ = [
    "AccountabilityApi",
    "BulletinApi",
    "CaseArchiveApi",
    "CaseBulletinsApi",
    "CaseClosingApi",
    "CaseConductApi",
    "CaseFiguresApi",
    "CaseJudgingApi",
    "CaseLinkApi",
    "CaseOutsideApi",
    "CompensationKindApi",
    "ComplaintApi",
    "ConductRuleApi",
    "CorrectionApi",
    "MonthSheetApi",
    "OptionApi",
    "OutsideApi",
    "PhraseApi",
    "ProblemApi",
    "ProblemClassApi",
    "PromiseApi",
    "RemedyApi",
    "ReplyTemplateApi",
    "SettlementAgreementApi",
    "StepApi",
    "TargetApi",
]
