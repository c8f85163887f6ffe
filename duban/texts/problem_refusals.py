"""Why the rules and the storage say no about problems, and what to do next."""

PROBLEM_REFUSALS: dict[str, tuple[str, str]] = {
    "signature.missing": (
        "须由主要领导签字并盖章，现为 {signed_by}；应为：{held}。",
        "It needs the principal leader's signature and seal, not {signed_by}; wanted: {held}.",
    ),
    "close.incomplete": (
        "{id} 还不能申请销号，缺：{missing}。补齐后一次报送。",
        "{id} cannot be closed yet; missing: {missing}. Supply all of it, then ask again.",
    ),
    "notice.running": (
        "{id} 正在公示，{until} 期满。期满无异议后再签字。",
        "{id} is under public notice until {until}. Sign once that is over without objection.",
    ),
    "object.too_many": (
        "{kind}已达上限 {max}。请合并后再报。",
        "There are {max} of {kind} already, and no more are taken. Put some together.",
    ),
    "date.ahead": (
        "日期 {on} 尚未到来。请填实际发生的日期。",
        "{on} has not come yet. Give the day on which it happened.",
    ),
    "evidence.file_too_large": (
        "文件超过 {max} 字节，不予接收。请压缩或分开报送。",
        "The file has more than {max} bytes. Make it smaller, or hand it in as several.",
    ),
    "evidence.file_type": (
        "内容类型 {type} 不能作为佐证；可以是：{known}。",
        "Content of the type {type} is not taken as evidence; taken are: {known}.",
    ),
    "evidence.too_large": (
        "文件超过 {limit} 字节，不予接收。请压缩或分开报送。",
        "The file has more than {limit} bytes. Make it smaller, or hand it in as several.",
    ),
    "evidence.error": (
        "文件没有收下，也没有取出。请看前面的代码。",
        "The file was neither kept nor given back; the code says why.",
    ),
    "evidence.empty": (
        "文件是空的，不能证明什么。请核对后报送正确的文件。",
        "The file has no bytes and proves nothing. Hand in the one that was meant.",
    ),
    "evidence.type_not_allowed": (
        "内容类型 {media_type} 不能作为佐证；可以是：{allowed}。",
        "Content of the type {media_type} is not taken as evidence; taken are: {allowed}.",
    ),
    "evidence.unknown_type": (
        "文件内容不是可以识别的文档、图片或音视频（只看内容，不看文件名）。请转为 PDF 或图片。",
        "The content is of no known type; its name does not count. Hand in a PDF or a picture.",
    ),
    "evidence.corrupt": (
        "存放处的内容与校验值 {digest} 不符。请报告监督组，并从备份取回。",
        "The bytes are not those of {digest}. Call the supervisors and fetch them from a backup.",
    ),
    "evidence.missing": (
        "存放处没有 {digest}。请核对校验值，再查备份。",
        "The storage holds no {digest}. Check the digest, then look into a backup.",
    ),
    "evidence.storage_unavailable": (
        "佐证存放处 {where} 不可用：{reason}。修复后重新报送。",
        "The storage {where} cannot be used: {reason}. Repair it, then send the file again.",
    ),
    "evidence.digest_malformed": (
        "“{digest}”不是 64 位小写十六进制校验值。请从留痕中重新复制。",
        "“{digest}” is no SHA-256 in 64 lower-case hex digits. Copy it again from the trail.",
    ),
    "evidence.no_file": (
        "读不到文件 {path}：{reason}。请核对路径。",
        "The file {path} cannot be read: {reason}. Check the path.",
    ),
    "problem.not_found": (
        "没有问题 {no}。用 duban problem list 查看。",
        "There is no problem {no}. duban problem list shows what there is.",
    ),
    "usage.outcome": (
        "“{text}”应写成 名称|单位|基线|目标|数据来源。",
        "Write “{text}” as NAME|UNIT|BASELINE|TARGET|SOURCE.",
    ),
    "usage.scores": (
        "“{text}”应写成三个1至5的分数，如 5,4,5（严、实、快）。",
        "Write “{text}” as three scores from 1 to 5, such as 5,4,5.",
    ),
    "usage.measure_done": (
        "“{text}”应写成 措施序号=结果。",
        "Write “{text}” as NUMBER=RESULT.",
    ),
    "usage.assist": (
        "“{text}”应写成 单位=事项:时限。",
        "Write “{text}” as UNIT=MATTER:LIMIT.",
    ),
}
