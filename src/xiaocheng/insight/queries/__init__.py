"""Every way to look at what was learnt from what was sold."""

from xiaocheng.insight.bottleneck import Bottleneck
from xiaocheng.insight.breakdown import By, Key, line_names
from xiaocheng.insight.counting import LEFT_ROWS, PATH_ROWS
from xiaocheng.insight.credited import counted
from xiaocheng.insight.estimating import Outlook, Stay
from xiaocheng.insight.figures import FEWEST, SURE, Difference, Figure, difference, may_be_chance, wilson
from xiaocheng.insight.models import CustomerValue, Decision, ProcessReview
from xiaocheng.insight.models.decision import LONGEST_REASON, VERDICTS
from xiaocheng.insight.models.forecast import HORIZONS
from xiaocheng.insight.models.movement import CHANGES
from xiaocheng.insight.models.process_review import REVIEW_STATES
from xiaocheng.insight.selection import Selection
from xiaocheng.insight.stages import known_stage_names

from .checking import days_since_values, rollup_differences
from .comparison import USUAL_WITHIN, WITHIN, Comparison, StagePair, comparison
from .conformance import ELSEWHERE, Conformance, FromStage, Kept, Mark, OnesSteps, Step, conformance
from .cycle import Bar, Cycle, CycleLine, cycle, cycle_by
from .decisions import REVIEWS, decisions, to_review
from .expected_changes import changes_within, expected_change, expected_changes, may_expect
from .forecast import (
    Accuracy,
    Forecast,
    ForecastScope,
    forecast,
    last_made,
    may_see,
    usual_scope,
)
from .funnel import FIVE_EXITS, Exit, Funnel, StageCounts, StageLine, Stages, funnel, stage_counts
from .health import Health, SourceDeals, health
from .matrix import (
    AXES,
    MATRICES,
    Cell,
    Matrix,
    MatrixView,
    in_period,
    matrix,
    of_team,
)
from .members import COUNTED, Member, members, whose_work
from .movement import Change, Movement, Stand, change_rows, movement, standing_rows
from .newcomers import WAYS, NewcomerLine, Newcomers, newcomers, newcomers_by, returned_wins, wins_of_new
from .people import FEWEST_PEOPLE, PeopleCompared, PersonRate, people_compared
from .process_reviews import (
    PROCESS_REVIEW_VIEWS,
    Beside,
    Frozen,
    figures_of,
    may_review,
    process_review,
    process_reviews,
    then_and_now,
)
from .results import (
    Line,
    Result,
    customers_per_deal,
    deals_per_order,
    new_customers,
    result,
    results_by,
    shows_workload_first,
)
from .rows import (
    CLOSING_ROWS,
    CREDITED,
    EXIT_ROWS,
    CustomerCount,
    closings,
    left_spans,
    new_customer_rows,
    spans,
    won_deals,
)
from .scope import Basis, bases, whose
from .sheet import StageRecord, stage_record
from .skipping import Effect, SkippedStage, Skipping, skip_effects
from .sources import COHORT_ROWS, Cohort, SourceLine, source_customers, source_wins, sources
from .values import VIEWS, Effort, efforts, last_count, suggested_as, suggestion_of, values
from .variants import Variant, Variants
from .win_chances import Chance, Reason, Telling, chances, telling
from .worth import ClassSum, Ranked, Trait, ValueBy, Worth, worth

__all__ = [
    "AXES",
    "CHANGES",
    "CLOSING_ROWS",
    "COHORT_ROWS",
    "COUNTED",
    "CREDITED",
    "ELSEWHERE",
    "EXIT_ROWS",
    "FEWEST",
    "FEWEST_PEOPLE",
    "FIVE_EXITS",
    "HORIZONS",
    "LEFT_ROWS",
    "LONGEST_REASON",
    "MATRICES",
    "PATH_ROWS",
    "PROCESS_REVIEW_VIEWS",
    "REVIEWS",
    "REVIEW_STATES",
    "SURE",
    "USUAL_WITHIN",
    "VERDICTS",
    "VIEWS",
    "WAYS",
    "WITHIN",
    "Accuracy",
    "Bar",
    "Basis",
    "Beside",
    "Bottleneck",
    "By",
    "Cell",
    "Chance",
    "Change",
    "ClassSum",
    "Cohort",
    "Comparison",
    "Conformance",
    "CustomerCount",
    "CustomerValue",
    "Cycle",
    "CycleLine",
    "Decision",
    "Difference",
    "Effect",
    "Effort",
    "Exit",
    "Figure",
    "Forecast",
    "ForecastScope",
    "FromStage",
    "Frozen",
    "Funnel",
    "Health",
    "Kept",
    "Key",
    "Line",
    "Mark",
    "Matrix",
    "MatrixView",
    "Member",
    "Movement",
    "NewcomerLine",
    "Newcomers",
    "OnesSteps",
    "Outlook",
    "PeopleCompared",
    "PersonRate",
    "ProcessReview",
    "Ranked",
    "Reason",
    "Result",
    "Selection",
    "SkippedStage",
    "Skipping",
    "SourceDeals",
    "SourceLine",
    "StageCounts",
    "StageLine",
    "StagePair",
    "StageRecord",
    "Stages",
    "Stand",
    "Stay",
    "Step",
    "Telling",
    "Trait",
    "ValueBy",
    "Variant",
    "Variants",
    "Worth",
    "bases",
    "chances",
    "change_rows",
    "changes_within",
    "closings",
    "comparison",
    "conformance",
    "counted",
    "customers_per_deal",
    "cycle",
    "cycle_by",
    "days_since_values",
    "deals_per_order",
    "decisions",
    "difference",
    "efforts",
    "expected_change",
    "expected_changes",
    "figures_of",
    "forecast",
    "funnel",
    "health",
    "in_period",
    "known_stage_names",
    "last_count",
    "last_made",
    "left_spans",
    "line_names",
    "matrix",
    "may_be_chance",
    "may_expect",
    "may_review",
    "may_see",
    "members",
    "movement",
    "new_customer_rows",
    "new_customers",
    "newcomers",
    "newcomers_by",
    "of_team",
    "people_compared",
    "process_review",
    "process_reviews",
    "result",
    "results_by",
    "returned_wins",
    "rollup_differences",
    "shows_workload_first",
    "skip_effects",
    "source_customers",
    "source_wins",
    "sources",
    "spans",
    "stage_counts",
    "stage_record",
    "standing_rows",
    "suggested_as",
    "suggestion_of",
    "telling",
    "then_and_now",
    "to_review",
    "usual_scope",
    "values",
    "whose",
    "whose_work",
    "wilson",
    "wins_of_new",
    "won_deals",
    "worth",
]
