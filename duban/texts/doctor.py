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
    "doctor.name.partitions": ("月度分区", "partitions"),
    "doctor.name.trail": ("留痕库", "trail"),
    "doctor.name.log": ("日志签名", "log"),
    "doctor.name.witnesses": ("外部见证", "witnesses"),
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
    "doctor.partitions.ok": ("已备至 {through}", "ready through {through}"),
    "doctor.partitions.warn": (
        (
            "近一个月内缺少分区的月份：{missing}；{strays} 条留痕落入兜底分区。留痕不会丢失，"
            "已落入的留在原处。运行 duban migrate 预建今后十二个月的分区。"
        ),
        (
            "Months without a partition within the next 31 days: {missing}; {strays} entries lie "
            "in the default one. Nothing is lost, and what lies there stays. Run duban migrate: it "
            "makes those of the next twelve months."
        ),
    ),
    "doctor.trail.ok": ("正式库", "live"),
    "doctor.trail.warn": (
        "尚未开启，或不是正式库（{mode}）。第一个工作进程（duban up 或 duban worker）启动即开启。",
        "Not opened yet, or not live ({mode}). The first worker (duban up, duban worker) opens it.",
    ),
    "doctor.log.ok": ("{seconds} 秒前签署", "signed {seconds} s ago"),
    "doctor.log.bad": (
        "已 {seconds} 秒未签署（时限 {limit} 秒）。运行 duban sequencer，或查看其日志。",
        (
            "Not signed for {seconds} s; {limit} s is the limit. Run duban sequencer, or see what "
            "its log says."
        ),
    ),
    "doctor.log.never": (
        "从未签署，留痕无从外部证明。运行 duban sequencer。",
        "Never signed, so nothing can be proved to anybody outside. Run duban sequencer.",
    ),
    "doctor.witnesses.ok": ("{seconds} 秒前获见证", "cosigned {seconds} s ago"),
    "doctor.witnesses.warn": (
        "已 {seconds} 秒未获见证（时限 {limit} 秒）。检查见证服务与网络。",
        "Not cosigned for {seconds} s; {limit} s is the limit. Look after witnesses and network.",
    ),
    "doctor.witnesses.never": (
        "策略要求见证，但从未获见证。检查策略中的地址与见证服务。",
        "The policy asks for witnesses and none ever cosigned. Check its addresses and them.",
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
