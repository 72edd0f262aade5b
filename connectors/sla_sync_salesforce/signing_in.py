"""Signing in: the ways to come by a session of an org.

A session that was come by like this can be had again when it has ended; one that was handed to us cannot.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests

from sla_sync.connector import (
    LONGEST_PAUSE,
    LOOPBACK,
    FaultError,
    PlatformError,
    SlaSyncError,
    UnauthorizedError,
    UnreachableError,
    asked_pause,
    is_token,
)
from sla_sync.connector.bounded import BoundedAdapter
from sla_sync_salesforce.failures import read_answer, to_error, translated, without
from sla_sync_salesforce.hosts import refuse_foreign
from sla_sync_salesforce.markup import escape, read_xml
from sla_sync_salesforce.options import SalesforceAuth, SalesforceOptions

PRODUCTION_LOGIN, SANDBOX_LOGIN = "https://login.salesforce.com", "https://test.salesforce.com"
CONNECT_SECONDS, SIGN_IN_SECONDS = 10.0, 60.0
RETRY_SECONDS = (0.25, 1.0)
"""Waits before the second and the third attempt."""
_ASSERTION_LASTS = timedelta(minutes=3)
"""Longer ones are refused (Salesforce Help, "OAuth 2.0 JWT Bearer Flow")."""
_CLI = "sf"
_CLI_SECONDS = 60.0
_PARTNER = "urn:partner.soap.sforce.com"
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_OAUTH = "/services/oauth2/token"

# What the platform says when it does not let somebody in → what a person can do about it.
_CURES: Sequence[tuple[str, str]] = (
    (
        "hasn't approved this consumer",
        "Pre-authorise the user: set the app to «Admin approved users are pre-authorized» and give it a profile of theirs.",
    ),
    ("audience is invalid", "Set login_url of auth to the address where this org signs in."),
    ("invalid assertion", "Check that the private key belongs to the certificate that was uploaded to the app."),
    ("expired authorization code", "Set the clock of this machine: the assertion lasts for three minutes."),
    ("no client credentials user", "Name a user under «Run As» in the app's client-credentials flow."),
    ("not supported on this domain", "Use the org's own address (My Domain) for client credentials."),
    ("rate exceeded", "Wait an hour: this user signed in too often."),
    ("ip restricted", "Allow this machine's address in the profile of the user, or relax it in the app's policies."),
    ("invalid_client", "Check the consumer key and the secret; a new app is known only after some ten minutes."),
    ("inactive_user", "Activate the user in Setup > Users."),
    ("inactive_org", "Look in Setup > Company Information why this org is locked."),
    ("invalid_app_access", "Give the user access to the app: Setup > the app > Policies."),
    ("unsupported_grant_type", "Switch this flow on in the app's OAuth settings."),
    ("must_use_security_token", "Append the user's security token: name its variable as security_token of auth."),
    ("soap api login() is disabled", "Use the method jwt or client_credentials: this org refuses this way."),
    ("invalid_login", "Check the user name, the password and the security token, which a new password replaces."),
    ("invalid_grant", "Check the user name, and that the user is active and allowed to use the app."),
)


def renews(options: SalesforceOptions) -> bool:
    """Return whether a session that ended can be had again."""
    return options.auth is not None and options.auth.method not in {"session", "token"}


def secrets_of(options: SalesforceOptions) -> frozenset[str]:
    """Return everything that no message may show."""
    auth = options.auth
    held = (
        (auth.token, auth.consumer_secret, auth.private_key, auth.password, auth.security_token, auth.consumer_key)
        if auth
        else ()
    )
    return frozenset(each.get_secret_value() for each in (options.token, *held) if each is not None)


def sign_in(
    options: SalesforceOptions,
    *,
    target: str,
    environ: Mapping[str, str],
    now: Callable[[], datetime] | None = None,
    pause: Callable[[float], None] | None = None,
) -> str:
    """Return the token of a session; where a `pause` is given, what passes is tried again after one.

    Raises SlaSyncError where a secret would go to a foreign host or the session is of another org, UnauthorizedError
    where the org does not let this user in; no message shows a secret.
    """
    refuse_foreign(options.url, what="address", target=target, environ=environ)
    auth = options.auth
    if auth is None:
        return _secret(options.token)
    if auth.method in {"session", "token"}:
        return _secret(auth.token)
    login = login_host(options)
    refuse_foreign(login, what="login host", target=target, environ=environ)
    waits = list(RETRY_SECONDS) if pause else []
    while True:
        asked: float | None = None
        try:
            with translated(f"the sign-in by {auth.method}", target=target, secrets=secrets_of(options)):
                try:
                    token, instance = _WAYS[auth.method](auth, login, options, now or _wall_clock)
                except _NotLetInError as refused:
                    asked = asked_pause(refused.response.headers)
                    answer = read_answer(refused.response)
                    raise to_error(answer, target=urlsplit(login).netloc, call=refused.call) from None
            break
        except PlatformError as error:
            too_long = asked is not None and asked > LONGEST_PAUSE
            if pause is None or not waits or too_long or not _may_pass(error):
                cured = type(error)(error.message, call=error.call, status=error.status, hint=_cure(error))
                raise without(secrets_of(options), cured) from None
            usual = waits.pop(0)
            pause(asked or usual)
    if _place(instance) != _place(options.url):
        raise SlaSyncError(
            f"Target '{target}' is at {options.url}, and the sign-in led to {instance}: another org.",
            hint="Correct the url of the target, or the user that signs in.",
        )
    return token


def login_host(options: SalesforceOptions) -> str:
    """Return where an org signs in: as the target says, or the usual place for such an address."""
    if options.auth is not None and options.auth.login_url:
        return options.auth.login_url
    host = urlsplit(options.url).hostname or ""
    if host in LOOPBACK or (options.auth is not None and options.auth.method == "client_credentials"):
        return options.url  # this flow is served by the org's own address only
    # My Domain addresses of sandboxes hold this word (Salesforce Help, "My Domain URL Formats").
    return SANDBOX_LOGIN if ".sandbox." in host else PRODUCTION_LOGIN


def _wall_clock() -> datetime:
    return datetime.now(UTC)


def _secret(value: Any) -> str:
    return value.get_secret_value() if value is not None else ""


def _place(url: str) -> tuple[str, int | None]:
    parts = urlsplit(url)
    return (parts.hostname or "").lower(), parts.port or {"https": 443, "http": 80}.get(parts.scheme)


def _cure(error: PlatformError) -> str:
    if not isinstance(error, UnauthorizedError):
        return error.hint
    said = error.message.lower()
    return next((cure for words, cure in _CURES if words in said), error.hint)


def _may_pass(error: PlatformError) -> bool:
    """Return whether the same sign-in may succeed a moment later; it changes nothing, so that it may be tried again."""
    if isinstance(error, UnreachableError):
        return not isinstance(error.__context__, requests.exceptions.SSLError)
    if error.status == requests.codes.too_many_requests:
        return True
    return isinstance(error, FaultError) and (error.status or 0) >= requests.codes.internal_server_error


class _NotLetInError(Exception):
    """A refusal of a sign-in, and the call that met it."""

    def __init__(self, response: requests.Response, call: str) -> None:
        super().__init__(response.status_code)
        self.response, self.call = response, call


def _post(url: str, options: SalesforceOptions, *, data: Any, headers: Mapping[str, str]) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = urlsplit(url).hostname not in LOOPBACK
        session.mount(f"{urlsplit(url).scheme}://", BoundedAdapter())
        return session.post(
            url,
            data=data,
            headers=dict(headers),
            timeout=(min(CONNECT_SECONDS, options.timeout), min(SIGN_IN_SECONDS, options.timeout)),
            allow_redirects=False,  # a redirect would carry the secret to another host
            verify=str(options.ca) if options.ca else True,
        )


def _token_answer(login: str, options: SalesforceOptions, form: Mapping[str, str]) -> tuple[str, str]:
    response = _post(f"{login}{_OAUTH}", options, data=dict(form), headers={"Accept": "application/json"})
    call = f"POST {_OAUTH}"
    if not response.ok or response.is_redirect:
        raise _NotLetInError(response, call)
    found = response.json()
    if not isinstance(found, dict) or not is_token(found.get("access_token")) or not found.get("instance_url"):
        raise FaultError("The answer to the sign-in names no session and no org.", call=call)
    return str(found["access_token"]), str(found["instance_url"])


def _jwt(auth: SalesforceAuth, login: str, options: SalesforceOptions, now: Callable[[], datetime]) -> tuple[str, str]:
    import jwt

    claims = {
        "iss": _secret(auth.consumer_key),
        "sub": _secret(auth.username),
        "aud": login,
        "exp": int((now() + _ASSERTION_LASTS).timestamp()),
    }
    # Systems that keep secrets in one line write the ends of lines as two characters.
    key = _secret(auth.private_key).replace("\\n", "\n")
    try:
        assertion = jwt.encode(claims, key, algorithm="RS256")
    except (ValueError, TypeError, jwt.PyJWTError):
        raise SlaSyncError(
            "The private key of the target is no RSA key in PEM format.",
            hint="Put the whole file, from BEGIN to END, into the environment variable that private_key names.",
        ) from None
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}
    return _token_answer(login, options, form)


def _client_credentials(
    auth: SalesforceAuth, login: str, options: SalesforceOptions, _now: Callable[[], datetime]
) -> tuple[str, str]:
    form = {
        "grant_type": "client_credentials",
        "client_id": _secret(auth.consumer_key),
        "client_secret": _secret(auth.consumer_secret),
    }
    return _token_answer(login, options, form)


def _password(
    auth: SalesforceAuth, login: str, options: SalesforceOptions, _now: Callable[[], datetime]
) -> tuple[str, str]:
    """Sign in by the SOAP API, where the security token follows the password without a blank between."""
    password = _secret(auth.password) + _secret(auth.security_token)
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="{_SOAP}" xmlns="{_PARTNER}">'
        f"<soapenv:Body><login><username>{escape(_secret(auth.username))}</username>"
        f"<password>{escape(password)}</password></login></soapenv:Body></soapenv:Envelope>"
    )
    path = f"/services/Soap/u/{options.api_version}"
    headers = {"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": '""'}
    response = _post(f"{login}{path}", options, data=body.encode(), headers=headers)
    if not response.ok or response.is_redirect:
        raise _NotLetInError(response, f"login at {path}")
    root = read_xml(response.content)
    session, server = root.findtext(f".//{{{_PARTNER}}}sessionId"), root.findtext(f".//{{{_PARTNER}}}serverUrl")
    if not is_token(session) or not session or not server:
        raise FaultError("The answer to the login names no session and no server.", call=f"login at {path}")
    parts = urlsplit(server)
    return session, f"{parts.scheme}://{parts.netloc}"


def _cli(
    auth: SalesforceAuth, _login: str, _options: SalesforceOptions, _now: Callable[[], datetime]
) -> tuple[str, str]:
    """Ask the Salesforce CLI, which keeps its own sessions and renews them, for the session of an alias."""
    program = shutil.which(_CLI)
    if program is None:
        raise SlaSyncError(
            f"The Salesforce CLI ({_CLI}) is not on the PATH, and the target signs in by it.",
            hint="Install it, or choose another method of auth.",
        )
    alias = auth.alias or ""
    try:
        # No shell, a program found on the PATH, and an alias that cannot be taken for an option.
        ran = subprocess.run(  # noqa: S603
            [program, "org", "display", "--json", "--target-org", alias],
            capture_output=True,
            timeout=_CLI_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SlaSyncError(
            f"The Salesforce CLI did not answer within {_CLI_SECONDS:g} seconds.",
            hint=f"Run {_CLI} org display --target-org {alias} yourself and see what it waits for.",
        ) from None
    try:
        told = json.loads(ran.stdout.decode("utf-8", "replace"))
    except ValueError:
        told = None
    result = told.get("result") if isinstance(told, dict) else None
    if isinstance(told, dict) and ran.returncode:
        raise UnauthorizedError(
            f"The Salesforce CLI has no session for {alias}: {told.get('message') or told.get('name')}",
            hint=f"Run {_CLI} org login web --alias {alias}.",
        )
    token = result.get("accessToken") if isinstance(result, dict) else None
    instance = result.get("instanceUrl") if isinstance(result, dict) else None
    # Versions that keep the token to themselves write a word in brackets, or a sentence, in its place.
    if not isinstance(token, str) or not isinstance(instance, str) or not (token.startswith("00D") and is_token(token)):
        raise SlaSyncError(
            f"The Salesforce CLI answered for {alias} in a shape that is not known here.",
            hint="Choose another method of auth, or name the variable of an access token.",
        )
    return token, instance


_Way = Callable[[SalesforceAuth, str, SalesforceOptions, Callable[[], datetime]], tuple[str, str]]
_WAYS: Mapping[str, _Way] = {
    "jwt": _jwt,
    "client_credentials": _client_credentials,
    "password": _password,
    "cli": _cli,
}
