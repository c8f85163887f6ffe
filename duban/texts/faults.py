"""What goes wrong outside the rules, with servers and the trail, and what to do next."""

FAULTS: dict[str, tuple[str, str]] = {
    # Anything.
    "error": (
        "出错了：{reason}。运行 duban doctor 查看原因。",
        "Something went wrong: {reason}. See duban doctor.",
    ),
    "not_found": (
        "没有找到 {id}。用 duban campaign list 查看已有专项。",
        "{id} was not found. duban campaign list shows what there is.",
    ),
    "already_exists": (
        "{id} 此前已启动过，编号不重复使用。请更换编号，或用 duban campaign show 查看。",
        (
            "{id} was started before and numbers are never used twice. Change the number, "
            "or see it with duban campaign show."
        ),
    ),
    "unavailable": (
        (
            "连接不上服务（{reason}）。先用 duban doctor 查明，或用 duban up 启动；"
            "重发同一请求号不会重复办理。"
        ),
        (
            "A server does not answer ({reason}). duban doctor says which, duban up starts both; "
            "sending the same request id again does no harm."
        ),
    ),
    "campaign.not_found": (
        "没有专项 {no}。用 duban campaign list 查看已有专项。",
        "There is no campaign {no}. duban campaign list shows what there is.",
    ),
    "campaign.already_exists": (
        "专项 {no} 此前已启动过，编号不重复使用。请更换编号，或用 duban campaign show 查看。",
        (
            "Campaign {no} was started before and numbers are never used twice. "
            "Change the number, or see it with duban campaign show."
        ),
    ),
    "script.invalid": (
        "情景脚本 {file} 有误：{reason}。改正后重新推演。",
        "The script {file} is wrong: {reason}. Correct it and rehearse again.",
    ),
    "settings.invalid": (
        "环境变量 {variable} 有误：{reason}。改正后重试。",
        "The environment variable {variable} is wrong: {reason}. Correct it and try again.",
    ),
    # Servers.
    "stack.port_taken": (
        "端口 {port} 已被占用。先停掉占用者，或用环境变量 {variable} 换一个端口。",
        "Port {port} is taken. Stop what listens there, or choose another one with {variable}.",
    ),
    "stack.server_unreachable": (
        "连接不上 {server}（{address}）。检查该服务是否运行、地址是否正确。",
        "{server} at {address} does not answer. Check that it runs and that the address is right.",
    ),
    "stack.already_running": (
        "{home} 的服务已在运行（进程 {pid}）。要重启先用 duban down。",
        "The servers of {home} run already (process {pid}). Stop them first with duban down.",
    ),
    "stack.not_running": (
        "服务没有运行（{home}）。用 duban up 启动，或设置 DATABASE_URL 与 TEMPORAL_ADDRESS。",
        (
            "No servers run under {home}. Start them with duban up, "
            "or set DATABASE_URL and TEMPORAL_ADDRESS."
        ),
    ),
    "stack.start_failed": (
        "{name} 没有启动成功，原因见日志 {log}。",
        "{name} did not start; {log} says why.",
    ),
    "stack.child_died": (
        "{name} 意外退出，原因见日志 {log}。用 duban up 重新启动，数据不会丢失。",
        "{name} ended by itself; {log} says why. Start again with duban up, nothing is lost.",
    ),
    "stack.program_missing": (
        "缺少程序 {name}。用 make setup 安装全部组件。",
        "The program {name} is missing. Install everything with make setup.",
    ),
    "stack.home_closed": (
        "PostgreSQL 所用账户进不了目录 {path}。开放该目录，或用 DUBAN_HOME 换一处。",
        (
            "The account PostgreSQL runs under may not enter {path}. Open the folder, "
            "or choose another one with DUBAN_HOME."
        ),
    ),
    "stack.trail_key_missing": (
        "使用自备数据库时须设置 {variable}（64 位以上十六进制密钥，各工作进程一致）。",
        (
            "With your own database set {variable}: one hexadecimal key of 64 digits or more, "
            "the same for every worker."
        ),
    ),
    "temporal.unreachable": (
        "连接不上 Temporal（{address}）。用 duban up 启动，或检查 TEMPORAL_ADDRESS。",
        "Temporal at {address} does not answer. Start it with duban up, or check TEMPORAL_ADDRESS.",
    ),
    "temporal.pending": (
        "尚未得到答复，可能仍在办理。用 --request-id {request_id} 重发即知结果，不会重复办理。",
        (
            "There is no answer yet and it may still be done. Send it again with "
            "--request-id {request_id} to learn it; nothing is done twice."
        ),
    ),
    "temporal.busy": (
        "Temporal 正忙，未能办理。稍后重发。",
        "Temporal is busy and took nothing. Send it again later.",
    ),
    "temporal.failed": (
        "工作流程未能答复：{reason}。运行 duban doctor 查明。",
        "The workflow gave no answer: {reason}. See duban doctor.",
    ),
    # The trail and the database.
    "store.error": (
        "留痕库拒收，未存任何内容：{reason}。",
        "The trail refused the entry and stored nothing: {reason}.",
    ),
    "audit.profile": (
        "留痕内容不合格式（{reason}），未存。请报告开发者。",
        "The entry is not in the form the trail keeps ({reason}); nothing was stored. Report it.",
    ),
    "audit.conflict": (
        "留痕库同一序号已有不同内容（{stream} #{seq}）。以留痕库为准，请立即报告监督问责组。",
        (
            "The trail holds another entry at {stream} #{seq}. The trail wins; "
            "tell the supervision group at once."
        ),
    ),
    "audit.gap": (
        "留痕序号不连续（{stream} #{seq}）。按顺序重发。",
        "An earlier entry of {stream} is missing before #{seq}. Send the entries in order.",
    ),
    "audit.closed": (
        "{stream} 已封存，不能再追加。",
        "{stream} has its closing entry; nothing can follow it.",
    ),
    "audit.owner": (
        "该对象由另一条记录流管理，不能在此改动（{kind} {id}）。",
        "Another stream owns {kind} {id}; it cannot be changed here.",
    ),
    "audit.unreadable": (
        "存储内容无法解读，可能遭改动。运行 duban audit check 并报告监督问责组。",
        (
            "The stored bytes are no entry and may have been altered. "
            "Run duban audit check and tell the supervision group."
        ),
    ),
    "audit.mode": (
        "正式库与推演库不得混用。请改用正确的数据库。",
        "Live and rehearsal databases never mix. Use the right database.",
    ),
    "audit.not_opened": (
        "数据库尚未开启留痕。用 duban up 启动一次。",
        "The database has no first entry yet. Start it once with duban up.",
    ),
    "audit.batcher_closed": (
        "工作进程正在停止，不再接收。稍后由其他工作进程办理。",
        "The worker is stopping and takes no more. Another worker will do it.",
    ),
    "audit.broken": (
        "留痕检查发现 {count} 处问题。保持现状，立即报告监督问责组。",
        (
            "The check of the trail found {count} faults. Leave all as it is and tell the "
            "supervision group."
        ),
    ),
    "audit.no_such_entry": (
        "没有留痕 {id}。用 duban audit list 查对编号。",
        "There is no entry {id}. Look it up with duban audit list.",
    ),
    "ledger.differs": (
        "台账与留痕有 {count} 处不一致。先查明原因，再用 duban ledger rebuild 重建。",
        (
            "The ledger differs from the trail in {count} places. Find out why, "
            "then fold it again with duban ledger rebuild."
        ),
    ),
    "schema.newer": (
        "数据库由更新的版本升级过。请运行该版本或更新的版本。",
        "A newer Duban migrated this database. Run that release, or a newer one.",
    ),
    "schema.changed": (
        "已执行的升级脚本与本版本不符。请重新安装未改动的版本。",
        "An applied migration differs from the file of this release. Reinstall an unaltered one.",
    ),
    "schema.missing": (
        "数据库尚未建表。运行 duban migrate。",
        "The database was never migrated. Run duban migrate.",
    ),
    "database.unavailable": (
        "PostgreSQL 无应答（{reason}）。运行 duban doctor 查明，重发无害。",
        "PostgreSQL does not answer ({reason}). See duban doctor; sending again does no harm.",
    ),
}
