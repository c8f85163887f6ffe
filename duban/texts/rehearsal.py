"""Texts of the rehearsal and of the demonstration."""

REHEARSAL: dict[str, tuple[str, str]] = {
    "demo.opening": (
        "督办演示：三项样板专项并行推演，同时演{stories}个故事（真实的 Temporal 与 PostgreSQL）",
        (
            "Duban demo: three sample campaigns side by side and {stories} stories, "
            "on a real Temporal and a real PostgreSQL"
        ),
    ),
    "demo.starting": ("正在启动推演用的数据库、时间服务器和工作进程……", "Starting the servers …"),
    "demo.bar": ("{day}  {title}", "{day}  {title}"),
    "demo.campaign": ("{no} {title}", "{no} {title}"),
    "demo.stages": ("阶段", "Stages"),
    "demo.tasks": ("任务", "Tasks"),
    "demo.goals": ("阶段目标", "Goals"),
    "demo.deadlines": ("时限", "Deadlines"),
    "demo.deadlines.value": (
        "共 {total} 项：按期 {met}，逾期过 {breached}，临节假日或补班 {clashes}",
        "{total}: met {met}, breached at some time {breached}, near a holiday {clashes}",
    ),
    "demo.notices": ("提醒与催办", "Reminders and escalations"),
    "demo.notices.value": (
        "提醒 {reminders}，催办 {urges}，黄牌 {cards}，迟发 {late}",
        "reminders {reminders}, urges {urges}, yellow cards {cards}, sent late {late}",
    ),
    "demo.events": ("审计事件", "Events on the trail"),
    "demo.stories": ("故事", "Stories"),
    "demo.as_seen": ("{says}（见 {seen} 次）", "{says} (seen {seen} times)"),
    "rehearse.problems": (
        (
            "问题 {registered}：销号 {signed_off}，反弹 {reopened}，黄牌 {yellow}，红牌 {red}，"
            "只作解释的回复 {explanations}，佐证 {evidence}"
        ),
        (
            "problems {registered}: signed off {signed_off}, reopened {reopened}, yellow cards "
            "{yellow}, red cards {red}, mere explanations {explanations}, evidence {evidence}"
        ),
    ),
    "demo.surprise": (
        "{step}：应为 {expected}，实为 {answer}",
        "{step}: expected {expected}, got {answer}",
    ),
    "demo.trail": ("审计核验", "Trail verification"),
    "demo.proving": (
        "签署检查点、导出，并用独立核验程序核验……",
        "signing a checkpoint, exporting, and checking with the program that stands alone …",
    ),
    "demo.proof": (
        "独立核验（verify.py，退出码 {status}）：{entries} 条留痕，{size} MB",
        "checked without Duban (verify.py, status {status}): {entries} entries, {size} MB",
    ),
    "demo.proof.altered": (
        "副本改动一个字节（退出码 {status}）：{found}",
        "one byte of a copy changed (status {status}): {found}",
    ),
    "demo.draws": (
        "抽签独立重算（draw_verify.py，退出码 {status}）：{draws} 次",
        "draws computed again without Duban (draw_verify.py, status {status}): {draws}",
    ),
    "demo.draws.altered": (
        "副本改动见证数（退出码 {status}）：结果重算不符",
        "the witness's number changed in copies (status {status}): it comes out otherwise",
    ),
    "demo.proof.wrong": (
        "独立核验的结果与预期不符",
        "checking without Duban did not say what it must",
    ),
    "demo.trail.good": (
        "{entries} 条记录全部核验：序号连续、封存数相符、字节规范、台账可由记录重建",
        (
            "all {entries} entries checked: dense ordinals, closing counts, canonical bytes, "
            "ledger rebuilt from the entries alone"
        ),
    ),
    "demo.trail.bad": ("发现 {count} 处不符：{first}", "{count} findings: {first}"),
    "demo.held": ("全部符合预期（{seconds} 秒）", "Everything held ({seconds} s)"),
    "demo.failed": ("有 {count} 处不符合预期", "{count} expectations did not hold"),
    "demo.no_examples": (
        "找不到样板方案目录 {path}；请在代码检出目录中运行 make demo",
        "No sample plans at {path}; run make demo in a checkout",
    ),
}
