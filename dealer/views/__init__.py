"""The browser door of the roof: start, search, dashboard, monthly reports."""

from dealer.views.dashboard import dashboard
from dealer.views.home import home
from dealer.views.reports import build_report, report, report_pdf, report_xlsx, reports
from dealer.views.search import search

__all__ = [
    "build_report",
    "dashboard",
    "home",
    "report",
    "report_pdf",
    "report_xlsx",
    "reports",
    "search",
]
