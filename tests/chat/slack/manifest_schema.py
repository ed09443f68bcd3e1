"""What Slack takes as an app manifest, of the part that Bookend uses: names, lengths and forms by
docs.slack.dev/reference/app-manifest. Whatever is not here is refused, too.
"""

from typing import Any

Schema = dict[str, Any]


def text(most: int, least: int = 1, **more: str) -> Schema:
    return {"type": "string", "minLength": least, "maxLength": most, **more}


def thing(required: str, **properties: Schema) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required.split(),
        "properties": properties,
    }


def several(items: Schema, most: int) -> Schema:
    return {"type": "array", "items": items, "minItems": 1, "maxItems": most, "uniqueItems": True}


YES_OR_NO: Schema = {"type": "boolean"}
ADDRESS = text(3000, pattern="^https://")

DISPLAY = thing(
    "name",
    name=text(35),
    description=text(140),
    long_description=text(4000, 175),
    background_color=text(7, 4, pattern="^#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$"),
)
APP_HOME = thing(
    "",
    home_tab_enabled=YES_OR_NO,
    messages_tab_enabled=YES_OR_NO,
    messages_tab_read_only_enabled=YES_OR_NO,
)
SHORTCUT = thing(
    "name type callback_id description",
    name=text(24),
    type={"enum": ["message", "global"]},
    callback_id=text(255),
    description=text(150),
)
SLASH_COMMAND = thing(
    "command description",
    command=text(32, 2, pattern="^/"),
    description=text(2000),
    usage_hint=text(1000),
    should_escape=YES_OR_NO,
    url=ADDRESS,
)
FEATURES = thing(
    "",
    app_home=APP_HOME,
    bot_user=thing("display_name", display_name=text(80), always_online=YES_OR_NO),
    shortcuts=several(SHORTCUT, 5),
    slash_commands=several(SLASH_COMMAND, 50),
)
SETTINGS = thing(
    "",
    event_subscriptions=thing("", request_url=ADDRESS, bot_events=several(text(50), 100)),
    interactivity=thing("is_enabled", is_enabled=YES_OR_NO, request_url=ADDRESS),
    org_deploy_enabled=YES_OR_NO,
    socket_mode_enabled=YES_OR_NO,
    token_rotation_enabled=YES_OR_NO,
)
MANIFEST = thing(
    "display_information",
    display_information=DISPLAY,
    features=FEATURES,
    oauth_config=thing("", scopes=thing("", bot=several(text(50), 255))),
    settings=SETTINGS,
)
