"""Addresses of the administrator's pages, and of one's own deputy and keys."""

from __future__ import annotations

from django.urls import path

from . import arrangements, calendar, departments, duty, journal, own, people, roles, rules

app_name = "admin"
urlpatterns = [
    path("company/people/", people.People.as_view(), name="people"),
    path("company/people/new/", people.NewPerson.as_view(), name="person-new"),
    path("company/people/<int:pk>/", people.PersonPage.as_view(), name="person"),
    path("company/people/<int:pk>/edit/", people.EditPerson.as_view(), name="person-edit"),
    path("company/people/<int:pk>/move/", people.MovePerson.as_view(), name="person-move"),
    path("company/people/<int:pk>/password/", people.ResetPassword.as_view(), name="person-password"),
    path("company/people/<int:pk>/disable/", people.DisablePerson.as_view(), name="person-disable"),
    path("company/people/<int:pk>/enable/", people.EnablePerson.as_view(), name="person-enable"),
    path("company/people/<int:pk>/tokens/<int:token>/revoke/", people.RevokeToken.as_view(), name="person-token"),
    path("company/people/<int:pk>/deputy/", arrangements.Delegate.as_view(), name="delegate"),
    path("company/people/<int:pk>/lend/", arrangements.Lend.as_view(), name="lend"),
    path("company/people/<int:pk>/mentor/", arrangements.Mentor.as_view(), name="mentor"),
    path("company/arrangements/<slug:kind>/<int:pk>/end/", arrangements.EndArrangement.as_view(), name="end"),
    path("company/departments/", departments.Departments.as_view(), name="departments"),
    path("company/departments/new/", departments.NewDepartment.as_view(), name="department-new"),
    path("company/departments/<int:pk>/edit/", departments.EditDepartment.as_view(), name="department-edit"),
    path("company/departments/<int:pk>/headcount/", departments.Headcount.as_view(), name="headcount"),
    path("company/roles/", roles.Roles.as_view(), name="roles"),
    path("company/roles/new/", roles.NewRole.as_view(), name="role-new"),
    path("company/roles/<int:pk>/", roles.EditRole.as_view(), name="role-edit"),
    path("company/rules/", rules.RulesPage.as_view(), name="rules"),
    path("company/rules/<str:key>/", rules.ChangeRule.as_view(), name="rule"),
    path("company/calendar/", calendar.Year.as_view(), name="calendar"),
    path("company/calendar/<str:day>/", calendar.Day.as_view(), name="calendar-day"),
    path("company/duty/", duty.Roster.as_view(), name="duty"),
    path("company/duty/set/", duty.SetDuty.as_view(), name="duty-set"),
    path("company/duty/sites/new/", duty.NewSite.as_view(), name="duty-site-new"),
    path("company/duty/sites/<int:pk>/", duty.EditSite.as_view(), name="duty-site"),
    path("company/journal/", journal.Journal.as_view(), name="journal"),
    path("company/journal/<int:pk>/", journal.Entry.as_view(), name="journal-entry"),
    path("me/deputy/", arrangements.Deputy.as_view(), name="deputy"),
    path("me/deputy/new/", arrangements.NewDeputy.as_view(), name="deputy-new"),
    path("me/tokens/", own.Tokens.as_view(), name="tokens"),
    path("me/tokens/<int:pk>/revoke/", own.Revoke.as_view(), name="token-revoke"),
]
