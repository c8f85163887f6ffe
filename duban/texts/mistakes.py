"""What is wrong with a calendar file or with the words of a command line, and what to do."""

MISTAKES: dict[str, tuple[str, str]] = {
    # Calendar files.
    "calendar_file.invalid": (
        "日历文件 {file} 有 {count} 处错误，逐项如上，未导入。",
        "The calendar file {file} has {count} faults, listed above; nothing was imported.",
    ),
    "calendar_file.not_found": ("没有这个文件。", "There is no such file."),
    "calendar_file.too_large": ("文件过大。", "The file is too large."),
    "calendar_file.not_csv": (
        "不是 CSV 文件（UTF-8 或 GB18030）。",
        "Not a CSV file in UTF-8 or GB 18030.",
    ),
    "calendar_file.no_rows": ("文件没有内容。", "The file has no rows."),
    "calendar_file.column_missing": ("缺少此列。", "The column is missing."),
    "calendar_file.column_unknown": ("多出此列。", "The column is not known."),
    "calendar_file.cells": (
        "列数与表头不符。",
        "The row has more or fewer cells than the header.",
    ),
    "calendar_file.not_a_date": ("“{text}”不是日期。", "“{text}” is not a date."),
    "calendar_file.not_a_kind": (
        "“{text}”不是日期类别（工作日、休息日、节假日、调休上班）。",
        "“{text}” is no kind of day (工作日, 休息日, 节假日, 调休上班).",
    ),
    "calendar_file.not_a_flag": ("“{text}”应为是或否。", "“{text}” must be 是 or 否."),
    "calendar_file.name_missing": ("节假日须写名称。", "A holiday needs its name."),
    "calendar_file.kind_on_weekday": (
        "周一至周五不能是此类别。",
        "Monday to Friday cannot be of this kind.",
    ),
    "calendar_file.kind_on_weekend": (
        "周六、周日不能是此类别。",
        "Saturday and Sunday cannot be of this kind.",
    ),
    "calendar_file.day_twice": ("同一天出现两次。", "The day stands there twice."),
    "calendar_file.days_missing": ("中间缺少日期。", "Days are missing in between."),
    "calendar_file.published_after_provisional": (
        "暂定日之后不应再有已公布日。",
        "A published day cannot follow a provisional one.",
    ),
    # Wrong usage.
    "usage.MissingParameter": (
        "缺少 {param}。加 --help 查看用法。",
        "{param} is missing. See --help.",
    ),
    "usage.NoSuchOption": (
        "没有选项 {param}。加 --help 查看用法。",
        "There is no option {param}. See --help.",
    ),
    "usage.BadParameter": (
        "{param} 填写有误：{reason}。加 --help 查看用法。",
        "{param} is wrong: {reason}. See --help.",
    ),
    "usage.UsageError": (
        "用法有误：{reason}。加 --help 查看用法。",
        "Wrong usage: {reason}. See --help.",
    ),
    "usage.no_such_command": (
        "没有命令“{param}”。加 --help 查看用法。",
        "There is no command “{param}”. See --help.",
    ),
    "usage.no_actor": (
        "须说明由谁办理：用 --as 人员编号，或设置 DUBAN_ACTOR。",
        "Say who acts: --as PERSON, or set DUBAN_ACTOR.",
    ),
    "usage.choose_role": (
        "{actor} 担任多个角色（{held}）。请用 --role 选定一个。",
        "{actor} holds several roles ({held}). Choose one with --role.",
    ),
    "usage.no_such_role": (
        "没有角色“{role}”。可用：{held}。",
        "There is no role “{role}”. There are: {held}.",
    ),
    "usage.no_such_language": (
        "没有语言“{lang}”，可用 zh 或 en。",
        "There is no language “{lang}”; use zh or en.",
    ),
    "usage.needs_out": (
        "输出 xlsx 时须用 --out 写明文件。",
        "For xlsx say with --out where to write it.",
    ),
    "usage.not_a_format": (
        "没有输出格式“{format}”，可用：{known}。",
        "There is no output format “{format}”; use: {known}.",
    ),
    "usage.not_a_date": (
        "“{text}”不是日期，应写成 2019-04-26。",
        "“{text}” is no date; write 2019-04-26.",
    ),
    "usage.evidence": (
        "佐证“{text}”应写成 outcome:出处 或 outcome:出处:sha256（也可 process、supporting）。",
        (
            "Write the evidence “{text}” as outcome:REFERENCE or outcome:REFERENCE:sha256 "
            "(or process, supporting)."
        ),
    ),
    "usage.detail": (
        "“{text}”应写成 要点=出处，要点为：{known}。",
        "Write “{text}” as POINT=REFERENCE; the points are: {known}.",
    ),
    "usage.disposition": (
        "“{text}”应写成 任务=承接单位:处置意见。",
        "Write “{text}” as TASK=OWNER:WORD.",
    ),
    "usage.no_calendar_draft": (
        "没有待发布的日历。先用 duban calendar import 导入。",
        "There is no calendar to publish. Import one first with duban calendar import.",
    ),
    "calendar.nothing_running": (
        "没有进行中的专项需要采用新日历，新启动的专项会直接使用它。",
        "No campaign under way needs the new calendar; campaigns started from now on use it.",
    ),
}
