"""Signing in by OAuth: a signed assertion, an app's own credentials, or a refresh token traded for a session.

The secrets are the simulator's own and stand here for everybody to read: they open nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from pathlib import Path

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import load_pem_x509_certificate
from werkzeug.wrappers import Request, Response

from sla_sync_salesforce.simulator import stock
from sla_sync_salesforce.simulator.api.rest import answer
from sla_sync_salesforce.simulator.desk import Desk

CLIENT_ID = "3MVG9simulator_sla_sync"
CLIENT_SECRET = "simulator-client-secret"  # noqa: S105 - opens the simulator only
PASSWORD, SECURITY_TOKEN = "simulator-password", "simulatorSecurityToken"
KEY_FILE, CERTIFICATE_FILE = "connected_app.key", "connected_app.crt"
"""In the data folder: the key that `private_key` makes, and the certificate (or public key) that the app knows."""

_HOSTS = ("https://login.salesforce.com", "https://test.salesforce.com")
_ASSERTION = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_KEY_SIZE = 2048


class _DeniedError(Exception):
    """Signing in is refused; OAuth answers with a word and a sentence."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


def private_key(data: Path) -> str:
    """Return the key whose certificate the app knows, in PEM format; made when it is first asked for."""
    path = data / KEY_FILE
    if not path.exists():
        key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_SIZE)
        path.touch(mode=0o600)
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        (data / CERTIFICATE_FILE).write_bytes(public)
    return path.read_text("ascii")


def token(desk: Desk, request: Request) -> Response:
    """Answer a request for a session."""
    if request.mimetype != "application/x-www-form-urlencoded":
        return _denied(_DeniedError("unsupported_grant_type", "grant type not supported"))
    form = request.form.to_dict()
    try:
        grant = _GRANTS.get(form.get("grant_type", ""))
        if grant is None:
            raise _DeniedError("unsupported_grant_type", "grant type not supported")
        username = grant(desk, request, form)
        user = next((each for each in desk.organization.users if each.username == username), None)
        if user is None:
            raise _DeniedError("invalid_grant", "user hasn't approved this consumer")
        if not user.active:
            raise _DeniedError("invalid_grant", "inactive user")
    except _DeniedError as error:
        return _denied(error)
    session = desk.sessions.start(username)
    identity = f"{desk.url}/id/{desk.organization.id}/{user.id}"
    issued = str(int(desk.organization.now.timestamp() * 1000))
    signed = hmac.new(CLIENT_SECRET.encode(), f"{identity}{issued}".encode(), hashlib.sha256).digest()
    content = {
        "access_token": session,
        "instance_url": desk.url,
        "id": identity,
        "token_type": "Bearer",
        "issued_at": issued,
        "signature": base64.b64encode(signed).decode("ascii"),
        "scope": "api",
    }
    return answer(content)


def revoke(desk: Desk, request: Request) -> Response:
    """End the session or the refresh token that is given."""
    given = request.values.get("token", "")
    if desk.sessions.username(given) is None and desk.sessions.refreshed(given) is None:
        return _denied(_DeniedError("invalid_token", "the token is not one of this org"))
    desk.sessions.close(given)
    return Response(status=200)


def _by_assertion(desk: Desk, request: Request, form: Mapping[str, str]) -> str:
    path = desk.data / CERTIFICATE_FILE
    if not path.exists():
        raise _DeniedError("invalid_client", "the app knows no certificate")
    try:
        claims = jwt.decode(
            form.get("assertion", ""),
            _public_key(path.read_bytes()),
            algorithms=["RS256"],
            audience=[*_HOSTS, desk.url, request.host_url.rstrip("/")],
            options={"require": ["iss", "sub", "aud", "exp"]},
        )
    except jwt.ExpiredSignatureError:
        raise _DeniedError("invalid_grant", "expired authorization code") from None
    except jwt.InvalidAudienceError:
        raise _DeniedError("invalid_grant", "audience is invalid") from None
    except jwt.PyJWTError:
        raise _DeniedError("invalid_grant", "invalid assertion") from None
    if claims["iss"] != CLIENT_ID:
        raise _DeniedError("invalid_client_id", "client identifier invalid")
    return str(claims["sub"])


def _public_key(content: bytes) -> rsa.RSAPublicKey:
    key: object = (
        load_pem_x509_certificate(content).public_key()
        if b"BEGIN CERTIFICATE" in content
        else serialization.load_pem_public_key(content)
    )
    if not isinstance(key, rsa.RSAPublicKey):
        raise _DeniedError("invalid_client", "the certificate of the app holds no RSA key")
    return key


def _by_credentials(_desk: Desk, request: Request, form: Mapping[str, str]) -> str:
    _check_client(request, form, secret_needed=True)
    # Documented: the app acts as the user whom its policies name.
    return stock.INTEGRATION


def _by_refresh(desk: Desk, request: Request, form: Mapping[str, str]) -> str:
    _check_client(request, form, secret_needed=False)
    username = desk.sessions.refreshed(form.get("refresh_token", ""))
    if username is None:
        raise _DeniedError("invalid_grant", "expired access/refresh token")
    return username


def _check_client(request: Request, form: Mapping[str, str], *, secret_needed: bool) -> None:
    basic = request.authorization
    identity = form.get("client_id") or (basic.username if basic else None)
    secret = form.get("client_secret") or (basic.password if basic else None)
    if identity != CLIENT_ID:
        raise _DeniedError("invalid_client_id", "client identifier invalid")
    if (secret_needed or secret is not None) and not hmac.compare_digest(secret or "", CLIENT_SECRET):
        raise _DeniedError("invalid_client", "invalid client credentials")


def _denied(error: _DeniedError) -> Response:
    return answer({"error": error.error, "error_description": error.description}, 400)


_GRANTS: Mapping[str, Callable[[Desk, Request, Mapping[str, str]], str]] = {
    _ASSERTION: _by_assertion,
    "client_credentials": _by_credentials,
    "refresh_token": _by_refresh,
}
