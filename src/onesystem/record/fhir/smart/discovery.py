"""What this authorisation server does, told where clients look for it. True to what is here."""

from typing import Any

import orjson

from onesystem.record.fhir.asks import Answer, Ask
from onesystem.record.fhir.smart.places import issuer_of, origin_of

CAPABILITIES = (
    "launch-ehr", "launch-standalone", "authorize-post", "client-public",
    "client-confidential-symmetric", "client-confidential-asymmetric", "sso-openid-connect",
    "context-banner", "context-ehr-patient", "context-standalone-patient",
    "permission-offline", "permission-patient", "permission-user", "permission-v1",
    "permission-v2",
)  # fmt: skip
SCOPES = (
    "openid", "fhirUser", "profile", "launch", "launch/patient", "offline_access",
    "patient/*.cruds", "user/*.cruds", "system/*.cruds",
)  # fmt: skip


def smart(origin: str) -> dict[str, Any]:
    """/.well-known/smart-configuration."""
    at = issuer_of(origin)
    return {
        "issuer": at,
        "jwks_uri": f"{at}/jwks.json",
        "authorization_endpoint": f"{at}/authorize",
        "token_endpoint": f"{at}/token",
        "introspection_endpoint": f"{at}/introspect",
        "revocation_endpoint": f"{at}/revoke",
        "management_endpoint": f"{origin}/account/apps/",
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "private_key_jwt", "none"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS384", "ES384"],
        "scopes_supported": list(SCOPES),
        "capabilities": list(CAPABILITIES),
    }


def openid(origin: str) -> dict[str, Any]:
    """/oauth/.well-known/openid-configuration."""
    made = smart(origin)
    del made["capabilities"], made["management_endpoint"]
    return made | {
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "fhirUser",
                             "name"],
        "scopes_supported": ["openid", "fhirUser", "profile", "offline_access"],
    }  # fmt: skip


def configuration(ask: Ask) -> Answer:
    """GET .well-known/smart-configuration under the FHIR base. Needs no token."""
    body = orjson.dumps(smart(origin_of(ask.base)))
    return Answer(200, body, {"Content-Type": "application/json", "Cache-Control": "max-age=300"})


def addresses(base: str) -> dict[str, Any]:
    """The extension of a CapabilityStatement by which older clients find the endpoints."""
    at = issuer_of(origin_of(base))
    return {
        "url": "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
        "extension": [
            {"url": name, "valueUri": f"{at}/{name}"}
            for name in ("authorize", "token", "introspect", "revoke")
        ],
    }
