"""A package with one of everything that the simulator takes, valid as it stands; each test changes what it wants to."""

from __future__ import annotations

from tests.connectors.salesforce.simulator.packages import Files, document, manifest

LEG = "objects/SLA_Leg__c.object"
THRESHOLD = "objects/SLA_Threshold__mdt.object"
SWITCH = "objects/SLA_Switch__c.object"
LEAD = "objects/Lead.object"
ROW = "customMetadata/SLA_Threshold.First_Response_hot.md"
QUEUE = "queues/SLA_Overflow.queue"
GROUP = "groups/SLA_Role_Manager.group"
RULES = "assignmentRules/Lead.assignmentRules"
HOURS = "settings/BusinessHours.settings"
CONVERSION = "LeadConvertSettings/LeadConvertSettings.LeadConvertSetting"
NOTICE = "notificationtypes/SLA_Notice.notiftype"
PERMISSION = "customPermissions/SLA_Bypass_Gates.customPermission"
ACCESS = "permissionsets/SLA_Rep.permissionset"
KIND = "reportTypes/SLA_Legs.reportType"
REPORT = "reports/SLA_Sync/SLA_Attainment.report"
DASHBOARD = "dashboards/SLA_Sync/SLA_Health.dashboard"
TEMPLATE = "email/SLA_Sync/SLA_Breach.email"
ALERTS = "workflows/Lead.workflow"
FLOW = "flows/SLA_Leg_Stamps.flow"

_XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"'


def field(name: str, inside: str) -> str:
    """Return a field as it stands in the file of an object."""
    label = name.removesuffix("__c").replace("_", " ")
    return f"<fields><fullName>{name}</fullName><label>{label}</label>{inside}</fields>"


_OF_LEG = "".join(
    (
        field(
            "Lead__c",
            "<deleteConstraint>SetNull</deleteConstraint><referenceTo>Lead</referenceTo>"
            "<relationshipLabel>SLA Assignments</relationshipLabel><relationshipName>SLA_Legs</relationshipName>"
            "<type>Lookup</type>",
        ),
        field("Cycle__c", "<precision>4</precision><scale>0</scale><type>Number</type>"),
        field("Priority__c", "<length>40</length><type>Text</type>"),
        field("Due_At__c", "<type>DateTime</type>"),
        field("Route__c", "<defaultValue>false</defaultValue><type>Checkbox</type>"),
        field(
            "State__c",
            "<formula>IF(NOW() &gt; Due_At__c, &quot;overdue&quot;, &quot;running&quot;)</formula><type>Text</type>",
        ),
        field("Serial__c", "<displayFormat>L-{0000}</displayFormat><type>AutoNumber</type>"),
    )
)
_LEG = f"""
    <deploymentStatus>Deployed</deploymentStatus>
    <enableReports>true</enableReports>
    {_OF_LEG}
    <label>SLA Assignment</label>
    <listViews>
        <fullName>SLA_Open</fullName>
        <columns>NAME</columns>
        <columns>Due_At__c</columns>
        <columns>OWNER.ALIAS</columns>
        <filterScope>Mine</filterScope>
        <filters><field>Cycle__c</field><operation>greaterThan</operation><value>0</value></filters>
        <label>My open assignments</label>
    </listViews>
    <nameField><displayFormat>SLA-{{000000}}</displayFormat><label>Number</label><type>AutoNumber</type></nameField>
    <pluralLabel>SLA Assignments</pluralLabel>
    <sharingModel>ReadWrite</sharingModel>
"""
_LEAD = f"""
    <businessProcesses>
        <fullName>SLA Leads</fullName>
        <isActive>true</isActive>
        <values><fullName>Open - Not Contacted</fullName><default>true</default></values>
        <values><fullName>Closed - Converted</fullName><default>false</default></values>
    </businessProcesses>
    {field("SLA_Due_At__c", "<type>DateTime</type>")}
    {field("SLA_Policy__c", "<length>40</length><type>Text</type>")}
    {
    field(
        "SLA_Late__c",
        "<formula>AND(NOT($Setup.SLA_Switch__c.Silent__c), (NOW() - SLA_Due_At__c) * 1440 &gt;"
        " $CustomMetadata.SLA_Threshold__mdt.First_Response_hot.Minutes__c)</formula><type>Checkbox</type>",
    )
}
    {
    field(
        "SLA_Reason__c",
        "<type>Picklist</type><valueSet><controllingField>Status</controllingField><restricted>true</restricted>"
        "<valueSetDefinition><sorted>false</sorted>"
        "<value><fullName>No budget</fullName><default>false</default><label>No budget</label></value>"
        "<value><fullName>Bad fit</fullName><default>false</default><label>Bad fit</label></value>"
        "</valueSetDefinition><valueSettings><controllingFieldValue>Closed - Not Converted</controllingFieldValue>"
        "<valueName>No budget</valueName></valueSettings></valueSet>",
    )
}
    <listViews>
        <fullName>SLA_Waiting</fullName>
        <columns>FULL_NAME</columns>
        <columns>LEAD.STATUS</columns>
        <columns>SLA_Due_At__c</columns>
        <filterScope>Queue</filterScope>
        <filters><field>LEAD.STATUS</field><operation>equals</operation><value>Open - Not Contacted</value></filters>
        <label>Waiting</label>
        <queue>SLA_Overflow</queue>
    </listViews>
    <recordTypes>
        <fullName>SLA_Lead</fullName>
        <active>true</active>
        <businessProcess>SLA Leads</businessProcess>
        <label>SLA Lead</label>
        <picklistValues>
            <picklist>SLA_Reason__c</picklist>
            <values><fullName>Bad fit</fullName><default>false</default></values>
        </picklistValues>
    </recordTypes>
    <validationRules>
        <fullName>SLA_Reason_Needed</fullName>
        <active>true</active>
        <errorConditionFormula>AND(NOT($Permission.SLA_Bypass_Gates), ISNEW())</errorConditionFormula>
        <errorMessage>Choose a reason.</errorMessage>
    </validationRules>
"""
_HOURS = """
    <businessHours>
        <active>true</active>
        <default>false</default>
        <fridayEndTime>17:00:00.000Z</fridayEndTime>
        <fridayStartTime>09:00:00.000Z</fridayStartTime>
        <mondayEndTime>17:00:00.000Z</mondayEndTime>
        <mondayStartTime>09:00:00.000Z</mondayStartTime>
        <name>SLA Hours</name>
        <timeZoneId>America/New_York</timeZoneId>
    </businessHours>
    <holidays>
        <activityDate>2026-11-26</activityDate>
        <businessHours>SLA Hours</businessHours>
        <isRecurring>false</isRecurring>
        <name>Thanksgiving 2026</name>
    </holidays>
"""
_RULES = """
    <assignmentRule>
        <fullName>SLA_Routing</fullName>
        <active>true</active>
        <ruleEntry>
            <assignedTo>ana@acme.example</assignedTo>
            <assignedToType>User</assignedToType>
            <booleanFilter>1 AND 2</booleanFilter>
            <criteriaItems><field>Lead.Country</field><operation>equals</operation><value>DE,FR</value></criteriaItems>
            <criteriaItems><field>Lead.NumberOfEmployees</field><operation>greaterOrEqual</operation><value>50</value></criteriaItems>
        </ruleEntry>
        <ruleEntry>
            <assignedTo>SLA_Overflow</assignedTo>
            <assignedToType>Queue</assignedToType>
        </ruleEntry>
    </assignmentRule>
"""
_ACCESS = """
    <customMetadataTypeAccesses><enabled>true</enabled><name>SLA_Threshold__mdt</name></customMetadataTypeAccesses>
    <customPermissions><enabled>true</enabled><name>SLA_Bypass_Gates</name></customPermissions>
    <fieldPermissions><editable>true</editable><field>SLA_Leg__c.Due_At__c</field><readable>true</readable></fieldPermissions>
    <label>SLA Rep</label>
    <objectPermissions>
        <allowCreate>false</allowCreate>
        <allowDelete>false</allowDelete>
        <allowEdit>true</allowEdit>
        <allowRead>true</allowRead>
        <modifyAllRecords>false</modifyAllRecords>
        <object>SLA_Leg__c</object>
        <viewAllRecords>false</viewAllRecords>
    </objectPermissions>
    <recordTypeVisibilities><recordType>Lead.SLA_Lead</recordType><visible>true</visible></recordTypeVisibilities>
"""
_REPORT = """
    <aggregates>
        <calculatedFormula>SLA_Leg__c.Cycle__c:SUM/RowCount</calculatedFormula>
        <datatype>percent</datatype>
        <developerName>FORMULA1</developerName>
        <isActive>true</isActive>
        <masterLabel>Share</masterLabel>
        <scale>2</scale>
    </aggregates>
    <columns><field>SLA_Leg__c$Name</field></columns>
    <columns><field>SLA_Leg__c$Lead__c.Status</field></columns>
    <filter>
        <criteriaItems><column>SLA_Leg__c$Cycle__c</column><operator>greaterThan</operator><value>0</value></criteriaItems>
    </filter>
    <format>Summary</format>
    <groupingsDown><field>SLA_Leg__c$Priority__c</field><sortOrder>Asc</sortOrder></groupingsDown>
    <name>SLA attainment</name>
    <reportType>SLA_Legs__c</reportType>
    <scope>organization</scope>
"""
_KIND = """
    <baseObject>SLA_Leg__c</baseObject>
    <category>other</category>
    <deployed>true</deployed>
    <label>SLA Assignments</label>
    <sections>
        <columns><checkedByDefault>true</checkedByDefault><field>Name</field><table>SLA_Leg__c</table></columns>
        <columns><checkedByDefault>false</checkedByDefault><field>Owner</field><table>SLA_Leg__c</table></columns>
        <columns><checkedByDefault>true</checkedByDefault><field>Cycle__c</field><table>SLA_Leg__c</table></columns>
        <columns><checkedByDefault>true</checkedByDefault><field>Priority__c</field><table>SLA_Leg__c</table></columns>
        <columns><checkedByDefault>false</checkedByDefault><field>Lead__c.Status</field><table>SLA_Leg__c</table></columns>
        <masterLabel>SLA Assignments</masterLabel>
    </sections>
"""
_DASHBOARD = """
    <backgroundEndColor>#FFFFFF</backgroundEndColor>
    <backgroundFadeDirection>Diagonal</backgroundFadeDirection>
    <backgroundStartColor>#FFFFFF</backgroundStartColor>
    <dashboardGridLayout>
        <dashboardGridComponents>
            <colSpan>6</colSpan>
            <columnIndex>0</columnIndex>
            <dashboardComponent>
                <componentType>Bar</componentType>
                <groupingColumn>SLA_Leg__c$Priority__c</groupingColumn>
                <header>Attainment</header>
                <report>SLA_Sync/SLA_Attainment</report>
            </dashboardComponent>
            <rowIndex>0</rowIndex>
            <rowSpan>8</rowSpan>
        </dashboardGridComponents>
        <numberOfColumns>12</numberOfColumns>
        <rowHeight>36</rowHeight>
    </dashboardGridLayout>
    <dashboardType>LoggedInUser</dashboardType>
    <isGridLayout>true</isGridLayout>
    <textColor>#000000</textColor>
    <title>SLA Health</title>
    <titleColor>#000000</titleColor>
    <titleSize>12</titleSize>
"""
_FLOW = """
    <apiVersion>63.0</apiVersion>
    <label>SLA stamps</label>
    <processType>AutoLaunchedFlow</processType>
    <recordUpdates>
        <name>Stamp_Lead</name>
        <label>Stamp lead</label>
        <locationX>0</locationX>
        <locationY>0</locationY>
        <filterLogic>and</filterLogic>
        <filters><field>Id</field><operator>EqualTo</operator><value><elementReference>$Record.Lead__c</elementReference></value></filters>
        <inputAssignments><field>SLA_Due_At__c</field><value><elementReference>$Record.Due_At__c</elementReference></value></inputAssignments>
        <object>Lead</object>
    </recordUpdates>
    <start>
        <locationX>0</locationX>
        <locationY>0</locationY>
        <connector><targetReference>Stamp_Lead</targetReference></connector>
        <object>SLA_Leg__c</object>
        <recordTriggerType>CreateAndUpdate</recordTriggerType>
        <triggerType>RecordAfterSave</triggerType>
    </start>
    <status>Active</status>
"""

MEMBERS: dict[str, list[str]] = {
    "CustomObject": ["Lead", "SLA_Leg__c", "SLA_Switch__c", "SLA_Threshold__mdt"],
    "CustomMetadata": ["SLA_Threshold.First_Response_hot"],
    "Queue": ["SLA_Overflow"],
    "Group": ["SLA_Role_Manager"],
    "AssignmentRules": ["Lead"],
    "Settings": ["BusinessHours"],
    "LeadConvertSettings": ["LeadConvertSettings"],
    "CustomNotificationType": ["SLA_Notice"],
    "CustomPermission": ["SLA_Bypass_Gates"],
    "PermissionSet": ["SLA_Rep"],
    "ReportType": ["SLA_Legs"],
    "Report": ["SLA_Sync", "SLA_Sync/SLA_Attainment"],
    "Dashboard": ["SLA_Sync", "SLA_Sync/SLA_Health"],
    "EmailTemplate": ["SLA_Sync", "SLA_Sync/SLA_Breach"],
    "Workflow": ["Lead"],
    "Flow": ["SLA_Leg_Stamps"],
}


def whole() -> Files:
    """Return the valid package, path by path."""
    metadata = f"<CustomMetadata {_XSI} xmlns"
    row = (
        "<label>First response hot</label><protected>false</protected><values><field>Minutes__c</field>"
        '<value xsi:type="xsd:double">60.0</value></values>'
    )
    return {
        "package.xml": manifest(MEMBERS),
        LEG: document("CustomObject", _LEG),
        THRESHOLD: document(
            "CustomObject",
            field(
                "Minutes__c",
                "<fieldManageability>DeveloperControlled</fieldManageability><precision>18</precision><scale>4</scale>"
                "<type>Number</type>",
            )
            + "<label>SLA Threshold</label><pluralLabel>SLA Thresholds</pluralLabel><visibility>Public</visibility>",
        ),
        SWITCH: document(
            "CustomObject",
            "<customSettingsType>Hierarchy</customSettingsType>"
            + field("Silent__c", "<defaultValue>false</defaultValue><type>Checkbox</type>")
            + "<label>SLA Switch</label><visibility>Public</visibility>",
        ),
        LEAD: document("CustomObject", _LEAD),
        ROW: document("CustomMetadata", row).replace("<CustomMetadata xmlns", metadata),
        QUEUE: document(
            "Queue",
            "<doesSendEmailToMembers>false</doesSendEmailToMembers><name>SLA Overflow</name><queueMembers><users>"
            "<user>ana@acme.example</user><user>ben@acme.example</user></users></queueMembers>"
            "<queueSobject><sobjectType>Lead</sobjectType></queueSobject>"
            "<queueSobject><sobjectType>SLA_Leg__c</sobjectType></queueSobject>",
        ),
        GROUP: document("Group", "<doesIncludeBosses>false</doesIncludeBosses><name>SLA Managers</name>"),
        RULES: document("AssignmentRules", _RULES),
        HOURS: document("BusinessHoursSettings", _HOURS),
        CONVERSION: document(
            "LeadConvertSettings",
            "<allowOwnerChange>true</allowOwnerChange><objectMapping><inputObject>Lead</inputObject><mappingFields>"
            "<inputField>Title</inputField><outputField>Title</outputField></mappingFields>"
            "<outputObject>Contact</outputObject></objectMapping>",
        ),
        NOTICE: document(
            "CustomNotificationType",
            "<customNotifTypeName>SLA_Notice</customNotifTypeName><desktop>true</desktop>"
            "<masterLabel>SLA Notice</masterLabel><mobile>true</mobile>",
        ),
        PERMISSION: document("CustomPermission", "<isLicensed>false</isLicensed><label>SLA Bypass Gates</label>"),
        ACCESS: document("PermissionSet", _ACCESS),
        KIND: document("ReportType", _KIND),
        "reports/SLA_Sync-meta.xml": document("ReportFolder", "<name>SLA Sync</name>"),
        REPORT: document("Report", _REPORT),
        "dashboards/SLA_Sync-meta.xml": document("DashboardFolder", "<name>SLA Sync</name>"),
        DASHBOARD: document("Dashboard", _DASHBOARD),
        "email/SLA_Sync-meta.xml": document("EmailFolder", "<name>SLA Sync</name>"),
        TEMPLATE: "The lead {!Lead.Name} passed its deadline.",
        f"{TEMPLATE}-meta.xml": document(
            "EmailTemplate",
            "<available>true</available><encodingKey>UTF-8</encodingKey><name>SLA Breach</name><style>none</style>"
            "<subject>SLA breach</subject><type>text</type>",
        ),
        ALERTS: document(
            "Workflow",
            "<alerts><fullName>SLA_Breach</fullName><description>SLA breach</description><protected>false</protected>"
            "<recipients><type>owner</type></recipients><template>SLA_Sync/SLA_Breach</template></alerts>",
        ),
        FLOW: document("Flow", _FLOW),
    }
