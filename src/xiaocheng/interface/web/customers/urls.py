"""Addresses of customers."""

from __future__ import annotations

from django.urls import path

from . import acts, chosen, contacts, editing, erasing, groups, in_place, lists, merging, page, pools

app_name = "customers"

urlpatterns = [
    path("customers/", lists.Customers.as_view(), name="list"),
    path("customers/export/", lists.Export.as_view(), name="export"),
    path("customers/new/", editing.NewCustomer.as_view(), name="new"),
    path("customers/likely/", editing.likely, name="likely"),
    path("customers/assign/", chosen.Assign.as_view(), name="assign"),
    path("customers/assign/shares/", chosen.shares, name="shares"),
    path("customers/claim/", chosen.ClaimMany.as_view(), name="claim_many"),
    path("customers/kept/", erasing.KeptTooLong.as_view(), name="kept"),
    path("customers/kept/export/", erasing.ExportKept.as_view(), name="export_kept"),
    path("customers/erase/", erasing.Erase.as_view(), name="erase"),
    path("customers/<int:pk>/", page.CustomerPage.as_view(), name="page"),
    path("customers/<int:pk>/edit/", editing.EditCustomer.as_view(), name="edit"),
    path("customers/<int:pk>/edit/<slug:name>/", in_place.EditField.as_view(), name="edit_field"),
    path("customers/<int:pk>/claim/", acts.Claim.as_view(), name="claim"),
    path("customers/<int:pk>/release/", acts.Release.as_view(), name="release"),
    path("customers/<int:pk>/details/", acts.ReadDetails.as_view(), name="read_details"),
    path("customers/<int:pk>/consent/", acts.NoteConsent.as_view(), name="note_consent"),
    path("customers/<int:pk>/contacts/new/", editing.NewContact.as_view(), name="new_contact"),
    path("customers/<int:pk>/merge/", merging.ChooseMerge.as_view(), name="choose_merge"),
    path("customers/<int:pk>/merge/<int:other>/", merging.Merge.as_view(), name="merge"),
    path("customers/merges/", merging.Merges.as_view(), name="merges"),
    path("customers/merges/<int:pk>/", merging.Merged.as_view(), name="merged"),
    path("customers/merges/<int:pk>/undo/", merging.UndoMerge.as_view(), name="undo_merge"),
    path("contacts/", contacts.Contacts.as_view(), name="contacts"),
    path("contacts/export/", contacts.ExportContacts.as_view(), name="export_contacts"),
    path("contacts/new/", editing.NewContactOf.as_view(), name="new_contact_of"),
    path("contacts/alike/", contacts.alike, name="alike"),
    path("contacts/<int:pk>/", contacts.ContactPage.as_view(), name="contact"),
    path("contacts/<int:pk>/edit/", editing.EditContact.as_view(), name="edit_contact"),
    path("contacts/<int:pk>/erase/", erasing.EraseContact.as_view(), name="erase_contact"),
    path("contacts/<int:contact>/consent/", acts.NoteConsent.as_view(), name="note_contact_consent"),
    path("groups/", groups.Groups.as_view(), name="groups"),
    path("groups/new/", groups.NewGroup.as_view(), name="new_group"),
    path("groups/new/rule/", groups.NewRuleGroup.as_view(), name="new_rule_group"),
    path("groups/preview/", groups.PreviewRule.as_view(), name="preview_rule"),
    path("groups/condition/", groups.condition, name="condition"),
    path("groups/add/", groups.AddToGroup.as_view(), name="add_to_group"),
    path("groups/remove/", groups.RemoveFromGroup.as_view(), name="ungroup"),
    path("groups/<int:pk>/", groups.GroupPage.as_view(), name="group"),
    path("groups/<int:pk>/export/", groups.ExportGroup.as_view(), name="export_group"),
    path("groups/<int:pk>/edit/", groups.EditGroup.as_view(), name="edit_group"),
    path("groups/<int:pk>/edit/rule/", groups.EditRuleGroup.as_view(), name="edit_rule_group"),
    path("groups/<int:pk>/drop/", groups.DropGroup.as_view(), name="drop_group"),
    path("pools/", pools.Pools.as_view(), name="pools"),
    path("pools/new/", pools.NewPool.as_view(), name="new_pool"),
    path("pools/ledger/", pools.Ledger.as_view(), name="ledger"),
    path("pools/ledger/export/", pools.ExportLedger.as_view(), name="export_ledger"),
    path("pools/<int:pk>/", pools.PoolPage.as_view(), name="pool"),
    path("pools/<int:pk>/edit/", pools.EditPool.as_view(), name="edit_pool"),
]
