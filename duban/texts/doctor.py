"""What `duban doctor` found, and what to do where something is wrong."""

DOCTOR: dict[str, tuple[str, str]] = {
    "doctor.name.python": ("Python 版本", "Python"),
    "doctor.name.packages": ("程序包归属", "packages"),
    "doctor.name.zone": ("时区", "time zone"),
    "doctor.name.servers": ("服务", "servers"),
    "doctor.name.database": ("数据库", "database"),
    "doctor.name.schema": ("库表版本", "schema"),
    "doctor.name.logins": ("数据库账户", "logins"),
    "doctor.name.rights": ("账户权限", "grants"),
    "doctor.name.triggers": ("防改触发器", "triggers"),
    "doctor.name.trail": ("留痕库", "trail"),
    "doctor.name.clock": ("时钟", "clock"),
    "doctor.name.calendar": ("工作日历", "calendar"),
    "doctor.name.temporal": ("Temporal", "Temporal"),
    "doctor.name.retention": ("历史保留期", "retention"),
    "doctor.name.worker": ("工作进程", "worker"),
    "level.ok": ("正常", "ok"),
    "level.warn": ("注意", "warn"),
    "level.bad": ("有误", "bad"),
    "doctor.python.ok": ("{version}", "{version}"),
    "doctor.python.bad": (
        "{version}，需要 3.11 或更新版本。换用新版本后重新 make setup。",
        "{version}; 3.11 or newer is needed. Run make setup with a newer one.",
    ),
    "doctor.packages.ok": ("{package} 没有重名", "{package} is ours alone"),
    "doctor.packages.bad": (
        "{package} 同时来自：{owners}。请在独立的虚拟环境中安装。",
        "{package} comes from several distributions: {owners}. Install into a fresh environment.",
    ),
    "doctor.zone.ok": ("{zone} 可用", "{zone} is known"),
    "doctor.zone.bad": (
        "系统缺少时区 {zone}。请安装 tzdata。",
        "The time zone {zone} is not known. Install tzdata.",
    ),
    "doctor.database.ok": ("可以连接", "answers"),
    "doctor.schema.ok": ("与本版本一致", "as this release expects"),
    "doctor.schema.bad": (
        "与本版本不符：{pending}。运行 duban migrate；如库较新，请换用较新的版本。",
        (
            "Not as this release expects: {pending}. Run duban migrate, "
            "or a newer release where the database is newer."
        ),
    ),
    "doctor.logins.ok": ("齐全", "all there"),
    "doctor.logins.bad": (
        "缺少账户：{missing}。用超级用户运行 duban migrate。",
        "Logins are missing: {missing}. Run duban migrate as a superuser.",
    ),
    "doctor.rights.ok": (
        "逐项相符：工作进程只能追加，谁都不能改动",
        "each as it must be: the worker may append, nobody may change anything",
    ),
    "doctor.rights.bad": (
        "权限不符（+ 多出，- 缺少）：{wrong}。留痕库可能遭人改动权限，请报告监督问责组后恢复。",
        (
            "Grants are not as they must be (+ too much, - missing): {wrong}. "
            "Somebody changed them; tell the supervision group and restore them."
        ),
    ),
    "doctor.triggers.ok": ("逐项相符", "each as it must be"),
    "doctor.triggers.bad": (
        "触发器不符（+ 多出，- 缺少）：{wrong}。可能遭人停用，请报告监督问责组后恢复。",
        (
            "Triggers are not as they must be (+ too much, - missing): {wrong}. "
            "Somebody changed them; tell the supervision group and restore them."
        ),
    ),
    "doctor.trail.ok": ("正式库", "live"),
    "doctor.trail.warn": (
        "尚未开启，或不是正式库（{mode}）。用 duban up 启动一次即开启。",
        "Not opened yet, or not live ({mode}). Starting once with duban up opens it.",
    ),
    "doctor.clock.ok": ("与数据库相差 {seconds} 秒", "{seconds} s from the database"),
    "doctor.clock.bad": (
        "与数据库相差 {seconds} 秒。请校准系统时间（NTP）。",
        "{seconds} s away from the database. Set the system clock by NTP.",
    ),
    "doctor.calendar.ok": ("已公布至 {through}", "published through {through}"),
    "doctor.calendar.warn": (
        "已公布至 {through}，明年日历尚未导入。通知发布后用 duban calendar import 与 publish。",
        (
            "Published through {through}; next year's is missing. Once the notice is out use "
            "duban calendar import and publish."
        ),
    ),
    "doctor.calendar.bad": (
        "只公布至 {through}，今年的时限均为暂定。请立即导入并发布今年日历。",
        (
            "Published through {through} only, so this year's dates are provisional. "
            "Import and publish this year's now."
        ),
    ),
    "doctor.temporal.ok": ("可以连接，命名空间 {namespace}", "answers, namespace {namespace}"),
    "doctor.retention.ok": ("{days} 天", "{days} days"),
    "doctor.retention.warn": (
        "只有 {days} 天，应不少于 {least} 天。请调整命名空间的保留期。",
        "{days} days only; at least {least} are wanted. Raise the namespace's retention.",
    ),
    "doctor.worker.ok": (
        "{pollers} 个在等候任务（{queue}）",
        "{pollers} asking for work on {queue}",
    ),
    "doctor.worker.bad": (
        "没有工作进程在等候任务（{queue}），办理都会搁置。运行 duban worker。",
        "Nobody asks for work on {queue}, so nothing is decided. Run duban worker.",
    ),
}
