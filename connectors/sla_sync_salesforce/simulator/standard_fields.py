"""The standard objects and fields that formulas, flows, reports and queries may name, as a new org has them.

Only the objects that an agreement about leads touches stand here, each with the fields that its references may need.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class FieldShape:
    """What references need to know of a field. `type` is the Metadata API's name of it."""

    name: str
    type: str
    label: str
    length: int = 0
    required: bool = False
    writeable: bool = True
    refers_to: str = ""
    relationship: str = ""


# One field a line: name, type, length. `!` marks required ones, `-` those that nobody writes, `>` what a lookup leads to.
_SYSTEM = """
Id Id -
IsDeleted Checkbox -
CreatedById Lookup - >User
CreatedDate DateTime -
LastModifiedById Lookup - >User
LastModifiedDate DateTime -
SystemModstamp DateTime -
"""
_OBJECTS = {
    "Lead": """
RecordTypeId Lookup >RecordType
MasterRecordId Lookup - >Lead
LastName Text 80 !
FirstName Text 40
Salutation Picklist
Name Text 121 -
Title Text 128
Company Text 255 !
Street TextArea 255
City Text 40
State Text 80
PostalCode Text 20
Country Text 80
Phone Phone 40
MobilePhone Phone 40
Fax Phone 40
Email Email 80
Website Url 255
Description LongTextArea 32000
LeadSource Picklist
Status Picklist !
Industry Picklist
Rating Picklist
AnnualRevenue Currency 18
NumberOfEmployees Number 8
OwnerId Lookup ! >User
HasOptedOutOfEmail Checkbox
DoNotCall Checkbox
IsConverted Checkbox -
ConvertedDate Date -
ConvertedAccountId Lookup - >Account
ConvertedContactId Lookup - >Contact
ConvertedOpportunityId Lookup - >Opportunity
IsUnreadByOwner Checkbox
LastActivityDate Date -
LastTransferDate Date -
EmailBouncedReason Text 255 -
EmailBouncedDate DateTime -
CampaignId Lookup >Campaign
""",
    "Contact": """
RecordTypeId Lookup >RecordType
AccountId Lookup >Account
LastName Text 80 !
FirstName Text 40
Salutation Picklist
Name Text 121 -
Title Text 128
Department Text 80
Phone Phone 40
MobilePhone Phone 40
Email Email 80
LeadSource Picklist
Description LongTextArea 32000
OwnerId Lookup >User
HasOptedOutOfEmail Checkbox
DoNotCall Checkbox
LastActivityDate Date -
MailingCountry Text 80
ReportsToId Lookup >Contact
""",
    "Account": """
RecordTypeId Lookup >RecordType
Name Text 255 !
Type Picklist
Industry Picklist
AnnualRevenue Currency 18
NumberOfEmployees Number 8
BillingCountry Text 80
Phone Phone 40
Website Url 255
Description LongTextArea 32000
OwnerId Lookup ! >User
LastActivityDate Date -
""",
    "Opportunity": """
RecordTypeId Lookup >RecordType
AccountId Lookup >Account
Name Text 120 !
Description LongTextArea 32000
StageName Picklist !
Amount Currency 18
Probability Percent 3
CloseDate Date !
Type Picklist
NextStep Text 255
LeadSource Picklist
IsClosed Checkbox -
IsWon Checkbox -
ForecastCategory Picklist -
CampaignId Lookup >Campaign
OwnerId Lookup ! >User
LastActivityDate Date -
""",
    "Task": """
RecordTypeId Lookup >RecordType
WhoId Lookup >Lead
WhatId Lookup >Account
Subject Text 255
ActivityDate Date
Status Picklist !
Priority Picklist !
OwnerId Lookup ! >User
Description LongTextArea 32000
Type Picklist
TaskSubtype Picklist
IsClosed Checkbox -
CompletedDateTime DateTime -
""",
    "Event": """
RecordTypeId Lookup >RecordType
WhoId Lookup >Lead
WhatId Lookup >Account
Subject Text 255
StartDateTime DateTime
EndDateTime DateTime
DurationInMinutes Number 8
ActivityDateTime DateTime
ActivityDate Date
EventSubtype Picklist
IsChild Checkbox -
OwnerId Lookup ! >User
Description LongTextArea 32000
Type Picklist
""",
    "Campaign": """
RecordTypeId Lookup >RecordType
Name Text 80 !
Type Picklist
Status Picklist
IsActive Checkbox
StartDate Date
EndDate Date
OwnerId Lookup ! >User
""",
    "CampaignMember": """
CampaignId Lookup ! >Campaign
LeadId Lookup >Lead
ContactId Lookup >Contact
Status Picklist
HasResponded Checkbox -
FirstRespondedDate Date -
Name Text 121 -
LeadOrContactId Lookup - >Lead
LeadOrContactOwnerId Lookup - >User
""",
    "EmailMessage": """
ActivityId Lookup >Task
RelatedToId Lookup >Lead
Subject Text 3000
TextBody LongTextArea 131072
HtmlBody LongTextArea 131072
FromName Text 1000
FromAddress Email 1000
ToAddress Text 4000
Incoming Checkbox
MessageDate DateTime
Status Picklist
""",
    "User": """
Username Text 80 !
LastName Text 80 !
FirstName Text 40
Name Text 121 -
Email Email 128 !
Alias Text 8 !
IsActive Checkbox
ManagerId Lookup >User
ProfileId Lookup ! >Profile
UserRoleId Lookup >UserRole
TimeZoneSidKey Picklist !
LanguageLocaleKey Picklist !
LocaleSidKey Picklist !
UserType Picklist -
""",
    "Group": """
Name Text 40 !
DeveloperName Text 80 !
Type Picklist !
Email Email 255
DoesSendEmailToMembers Checkbox
DoesIncludeBosses Checkbox
OwnerId Lookup - >User
""",
    "GroupMember": """
GroupId Lookup ! >Group
UserOrGroupId Lookup ! >User
""",
    "QueueSobject": """
QueueId Lookup ! >Group
SobjectType Picklist !
""",
    "BusinessHours": """
Name Text 80 !
IsActive Checkbox
IsDefault Checkbox
TimeZoneSidKey Picklist !
MondayStartTime Time
MondayEndTime Time
TuesdayStartTime Time
TuesdayEndTime Time
WednesdayStartTime Time
WednesdayEndTime Time
ThursdayStartTime Time
ThursdayEndTime Time
FridayStartTime Time
FridayEndTime Time
SaturdayStartTime Time
SaturdayEndTime Time
SundayStartTime Time
SundayEndTime Time
""",
    "Holiday": """
Name Text 80 !
Description Text 1000
ActivityDate Date
IsAllDay Checkbox
StartTimeInMinutes Number 4
EndTimeInMinutes Number 4
IsRecurrence Checkbox
RecurrenceType Picklist
RecurrenceStartDate Date
RecurrenceEndDateOnly Date
RecurrenceInterval Number 9
RecurrenceInstance Picklist
RecurrenceDayOfMonth Number 9
RecurrenceDayOfWeekMask Number 9
RecurrenceMonthOfYear Picklist
""",
    "CustomNotificationType": """
DeveloperName Text 80 -
MasterLabel Text 80 -
CustomNotifTypeName Text 80 -
Desktop Checkbox -
Mobile Checkbox -
""",
    "RecordType": """
Name Text 80 !
DeveloperName Text 80 !
SobjectType Picklist !
Description Text 255
IsActive Checkbox
BusinessProcessId Lookup >BusinessProcess
""",
    "BusinessProcess": """
Name Text 80 !
TableEnumOrId Picklist !
Description Text 255
IsActive Checkbox
""",
    "UserRole": """
Name Text 80 !
DeveloperName Text 80 !
ParentRoleId Lookup >UserRole
""",
    "Profile": """
Name Text 255 -
UserType Picklist -
""",
}

TAKES_CUSTOM_FIELDS = (
    "Lead",
    "Contact",
    "Account",
    "Opportunity",
    "Task",
    "Event",
    "Campaign",
    "CampaignMember",
    "User",
)


_OWNED_BY_QUEUES = ("Lead", "Task", "Event")
_SEVERAL: Mapping[str, tuple[str, ...]] = {
    "WhoId": ("Contact", "Lead"),
    "WhatId": ("Account", "Opportunity", "Campaign"),
    "UserOrGroupId": ("Group", "User"),
    "SetupOwnerId": ("Organization", "Profile", "User"),
    "RelatedToId": ("Account", "Contact", "Lead", "Opportunity"),
    "LeadOrContactId": ("Contact", "Lead"),
    "LeadOrContactOwnerId": ("Group", "User"),
}
"""Lookups of the platform that lead to several objects."""


def targets(object_name: str, shape: FieldShape) -> tuple[str, ...]:
    """Return the objects that a lookup may lead to."""
    if shape.name == "OwnerId" and (object_name in _OWNED_BY_QUEUES or object_name.endswith("__c")):
        return ("Group", "User")
    return _SEVERAL.get(shape.name) or ((shape.refers_to,) if shape.refers_to else ())


@cache
def standard_objects() -> Mapping[str, Mapping[str, FieldShape]]:
    """Return the fields of each standard object by name."""
    return {
        name: {each.name: each for each in map(_shape, filter(None, (lines + _SYSTEM).splitlines()))}
        for name, lines in _OBJECTS.items()
    }


def _shape(line: str) -> FieldShape:
    name, type_name, *rest = line.split()
    target = next((word[1:] for word in rest if word.startswith(">")), "")
    return FieldShape(
        name,
        type_name,
        _label(name),
        length=next((int(word) for word in rest if word.isdigit()), 0),
        required="!" in rest,
        writeable="-" not in rest,
        refers_to=target,
        relationship=name.removesuffix("Id") if target else "",
    )


def _label(name: str) -> str:
    words = ""
    for place, letter in enumerate(name):
        words += f" {letter}" if place and letter.isupper() and not name[place - 1].isupper() else letter
    return words.removesuffix(" Id") if name != "Id" else "Record ID"
