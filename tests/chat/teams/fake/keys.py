"""Whose word counts: the key by which the connector signs, and the tokens that it takes itself."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from functools import cache

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from bot.clock import WallClock
from tests.chat.teams.fake.names import BOT, ISSUER, Json

#: How long a token is good, in seconds.
GOOD_FOR = 3600


@cache
def private_key(name: str) -> RSAPrivateKey:
    """A key of this name: made once, for making one takes a tenth of a second."""
    return generate_private_key(65537, 2048)


@dataclass
class Keys:
    """The published keys by their `kid`, and the tokens that were given out."""

    published: list[str] = field(default_factory=lambda: ["k1"])
    endorsements: tuple[str, ...] = ("msteams",)
    given: set[str] = field(default_factory=set)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def public(self) -> Json:
        """The key set as it is published."""
        return {"keys": [self._shown(kid) for kid in self.published]}

    def renew(self, kid: str) -> None:
        """Sign with another key from now on; the older ones are still published."""
        self.published.append(kid)

    def signed(self, service: str, *, key: str = "", kid: str = "", **claims: object) -> str:
        """A token as it comes with an activity; claims that are None are left out."""
        now = _now()
        name = kid or self.published[-1]
        usual = {"iss": ISSUER, "aud": BOT, "iat": now - 5, "nbf": now - 5, "exp": now + GOOD_FOR}
        said = {k: v for k, v in (usual | {"serviceurl": service} | claims).items() if v is not None}
        return jwt.encode(said, private_key(key or name), algorithm="RS256", headers={"kid": name})

    def give(self, audience: str = ISSUER) -> Json:
        """Give out a token for calls to the connector."""
        said = {"aud": audience, "appid": BOT, "exp": _now() + GOOD_FOR, "n": next(self._numbers)}
        token = jwt.encode(said, private_key(self.published[0]), algorithm="RS256")
        self.given.add(token)
        return {"access_token": token, "token_type": "Bearer", "expires_in": GOOD_FOR}

    def _shown(self, kid: str) -> Json:
        shown: Json = json.loads(RSAAlgorithm.to_jwk(private_key(kid).public_key()))
        return shown | {"kid": kid, "use": "sig", "alg": "RS256", "endorsements": list(self.endorsements)}


def _now() -> int:
    # tokens are looked at by the machine's clock, whatever day the clinic of a test has
    return int(WallClock().now().timestamp())
