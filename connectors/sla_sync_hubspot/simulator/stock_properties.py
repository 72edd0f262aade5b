"""The properties and groups that HubSpot itself defines: the part of them that agreements speak about.

Names, labels and types as portals show them; a real portal has hundreds more. Read-only flags of single properties are
inferred where no recording shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from sla_sync_hubspot.simulator.object_types import COMPANY, CONTACT, DEAL, LEAD, TICKET
from sla_sync_hubspot.simulator.refusals import Json

Options: TypeAlias = tuple[tuple[str, str], ...]
"""Pairs of value and label."""

LIFECYCLE_STAGES: Options = (
    ("subscriber", "Subscriber"),
    ("lead", "Lead"),
    ("marketingqualifiedlead", "Marketing Qualified Lead"),
    ("salesqualifiedlead", "Sales Qualified Lead"),
    ("opportunity", "Opportunity"),
    ("customer", "Customer"),
    ("evangelist", "Evangelist"),
    ("other", "Other"),
)
_LEAD_STATUSES: Options = (
    ("NEW", "New"),
    ("OPEN", "Open"),
    ("IN_PROGRESS", "In Progress"),
    ("OPEN_DEAL", "Open Deal"),
    ("UNQUALIFIED", "Unqualified"),
    ("ATTEMPTED_TO_CONTACT", "Attempted to Contact"),
    ("CONNECTED", "Connected"),
    ("BAD_TIMING", "Bad Timing"),
)
_SOURCES: Options = (
    ("ORGANIC_SEARCH", "Organic Search"),
    ("PAID_SEARCH", "Paid Search"),
    ("EMAIL_MARKETING", "Email Marketing"),
    ("SOCIAL_MEDIA", "Organic Social"),
    ("REFERRALS", "Referrals"),
    ("OTHER_CAMPAIGNS", "Other Campaigns"),
    ("DIRECT_TRAFFIC", "Direct Traffic"),
    ("OFFLINE", "Offline Sources"),
    ("PAID_SOCIAL", "Paid Social"),
    ("AI_REFERRALS", "AI Referrals"),
)
_EMPLOYEES: Options = tuple((size, size) for size in ("1-5", "5-25", "25-50", "50-100", "100-500", "500-1000", "1000+"))
_YES_NO: Options = (("true", "Yes"), ("false", "No"))

GROUPS: dict[str, Options] = {
    CONTACT.identifier: (
        ("contactinformation", "Contact information"),
        ("emailinformation", "Email information"),
        ("analyticsinformation", "Web analytics history"),
        ("conversioninformation", "Conversion information"),
        ("sales_properties", "Sales properties"),
    ),
    COMPANY.identifier: (("companyinformation", "Company information"),),
    DEAL.identifier: (("dealinformation", "Deal information"),),
    TICKET.identifier: (("ticketinformation", "Ticket information"),),
    LEAD.identifier: (("lead_information", "Lead information"),),
}


@dataclass(frozen=True, slots=True)
class Stock:
    """One property of HubSpot's own; `fixed` says that its values are HubSpot's to write."""

    name: str
    label: str
    type: str
    field_type: str
    group: str
    options: Options = ()
    fixed: bool = False
    editable_options: bool = False
    owner: bool = False
    stages: bool = False
    """Its values are the stages of the object's pipelines; its definition names none of them."""


_CONTACT = "contactinformation"
_CONTACTS = (
    Stock("email", "Email", "string", "text", _CONTACT),
    Stock("firstname", "First Name", "string", "text", _CONTACT),
    Stock("lastname", "Last Name", "string", "text", _CONTACT),
    Stock("company", "Company Name", "string", "text", _CONTACT),
    Stock("jobtitle", "Job Title", "string", "text", _CONTACT),
    Stock("phone", "Phone Number", "string", "phonenumber", _CONTACT),
    Stock("mobilephone", "Mobile Phone Number", "string", "phonenumber", _CONTACT),
    Stock("country", "Country/Region", "string", "text", _CONTACT),
    Stock("state", "State/Region", "string", "text", _CONTACT),
    Stock("city", "City", "string", "text", _CONTACT),
    Stock("zip", "Postal Code", "string", "text", _CONTACT),
    Stock("industry", "Industry", "string", "text", _CONTACT),
    Stock("website", "Website URL", "string", "text", _CONTACT),
    Stock("annualrevenue", "Annual Revenue", "string", "text", _CONTACT),
    Stock("message", "Message", "string", "textarea", _CONTACT),
    Stock("hs_email_domain", "Email Domain", "string", "text", _CONTACT, fixed=True),
    Stock("numemployees", "Number of Employees", "enumeration", "select", _CONTACT, _EMPLOYEES),
    # The stages of a lifecycle are edited as stages of a pipeline, not as options.
    Stock("lifecyclestage", "Lifecycle Stage", "enumeration", "radio", _CONTACT, LIFECYCLE_STAGES),
    Stock(
        "hs_lead_status", "Lead Status", "enumeration", "radio", "sales_properties", _LEAD_STATUSES,
        editable_options=True,
    ),
    Stock("hubspot_owner_id", "Contact owner", "enumeration", "select", "sales_properties", owner=True),
    Stock("hubspot_owner_assigneddate", "Owner Assigned Date", "datetime", "date", "sales_properties", fixed=True),
    Stock("hubspot_team_id", "HubSpot Team", "enumeration", "select", "sales_properties", fixed=True, owner=True),
    Stock("notes_last_contacted", "Last Contacted", "datetime", "date", "sales_properties", fixed=True),
    Stock("num_contacted_notes", "Number of times contacted", "number", "number", "sales_properties", fixed=True),
    Stock("hs_time_to_first_engagement", "Lead response time", "number", "number", "sales_properties", fixed=True),
    Stock("hs_email_optout", "Unsubscribed from all email", "bool", "booleancheckbox", "emailinformation", _YES_NO,
          fixed=True),
    Stock("hs_analytics_source", "Original Traffic Source", "enumeration", "select", "analyticsinformation", _SOURCES,
          fixed=True),
    Stock("hs_latest_source", "Latest Traffic Source", "enumeration", "select", "analyticsinformation", _SOURCES,
          fixed=True),
    Stock("hs_analytics_num_page_views", "Number of Pageviews", "number", "number", "analyticsinformation",
          fixed=True),
    Stock("num_conversion_events", "Number of Form Submissions", "number", "number", "conversioninformation",
          fixed=True),
    Stock("recent_conversion_date", "Recent Conversion Date", "datetime", "date", "conversioninformation", fixed=True),
    Stock("createdate", "Create Date", "datetime", "date", _CONTACT, fixed=True),
    Stock("lastmodifieddate", "Last Modified Date", "datetime", "date", _CONTACT, fixed=True),
    Stock("hs_object_id", "Record ID", "number", "number", _CONTACT, fixed=True),
    Stock("hs_merged_object_ids", "Merged Record IDs", "enumeration", "checkbox", _CONTACT, fixed=True),
    Stock("hs_calculated_merged_vids", "Merged vids with timestamps of a contact", "string", "text", _CONTACT, fixed=True),
    *(
        Stock(f"hs_v2_date_{what}_{value}", f'Date {what} "{label} (Lifecycle Stage Pipeline)"', "datetime", "date",
              _CONTACT, fixed=True)
        for value, label in LIFECYCLE_STAGES
        for what in ("entered", "exited")
    ),
)  # fmt: skip
_COMPANY = "companyinformation"
_COMPANIES = (
    Stock("name", "Company name", "string", "text", _COMPANY),
    Stock("domain", "Company Domain Name", "string", "text", _COMPANY),
    Stock("country", "Country/Region", "string", "text", _COMPANY),
    Stock("numberofemployees", "Number of Employees", "number", "number", _COMPANY),
    Stock("annualrevenue", "Annual Revenue", "number", "number", _COMPANY),
    Stock("hubspot_owner_id", "Company owner", "enumeration", "select", _COMPANY, owner=True),
    Stock("createdate", "Create Date", "datetime", "date", _COMPANY, fixed=True),
    Stock("hs_lastmodifieddate", "Last Modified Date", "datetime", "date", _COMPANY, fixed=True),
    Stock("hs_object_id", "Record ID", "number", "number", _COMPANY, fixed=True),
)
_DEAL = "dealinformation"
_DEALS = (
    Stock("dealname", "Deal Name", "string", "text", _DEAL),
    Stock("amount", "Amount", "number", "number", _DEAL),
    Stock("closedate", "Close Date", "datetime", "date", _DEAL),
    Stock("pipeline", "Pipeline", "enumeration", "select", _DEAL, (("default", "Sales Pipeline"),)),
    Stock("dealstage", "Deal Stage", "enumeration", "radio", _DEAL, stages=True),
    Stock("hubspot_owner_id", "Deal owner", "enumeration", "select", _DEAL, owner=True),
    Stock("createdate", "Create Date", "datetime", "date", _DEAL, fixed=True),
    Stock("hs_lastmodifieddate", "Last Modified Date", "datetime", "date", _DEAL, fixed=True),
    Stock("hs_object_id", "Record ID", "number", "number", _DEAL, fixed=True),
)
_TICKET = "ticketinformation"
_TICKETS = (
    Stock("subject", "Ticket name", "string", "text", _TICKET),
    Stock("hs_pipeline", "Pipeline", "enumeration", "select", _TICKET, (("0", "Support Pipeline"),)),
    Stock("hs_pipeline_stage", "Ticket status", "enumeration", "radio", _TICKET, stages=True),
    Stock("hubspot_owner_id", "Ticket owner", "enumeration", "select", _TICKET, owner=True),
    Stock("createdate", "Create Date", "datetime", "date", _TICKET, fixed=True),
    Stock("hs_lastmodifieddate", "Last Modified Date", "datetime", "date", _TICKET, fixed=True),
    Stock("hs_object_id", "Record ID", "number", "number", _TICKET, fixed=True),
)
_LEAD = "lead_information"
_LEADS = (
    Stock("hs_lead_name", "Lead Name", "string", "text", _LEAD),
    Stock("hs_pipeline", "Pipeline", "enumeration", "select", _LEAD, (("lead-pipeline-id", "Lead pipeline"),)),
    Stock("hs_pipeline_stage", "Lead Stage", "enumeration", "radio", _LEAD, stages=True),
    Stock("hubspot_owner_id", "Lead owner", "enumeration", "select", _LEAD, owner=True),
    Stock("hs_createdate", "Create Date", "datetime", "date", _LEAD, fixed=True),
    Stock("hs_lastmodifieddate", "Last Modified Date", "datetime", "date", _LEAD, fixed=True),
    Stock("hs_object_id", "Record ID", "number", "number", _LEAD, fixed=True),
)
PROPERTIES: dict[str, tuple[Stock, ...]] = {
    CONTACT.identifier: _CONTACTS,
    COMPANY.identifier: _COMPANIES,
    DEAL.identifier: _DEALS,
    TICKET.identifier: _TICKETS,
    LEAD.identifier: _LEADS,
}


def spell_stock(stock: Stock, display_order: int, stamp: str) -> Json:
    """Return a property of HubSpot's own as the API shows it."""
    options = [
        {"label": label, "value": value, "displayOrder": position, "hidden": False}
        for position, (value, label) in enumerate(stock.options)
    ]
    metadata = {
        "archivable": False,
        "readOnlyDefinition": True,
        "readOnlyOptions": not stock.editable_options,
        "readOnlyValue": stock.fixed,
    }
    owner = {"referencedObjectType": "OWNER"} if stock.owner else {}
    return {
        "updatedAt": stamp,
        "createdAt": stamp,
        "name": stock.name,
        "label": stock.label,
        "type": stock.type,
        "fieldType": stock.field_type,
        "description": "",
        "groupName": stock.group,
        "options": options,
        "displayOrder": display_order,
        "calculated": False,
        "externalOptions": stock.owner or stock.stages,
        "hasUniqueValue": stock.name == "email",
        "hidden": False,
        "hubspotDefined": True,
        "modificationMetadata": metadata,
        "formField": not stock.fixed,
        "dataSensitivity": "non_sensitive",
    } | owner
