"""Who knocks: only Microsoft, by a token that it signed for our bot, and only for our own tenant in Teams.

Microsoft's TokenValidator holds signature, issuer, audience, time and service address against the token, and
here is added what it lets pass: a token that never ends, or names no service; keys for other channels, over
which anybody may say to be anybody (Direct Line, Web Chat, the same issuer and audience); other tenants. Its
way for tokens of Entra is not gone at all: it fetches keys from where an unsigned token says.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import jwt

from bot.chat.teams.calling.hosts import allowed
from bot.chat.teams.reaching.activity import Json
from bot.chat.teams.reaching.keys import Keys
from bot.chat.teams.reaching.normal import tenants
from bot.chat.teams.sdk import PUBLIC, JwtValidationOptions, TokenValidator, hushed
from bot.chat.teams.settings import TeamsSettings

_SCHEME = "Bearer "
_METADATA = "/openidconfiguration"
#: What is wrong with a token that Microsoft did sign, in the words of whoever sets Bookend up.
_WHY: Mapping[type[Exception], str] = MappingProxyType(
    {
        jwt.InvalidAudienceError: "its token is for another bot than BOOKEND_TEAMS_CLIENT_ID",
        jwt.ExpiredSignatureError: "its token is over, or the clock of this machine is wrong",
        jwt.ImmatureSignatureError: "its token is not good yet, or the clock of this machine is wrong",
    }
)


class Signatures(TokenValidator):
    """Microsoft's validator with keys that are there already: it waits for nothing."""

    def __init__(self, options: JwtValidationOptions) -> None:
        super().__init__(options)
        self.keys = self._jwks_client = Keys(options.jwks_uri)


class Inbound:
    """Says of a request who it is from; without `signatures` it believes everybody, for a test client."""

    def __init__(self, settings: TeamsSettings, signatures: Signatures | None) -> None:
        self._settings = settings
        self._signatures = signatures

    def start(self) -> None:
        """Fetch Microsoft's keys from now on."""
        if self._signatures:
            self._signatures.keys.start()

    async def stop(self) -> None:
        """Fetch them no more."""
        if self._signatures:
            await self._signatures.keys.stop()

    def bears(self, authorization: str) -> bool:
        """Say whether there is a token at all, before anything else is looked at."""
        return self._signatures is None or authorization.startswith(_SCHEME)

    async def check(self, authorization: str, body: object) -> str:
        """Return why Microsoft did not sign this for us, in words without anything of it; "" if it did."""
        if self._signatures is None:
            return ""
        token = authorization.removeprefix(_SCHEME)
        try:
            key = await self._signatures.keys.known(str(jwt.get_unverified_header(token).get("kid", "")))
            if key is None or not key.endorsed:
                return "its key is none that signs for Teams"
            claims = await self._signatures.validate_token(token, _service(body))
        except Exception as wrong:
            # besides PyJWT's own: nesting without end, an address that is no text, a time beyond all numbers
            return _WHY.get(type(wrong), f"its token is not good ({type(wrong).__name__})")
        whole = claims.get("exp") and claims.get("serviceurl")
        return "" if whole else "its token never ends, or names no service"

    def stranger(self, body: Json) -> str:
        """Return why something genuine is none of ours; "" if it is."""
        if body.get("channelId") != "msteams":
            return "it came over another channel than Teams"
        if tenants(body) != {self._settings.tenant_id}:
            return "it is of another tenant than BOOKEND_TEAMS_TENANT_ID"
        if not allowed(_service(body), self._settings.service_url):
            return "its service address is not Microsoft's"
        return ""


def inbound(settings: TeamsSettings, *, metadata_url: str = "", issuer: str = "") -> Inbound:
    """Return who is let in; a test has keys and an issuer of its own."""
    hushed()
    if settings.unauthenticated:
        return Inbound(settings, None)
    options = JwtValidationOptions(
        valid_issuers=[issuer or PUBLIC.token_issuer],
        valid_audiences=[settings.client_id],
        jwks_uri=(metadata_url or PUBLIC.openid_metadata_url).removesuffix(_METADATA) + "/keys",
    )
    return Inbound(settings, Signatures(options))


def _service(body: object) -> str:
    said = body.get("serviceUrl") if isinstance(body, dict) else None
    return said if isinstance(said, str) else ""
