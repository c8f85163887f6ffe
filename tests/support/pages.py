"""The parts of the documentation that are made from the code, each between two marks in its page.

Run `python -m tests.support.pages` to write them; a test compares.
"""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

import duban.domain
from duban.domain.problem.columns import COLUMNS, STATES_OF, By
from duban.questions import QUESTIONS
from duban.settings import VARIABLES, Settings
from duban.texts import Language, known, term, text
from tests.support import diagrams
from tests.support.sources import ROOT
from tests.support.tags import tags
from tests.support.verbs import Noun, command_tree

_BLOCK = re.compile(r"<!-- made: (\w+) -->\n(.*?)\n<!-- end -->", re.DOTALL)

WORDS_OF: Mapping[str, str] = {
    "AccessLevel": "access",
    "Action": "action",
    "CampaignStage": "stage",
    "CardState": "card_state",
    "ClockStopGround": "clock_stop",
    "ClueAccess": "clue_access",
    "ClueNature": "nature",
    "ClueOutcome": "clue_outcome",
    "ClueSource": "clue_source",
    "ClueState": "clue_state",
    "ClueTrigger": "clue_trigger",
    "DayKind": "day",
    "DeadlineCode": "deadline",
    "DeadlineStatus": "deadline_status",
    "DetailPoint": "detail",
    "Difficulty": "difficulty",
    "Direction": "direction",
    "DocumentKind": "document",
    "EvidenceKind": "evidence",
    "ExclusionCode": "draw_exclusion",
    "ExtensionState": "extension_state",
    "FinalGround": "final_ground",
    "Gate": "gate",
    "GoalDecision": "goal_decision",
    "GoalState": "goal_state",
    "Handling": "handling",
    "LookBackMethod": "look_back",
    "DrawMark": "draw_mark",
    "DrawState": "draw_state",
    "DrawFault": "draw_fault",
    "DrawDoubt": "draw_doubt",
    "Outcome": "outcome",
    "PhaseStatus": "phase_status",
    "PlanState": "plan_state",
    "ProblemSource": "source",
    "ProblemState": "problem_state",
    "ProblemType": "problem_type",
    "ReasonClass": "reason",
    "Receiver": "receiver",
    "Recipient": "recipient",
    "RectifyClass": "rectify_class",
    "RecordFault": "draw_fault",
    "ReplyClass": "reply_class",
    "ReporterClass": "reporter",
    "Role": "role",
    "Severity": "severity",
    "Sight": "sight",
    "TaskState": "task_state",
    "TieKind": "tie",
    "TrailFault": "draw_fault",
    "TicketKind": "ticket_kind",
    "TimeUnit": "span",
    "Choice": "target_choice",
    "FieldGroup": "field_group",
    "FindingKind": "finding_kind",
    "InspectionEnd": "inspection_end",
    "InspectionKind": "inspection_kind",
    "InspectionState": "inspection_state",
    "InspectionTrigger": "inspection_trigger",
    "Invariant": "invariant",
    "LocationKind": "location",
    "Method": "method",
    "NoticeRule": "notice_rule",
    "ReviewOutcome": "review_outcome",
    "Score": "score",
    "ServiceRule": "service_rule",
    "UnitKind": "unit_kind",
}
"""Under which prefix the catalogue keeps the words for an enum's values."""

CODED = {"Code", "PlanFault"}
"""Enums whose values are codes of whole sentences; the glossary lists the codes alone."""


class Block(NamedTuple):
    """A part of a page that is made from the code."""

    page: str
    name: str
    make: Callable[[], str]


def enums() -> list[type[StrEnum]]:
    """Return every public enum of the domain, by name."""
    found: dict[str, type[StrEnum]] = {}
    for info in pkgutil.walk_packages(duban.domain.__path__, "duban.domain."):
        for name, value in vars(importlib.import_module(info.name)).items():
            is_enum = isinstance(value, type) and issubclass(value, StrEnum)
            if is_enum and value.__module__.startswith("duban.domain") and name[0] != "_":
                found[value.__name__] = value
    return [found[name] for name in sorted(found)]


def terms() -> str:
    """Return the tables of the glossary: a table per enum, a row per value."""
    return "\n\n".join("\n".join(_term_table(each)) for each in enums())


def _term_table(states: type[StrEnum]) -> Iterator[str]:
    said = (states.__doc__ or "").strip().splitlines()[0]
    yield f"### {states.__name__}"
    yield ""
    yield said
    yield ""
    prefix = WORDS_OF.get(states.__name__, "")
    if states.__name__ in CODED or not all(known(f"{prefix}.{each.value}") for each in states):
        yield ", ".join(f"`{each.value}`" for each in states)
        return
    yield "| value | 中文 | English |"
    yield "|---|---|---|"
    for each in states:
        words = (term(prefix, each.value, lang) for lang in (Language.ZH, Language.EN))
        yield f"| `{each.value}` | {' | '.join(words)} |"


def tag_table() -> str:
    """Return the tags of the trail with their words."""
    rows = ["| tag | 中文 | English |", "|---|---|---|"]
    for tag in sorted(tags()):
        words = (term("tag", tag, lang) for lang in (Language.ZH, Language.EN))
        rows.append(f"| `{tag}` | {' | '.join(words)} |")
    return "\n".join(rows)


def question_table() -> str:
    """Return the 52 questions: who they are, what they ask, what they await."""
    rows = ["| no | slug | 中文 | English | awaits |", "|---|---|---|---|---|"]
    for each in QUESTIONS:
        words = [text(f"question.{each.number}", lang) for lang in (Language.ZH, Language.EN)]
        awaits = ", ".join(term("fact", fact, Language.EN) for fact in each.awaits)
        lacks = f"in part; {awaits}" if each.reply and awaits else awaits or "—"
        rows.append(f"| {each.number} | `{each.slug}` | {' | '.join(words)} | {lacks} |")
    return "\n".join(rows)


def ledger_table() -> str:
    """Return the columns of the rectification ledger and what changes them."""
    rows = ["| column | field | by a ledger | else |", "|---|---|---|---|"]
    for column in COLUMNS:
        states = sorted(STATES_OF.get(column.by, ())) if column.by else ()
        when = f" in {', '.join(f'`{state}`' for state in states)}" if states else ""
        new = " of a new row" if column.by is By.REGISTER else ""
        by = f"{column.by}{new}{when}" if column.by else "—"
        other = f"`duban {column.instead}`" if column.instead else "—"
        heading = text(f"ledger.col.{column.field}", Language.ZH)
        rows.append(f"| {heading} | `{column.field}` | {by} | {other} |")
    return "\n".join(rows)


def settings_table() -> str:
    """Return the table of settings in English."""
    return _settings("variable | default | meaning", _MEANS_EN)


def settings_table_zh() -> str:
    """Return the table of settings in Chinese."""
    return _settings("变量 | 默认值 | 含义", _MEANS_ZH)


def _settings(head: str, means: Mapping[str, str]) -> str:
    rows = [f"| {head} |", "|---|---|---|"]
    for field, variable in VARIABLES.items():
        default = Settings.model_fields[field].default
        shown = "—" if default is None else f"`{default}`"
        rows.append(f"| `{variable}` | {shown} | {means[field]} |")
    return "\n".join(rows)


def command_table() -> str:
    """Return the nouns and verbs of the command in English."""
    return _command_table("command | verbs | about", Language.EN)


def command_table_zh() -> str:
    """Return the nouns and verbs of the command in Chinese."""
    return _command_table("命令 | 动词 | 说明", Language.ZH)


def _command_table(head: str, lang: Language) -> str:
    rows = [f"| {head} |", "|---|---|---|"]
    rows.extend(f"| `duban {n.name}` | {_verbs(n)} | {n.about(lang)} |" for n in command_tree())
    return "\n".join(rows)


def _verbs(noun: Noun) -> str:
    return " ".join(f"`{verb}`" for verb in noun.verbs) or "—"


_MEANS_EN: Mapping[str, str] = {
    "database_url": (
        "PostgreSQL to use instead of the embedded one: `postgresql://login:password@host/db`; "
        "without a login, [all of them](docs/operations.md#several-machines)"
    ),
    "temporal_address": "Temporal server to use instead of the embedded one; the SDK's other "
    "`TEMPORAL_*` variables (namespace, TLS, API key) hold too",
    "home": "folder for the embedded servers' data, keys, logs and pid files",
    "lang": "language of texts and help: `zh` or `en`; `--lang` wins",
    "actor": "who acts, when `--as` does not say it: a person's id from the plan's register",
    "trail_key": "secret key of the trail, hexadecimal, at least 32 bytes, the same for every "
    "worker; needed with `DATABASE_URL`, made and kept under the home folder otherwise",
    "payload_keys": "key file that enciphers what Temporal is given, the newest key first "
    "([operations](docs/operations.md#keys-of-payloads)); needed with `DATABASE_URL` or "
    "`TEMPORAL_ADDRESS`, made and kept under the home folder otherwise",
    "log_key": "key with which the sequencer signs: its file (`duban sequencer keygen`), or its "
    "line; needed with `DATABASE_URL`, made and kept under the home folder otherwise",
    "log_policy": "policy file whose witnesses the sequencer publishes to; without it to nobody",
    "checkpoint_interval_ms": "milliseconds from one signed checkpoint to the next, 50 to 60000",
    "evidence_url": "where files of evidence are kept: a folder, or `s3://bucket/prefix`; without "
    "it the folder `evidence` under the home folder",
    "evidence_endpoint": "address of the S3-compatible storage, such as `https://host:9000`",
    "evidence_region": "region that its requests are signed for; `us-east-1` by default",
    "evidence_access_key": "access key of the storage",
    "evidence_secret_key": "secret key of the storage",
    "task_queue": "Temporal task queue that gateway and workers share",
    "deployment": "name of the worker deployment; used where `DUBAN_BUILD_ID` is set",
    "build_id": "the release this worker runs: campaigns keep to theirs and move when they "
    "continue as new ([operations](docs/operations.md#releases-side-by-side)); without it none is "
    "told apart",
    "log_format": "`console` for people, `json` for log collectors",
    "temporal_port": "port of the embedded Temporal server",
    "ui_port": "port of its web pages",
    "codec_port": "port of `duban codec serve`, where the web pages have payloads opened",
    "postgres_port": "port of the embedded PostgreSQL",
}
_MEANS_ZH: Mapping[str, str] = {
    "database_url": (
        "改用这一 PostgreSQL，不启动内置库：`postgresql://登录名:口令@主机/库名`；不写登录名则代表"
        "[各个登录名](docs/operations.md#several-machines)"
    ),
    "temporal_address": "改用这一 Temporal 服务，不启动内置服务；SDK 的其他 `TEMPORAL_*` 变量"
    "（命名空间、TLS、密钥）同样有效",
    "home": "内置服务的数据、密钥、日志和进程号文件所在目录",
    "lang": "文字和帮助的语言：`zh` 或 `en`；`--lang` 优先",
    "actor": "未写 `--as` 时由谁办理：方案人员名册中的编号",
    "trail_key": "留痕库密钥，十六进制，不少于 32 字节，各 worker 相同；"
    "使用 `DATABASE_URL` 时必填，否则自动生成并存于上述目录",
    "payload_keys": "加密 Temporal 载荷的密钥文件，最新密钥在第一行"
    "（[运维](docs/operations.md#keys-of-payloads)）；使用 `DATABASE_URL` 或 "
    "`TEMPORAL_ADDRESS` 时必填，否则自动生成并存于上述目录",
    "log_key": "签名进程的密钥：密钥文件（`duban sequencer keygen`）或密钥本身；"
    "使用 `DATABASE_URL` 时必填，否则自动生成并存于上述目录",
    "log_policy": "策略文件，签名进程向其中的见证方公布；不设则不公布",
    "checkpoint_interval_ms": "相邻两次签名检查点的间隔毫秒数，50 至 60000",
    "evidence_url": "佐证文件存放处：文件夹，或 `s3://桶/前缀`；不设则存于主目录下的 `evidence`",
    "evidence_endpoint": "S3 兼容存储的地址，如 `https://host:9000`",
    "evidence_region": "请求签名所用的区域；默认 `us-east-1`",
    "evidence_access_key": "存储的访问密钥标识",
    "evidence_secret_key": "存储的访问密钥",
    "task_queue": "网关与 worker 共用的 Temporal 任务队列",
    "deployment": "worker 部署的名称；设置 `DUBAN_BUILD_ID` 后使用",
    "build_id": "本 worker 运行的版本：行动留在原版本，续期新一轮运行时才迁移"
    "（[运维](docs/operations.md#releases-side-by-side)）；不设则不区分版本",
    "log_format": "`console` 供人阅读，`json` 供日志系统采集",
    "temporal_port": "内置 Temporal 服务的端口",
    "ui_port": "其网页的端口",
    "codec_port": "`duban codec serve` 的端口，网页经此解密载荷",
    "postgres_port": "内置 PostgreSQL 的端口",
}

BLOCKS: tuple[Block, ...] = (
    Block("README.md", "commands", command_table),
    Block("README.md", "settings", settings_table),
    Block("README.zh-CN.md", "commands", command_table_zh),
    Block("README.zh-CN.md", "settings", settings_table_zh),
    *(
        Block("docs/architecture.md", name, lambda machine=machine: diagrams.diagram(machine))  # type: ignore[misc]
        for name, machine in diagrams.MACHINES.items()
    ),
    Block("docs/audit-trail.md", "tags", tag_table),
    Block("docs/glossary.md", "terms", terms),
    Block("docs/ledger.md", "ledger", ledger_table),
    Block("docs/questions.md", "questions", question_table),
)


def found_in(page: str) -> dict[str, str]:
    """Return the made parts of a page as they stand there, by name."""
    return dict(_BLOCK.findall((ROOT / page).read_text(encoding="utf-8")))


def write(block: Block) -> None:
    """Put a block's present content between its marks."""
    path = ROOT / block.page
    made = f"<!-- made: {block.name} -->\n{block.make()}\n<!-- end -->"
    pattern = re.compile(rf"<!-- made: {block.name} -->\n.*?<!-- end -->", re.DOTALL)
    path.write_text(pattern.sub(lambda _: made, path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    for each in BLOCKS:
        write(each)
