"""Addresses of insight."""

from __future__ import annotations

from django.urls import path

from .conformance import ConformancePage
from .cycle import CyclePage
from .deal_cohorts import DealCohortsPage
from .decisions import Decide, DecisionsOf, Reviews, ReviewsExport
from .expected_changes import DropExpectedChange, EditExpectedChange, ExpectedChanges, NewExpectedChange
from .exporting import RowsExport, TableExport
from .forecast import ForecastPage
from .forecast_calls import CallForecast
from .funnel import FunnelPage
from .health import HealthExport, HealthPage
from .matrix import MatrixPage
from .members import SalesReportPage
from .movement import Changes, MovementPage, Standing
from .newcomers import NewcomerWins, NewCustomersPage
from .people import PeoplePage
from .process_reviews import (
    AmendProcessReview,
    DropProcessReview,
    EditProcessReview,
    FinishProcessReview,
    NewProcessReview,
    ProcessReviewPage,
    ProcessReviews,
)
from .results import RevenuePage, WinRatePage
from .rows import Closings, NewCustomers, Stays, Wins
from .source_rows import SourceCustomers, SourceWins
from .sources import SourcesPage
from .values import Values, ValuesExport
from .worth import ValuePage

app_name = "insight"
urlpatterns = [
    path("insight/health/", HealthPage.as_view(), name="health"),
    path("insight/health/export/", HealthExport.as_view(), name="health_export"),
    path("insight/funnel/", FunnelPage.as_view(), name="funnel"),
    path("insight/new-customers/", NewCustomersPage.as_view(), name="new_customers"),
    path(
        "insight/new-customers/export/",
        TableExport.as_view(screen_class=NewCustomersPage),
        name="new_customers_export",
    ),
    path("insight/rows/newcomer-wins/", NewcomerWins.as_view(), name="newcomer_wins"),
    path(
        "insight/rows/newcomer-wins/export/",
        RowsExport.as_view(screen_class=NewcomerWins),
        name="newcomer_wins_export",
    ),
    path("insight/sales-report/", SalesReportPage.as_view(), name="members"),
    path("insight/sales-report/export/", TableExport.as_view(screen_class=SalesReportPage), name="members_export"),
    path("insight/movement/", MovementPage.as_view(), name="movement"),
    path("insight/movement/export/", TableExport.as_view(screen_class=MovementPage), name="movement_export"),
    path("insight/rows/changes/", Changes.as_view(), name="changes"),
    path("insight/rows/changes/export/", RowsExport.as_view(screen_class=Changes), name="changes_export"),
    path("insight/rows/standing/", Standing.as_view(), name="standing"),
    path("insight/rows/standing/export/", RowsExport.as_view(screen_class=Standing), name="standing_export"),
    path("insight/conformance/", ConformancePage.as_view(), name="conformance"),
    path("insight/win-rate/", WinRatePage.as_view(), name="win_rate"),
    path("insight/people/", PeoplePage.as_view(), name="people"),
    path("insight/people/export/", TableExport.as_view(screen_class=PeoplePage), name="people_export"),
    path("insight/forecast/", ForecastPage.as_view(), name="forecast"),
    path("insight/forecast/call/", CallForecast.as_view(), name="call_forecast"),
    path("insight/expected-changes/", ExpectedChanges.as_view(), name="expected_changes"),
    path("insight/expected-changes/new/", NewExpectedChange.as_view(), name="new_expected_change"),
    path("insight/expected-changes/<int:pk>/", EditExpectedChange.as_view(), name="edit_expected_change"),
    path("insight/expected-changes/<int:pk>/drop/", DropExpectedChange.as_view(), name="drop_expected_change"),
    path("insight/cycle/", CyclePage.as_view(), name="cycle"),
    path("insight/deal-cohorts/", DealCohortsPage.as_view(), name="deal_cohorts"),
    path(
        "insight/deal-cohorts/export/",
        TableExport.as_view(screen_class=DealCohortsPage),
        name="deal_cohorts_export",
    ),
    path("insight/revenue/", RevenuePage.as_view(), name="revenue"),
    path("insight/sources/", SourcesPage.as_view(), name="sources"),
    path("insight/process-reviews/", ProcessReviews.as_view(), name="process_reviews"),
    path("insight/process-reviews/new/", NewProcessReview.as_view(), name="new_process_review"),
    path("insight/process-reviews/<int:pk>/", ProcessReviewPage.as_view(), name="process_review"),
    path("insight/process-reviews/<int:pk>/edit/", EditProcessReview.as_view(), name="edit_process_review"),
    path("insight/process-reviews/<int:pk>/finish/", FinishProcessReview.as_view(), name="finish_process_review"),
    path("insight/process-reviews/<int:pk>/drop/", DropProcessReview.as_view(), name="drop_process_review"),
    path("insight/process-reviews/<int:pk>/amend/", AmendProcessReview.as_view(), name="amend_process_review"),
    path("insight/value/", ValuePage.as_view(), name="value"),
    path("insight/value/matrix/", MatrixPage.as_view(), name="matrix"),
    path("insight/value/decide/", Decide.as_view(), name="decide"),
    path("insight/value/decisions/", Reviews.as_view(), name="reviews"),
    path("insight/value/decisions/export/", ReviewsExport.as_view(), name="reviews_export"),
    path("customers/<int:pk>/decisions/", DecisionsOf.as_view(), name="decisions_of"),
    path("insight/value/customers/", Values.as_view(), name="values"),
    path("insight/value/customers/export/", ValuesExport.as_view(), name="values_export"),
    path("insight/funnel/export/", TableExport.as_view(screen_class=FunnelPage), name="funnel_export"),
    path(
        "insight/conformance/export/",
        TableExport.as_view(screen_class=ConformancePage),
        name="conformance_export",
    ),
    path("insight/win-rate/export/", TableExport.as_view(screen_class=WinRatePage), name="win_rate_export"),
    path("insight/cycle/export/", TableExport.as_view(screen_class=CyclePage), name="cycle_export"),
    path("insight/revenue/export/", TableExport.as_view(screen_class=RevenuePage), name="revenue_export"),
    path("insight/sources/export/", TableExport.as_view(screen_class=SourcesPage), name="sources_export"),
    path("insight/rows/stays/", Stays.as_view(), name="stays"),
    path("insight/rows/closings/", Closings.as_view(), name="closings"),
    path("insight/rows/wins/", Wins.as_view(), name="wins"),
    path("insight/rows/customers/", NewCustomers.as_view(), name="customers"),
    path("insight/rows/source-customers/", SourceCustomers.as_view(), name="source_customers"),
    path("insight/rows/source-wins/", SourceWins.as_view(), name="source_wins"),
    path("insight/rows/stays/export/", RowsExport.as_view(screen_class=Stays), name="stays_export"),
    path("insight/rows/closings/export/", RowsExport.as_view(screen_class=Closings), name="closings_export"),
    path("insight/rows/wins/export/", RowsExport.as_view(screen_class=Wins), name="wins_export"),
    path("insight/rows/customers/export/", RowsExport.as_view(screen_class=NewCustomers), name="customers_export"),
    path(
        "insight/rows/source-customers/export/",
        RowsExport.as_view(screen_class=SourceCustomers),
        name="source_customers_export",
    ),
    path("insight/rows/source-wins/export/", RowsExport.as_view(screen_class=SourceWins), name="source_wins_export"),
]
