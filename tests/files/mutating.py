"""Playbooks with something wrong in them: text and tree changed at random, as a slip or an editor would."""

from collections.abc import Callable, Iterator
from random import Random

import yaml

#: What may stand where something else stood.
ODD = (
    *(
        "",
        "null",
        "~",
        "yes",
        "no",
        "true",
        "0",
        "-1",
        "1",
        "7",
        "9999",
        "99999",
        "999999999",
        "1e309",
        "0.5",
        ".5",
    ),
    *(
        "123456789012345678901234567890",
        "\u0000",
        "\ufeff",
        "\u202e",
        "é",
        "e\u0301",
        "\U0001f984",
        "\ud800",
        "a" * 3000,
    ),
    *(
        "hard",
        "md",
        "nurse",
        "physician",
        "operator",
        "front_desk",
        "pre",
        "day",
        "post",
        "event",
        "move",
        "consult",
    ),
    *(
        "start",
        "end",
        "arrive",
        "booked",
        "2027-02-30",
        "25:00",
        "99 weeks",
        "0 days",
        "99999 days",
        "100 years",
    ),
    *("start - 99999 min", "start + 36500 days at 10:00, next open day", "end + 0 min", "event + 5 min"),
    *(
        "start - 1 day at 10:00, even if closed",
        "start + 1 day at 23:59, previous open day",
        "arrive - 52560000 min",
    ),
    *(
        "any",
        "all",
        "not",
        "nothing",
        "unknown",
        "none",
        "smoker",
        "age",
        "session_no",
        "playbook",
        "event_urgency",
    ),
    *(
        "choose",
        "choose_many",
        "number",
        "divide",
        "text",
        "date",
        "chart",
        "double",
        "room_day",
        "cleared_to_come",
    ),
)
#: What a hand that slips puts into a text.
SLIPS = (
    "[",
    "]",
    "{",
    "}",
    ": ",
    "- ",
    "\n",
    "\n  ",
    "\t",
    "*a",
    "&a ",
    "<<: ",
    "!!python/object ",
    "'",
    '"',
    "#",
    "|\n",
    "---\n",
)


def mutated(text: str, random: Random) -> str:
    """Return a text with one to three things changed."""
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        text = random.choice((_tree, _tree, _tree, _tree, _text))(text, random)
    return text


def _text(text: str, random: Random) -> str:
    at = random.randrange(len(text) + 1)
    change = random.randrange(5)
    if change == 0:
        return text[:at]
    if change == 1:
        return text[:at] + random.choice((*SLIPS, *ODD)) + text[at + random.choice((0, 0, 1, 5)) :]
    lines = text.splitlines(keepends=True) or [""]
    line = random.randrange(len(lines))
    if change == 2:
        del lines[line]
    elif change == 3:
        lines.insert(random.randrange(len(lines) + 1), lines[line])
    else:
        lines[line] = random.choice((" ", "  ", "    ")) + lines[line]
    return "".join(lines)


def _tree(text: str, random: Random) -> str:
    try:
        root = yaml.compose(text, yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeError, ValueError):
        return _text(text, random)
    nodes = list(_all(root)) if root else []
    inner = [node for node in nodes if isinstance(node, yaml.CollectionNode) and node.value]
    if not inner:
        return _text(text, random)
    random.choice(CHANGES)(random.choice(inner), nodes, random)
    try:
        return str(yaml.serialize(root, Dumper=yaml.SafeDumper, allow_unicode=True, width=10**6))
    except (yaml.YAMLError, UnicodeError, RecursionError):
        return text


def _all(node: yaml.Node) -> Iterator[yaml.Node]:
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        if isinstance(each, yaml.MappingNode):
            waiting += [part for pair in each.value for part in pair]
        elif isinstance(each, yaml.SequenceNode):
            waiting += each.value


Change = Callable[[yaml.CollectionNode, list[yaml.Node], Random], None]


def _word(random: Random) -> yaml.ScalarNode:
    return yaml.ScalarNode(
        "tag:yaml.org,2002:str", random.choice(ODD), style=random.choice((None, None, '"'))
    )


def _put(inside: yaml.CollectionNode, at: int, node: yaml.Node, *, key: bool = False) -> None:
    if isinstance(inside, yaml.MappingNode):
        old_key, old = inside.value[at]
        inside.value[at] = (node, old) if key else (old_key, node)
    else:
        inside.value[at] = node


def _drop(inside: yaml.CollectionNode, nodes: list[yaml.Node], random: Random) -> None:
    del inside.value[random.randrange(len(inside.value))]


def _double(inside: yaml.CollectionNode, nodes: list[yaml.Node], random: Random) -> None:
    at = random.randrange(len(inside.value))
    inside.value.insert(random.randrange(len(inside.value) + 1), inside.value[at])


def _rename(inside: yaml.CollectionNode, nodes: list[yaml.Node], random: Random) -> None:
    _put(inside, random.randrange(len(inside.value)), _word(random), key=True)


def _odd(inside: yaml.CollectionNode, nodes: list[yaml.Node], random: Random) -> None:
    _put(inside, random.randrange(len(inside.value)), _word(random))


def _other(inside: yaml.CollectionNode, nodes: list[yaml.Node], random: Random) -> None:
    # a node that stands at two places is written as an anchor and its alias, even inside itself
    _put(inside, random.randrange(len(inside.value)), random.choice(nodes), key=random.random() < 0.2)


def _wrapped(inside: yaml.CollectionNode, nodes: list[yaml.Node], random: Random) -> None:
    at = random.randrange(len(inside.value))
    value = inside.value[at][1] if isinstance(inside, yaml.MappingNode) else inside.value[at]
    _put(inside, at, yaml.SequenceNode("tag:yaml.org,2002:seq", [value] * random.choice((0, 1, 2))))


def _shuffled(inside: yaml.CollectionNode, nodes: list[yaml.Node], random: Random) -> None:
    random.shuffle(inside.value)


CHANGES: tuple[Change, ...] = (
    _drop,
    _double,
    _rename,
    _odd,
    _odd,
    _other,
    _other,
    _other,
    _wrapped,
    _shuffled,
)
