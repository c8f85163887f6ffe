"""The rectification ledger as a file: its headings, what its cells say, and what can be wrong."""

_COLUMNS: dict[str, tuple[str, str]] = {
    "seq": ("序号", "seq"),
    "problem_no": ("问题编号", "problem no"),
    "campaign": ("所属专项", "campaign"),
    "source": ("问题来源", "source"),
    "source_ref": ("来源编号", "source ref"),
    "found_at": ("发现时间", "found at"),
    "responsible_unit": ("责任单位", "responsible unit"),
    "description": ("具体问题", "description"),
    "problem_type": ("问题类型", "problem type"),
    "severity": ("严重程度", "severity"),
    "hard_bone": ("是否硬骨头", "hard bone"),
    "rectify_class": ("整改类别", "rectify class"),
    "target": ("整改目标", "target"),
    "measures": ("整改措施", "measures"),
    "lead_unit": ("牵头单位", "lead unit"),
    "assisting_units": ("协办单位", "assisting units"),
    "principal_leader": ("责任领导", "principal leader"),
    "handler": ("责任人", "handler"),
    "assigned_at": ("交办时间", "assigned at"),
    "due_at": ("整改时限", "due at"),
    "extension_count": ("延期次数", "extension count"),
    "latest_progress": ("进展情况", "latest progress"),
    "explanation_count": ("解释次数", "explanation count"),
    "result": ("完成情况", "result"),
    "evidence_refs": ("佐证材料", "evidence refs"),
    "verifier": ("复查人", "verifier"),
    "verified_at": ("复查时间", "verified at"),
    "verify_result": ("复查结论", "verify result"),
    "public_notice": ("公示情况", "public notice"),
    "signed_off_at": ("销号时间", "signed off at"),
    "signers": ("销号签字", "signers"),
    "lookback": ("回头看时间/结果", "lookback"),
    "recurrence_no": ("反弹次数", "recurrence no"),
    "cards": ("黄牌/红牌", "cards"),
    "accountability_ref": ("问责情况", "accountability ref"),
    "access_level": ("密级/知悉范围", "access level"),
    "note": ("备注", "note"),
    # Hidden: by these a changed row is known again.
    "exported_no": ("（勿改）编号", "(keep) number"),
    "exported_seq": ("（勿改）版本", "(keep) version"),
    "exported_seal": ("（勿改）校验", "(keep) check"),
    # Behind the columns of an error file.
    "field": ("字段", "field"),
    "error": ("错误", "error"),
}

_CELLS: dict[str, tuple[str, str]] = {
    "sheet": ("整改台账", "ledger"),
    "sheet.about": ("说明", "about"),
    "sheet.names": ("名册", "names"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "passed": ("通过", "passed"),
    "rejected": ("不通过", "rejected"),
    "explained": ("（仅解释）", "(explanation) "),
    "notice.until": ("公示至 ", "notice until "),
    "notice.over": ("公示期满", "notice over"),
    "lookback.due": ("应于 ", "due on "),
    "lookback.passed": ("通过", "passed"),
    "yellow": ("黄", "yellow "),
    "red": ("红", "red "),
}

_ABOUT: dict[str, tuple[str, str]] = {
    "campaign": ("专项", "campaign"),
    "made_at": ("导出时间", "written at"),
    "made_by": ("导出人", "written by"),
    "filter": ("筛选条件", "filter"),
    "rows": ("条数", "rows"),
    "hidden": ("因知悉范围未列出的条数", "rows left out because of their access level"),
    "trail": ("留痕", "trail"),
    "position": ("留痕位置", "position on the trail"),
    "how": ("怎样修改", "what may be changed"),
    "register": (
        "末尾新增的行（问题编号留空）登记为新问题：问题来源、来源编号、发现时间、责任单位、具体问题",
        "a new row without a number registers a problem: source, ref, date, unit, description",
    ),
    "triage": (
        "“发现登记”的问题：类型、程度、硬骨头、类别、目标、知悉范围（研判定性）",
        "registered problems: type, severity, hard bone, class, target, access (triage)",
    ),
    "assign": (
        "“研判定性”“反弹重启”的问题：责任单位、协办单位（单位：事项，每行一个）、责任领导、责任人、时限",
        "triaged, reopened: units, helpers (UNIT：MATTER, a line each), leader, handler, date",
    ),
    "rest": (
        "其余各列由系统生成，不能在台账里修改",
        "all other columns are made by the system and cannot be changed here",
    ),
}

_FAULTS: dict[str, tuple[str, str]] = {
    "ledger_file.invalid": (
        "{file} 不能作为整改台账读取（{count} 处错误）。请用 duban ledger export 重新导出后再改。",
        "{file} cannot be read as a ledger ({count} faults). Export it anew and change that one.",
    ),
    "ledger.no_sheet": (
        "没有整改台账：没有一张工作表的首行是台账的表头（{found}）。请使用导出的台账文件。",
        "There is no ledger: no sheet begins with its headings ({found}). Use an exported file.",
    ),
    "ledger.merged": (
        "有合并单元格 {ref}。请取消合并，一行一个问题。",
        "Cells are merged at {ref}. Take them apart: one row is one problem.",
    ),
    "ledger.campaigns": (
        "一个文件只能有一个专项，这里有：{found}。请分开导入。",
        "A file holds one campaign; here are {found}. Import them apart.",
    ),
    "ledger.empty": (
        "台账里没有一行问题。请检查文件。",
        "There is no row in the ledger. Look at the file.",
    ),
    "ledger.not_exported": (
        "这一行缺少隐藏列的导出记录，无法比对。请在导出的文件里修改，不要复制到别的表。",
        "The hidden columns of this row are gone. Change the exported file itself, not a copy.",
    ),
    "ledger.number_changed": (
        "问题编号不能改：导出时是 {exported}，现在是 {said}。请改回。",
        "A number never changes: it was {exported} and is {said} now. Put it back.",
    ),
    "ledger.twice": (
        "问题 {no} 在第 {first} 行已经出现。请只保留一行。",
        "Problem {no} stands in row {first} already. Keep one row of it.",
    ),
    "ledger.no_such_problem": (
        "台账里没有问题 {no}，或不在可知悉范围。请用 duban problem list 查看。",
        "There is no problem {no} that you may know. duban problem list shows what there is.",
    ),
    "ledger.conflict": (
        "“{header}”在导出后已变为“{now}”，文件里改成了“{said}”。未覆盖；请重新导出后再改。",
        (
            "“{header}” has become “{now}” since the export; the file says “{said}”. "
            "It was left as it is: export it anew."
        ),
    ),
    "ledger.by_command": (
        "“{header}”不能在台账里改。请用 duban {command}。",
        "“{header}” cannot be changed in the ledger. Use duban {command}.",
    ),
    "ledger.by_nothing": (
        "“{header}”由系统生成，没有命令可改。请改回“{now}”。",
        "“{header}” is made by the system and no command changes it. Put “{now}” back.",
    ),
    "ledger.state": (
        "问题现为“{state}”，“{header}”这时不能在台账里改。{command}",
        "The problem is “{state}”; “{header}” cannot be changed in the ledger then. {command}",
    ),
    "ledger.new_only": (
        "新登记的问题不能填“{header}”。请先登记，取得编号并重新导出后再填。",
        "A new problem has no “{header}” yet. Register it first, export anew, then fill it in.",
    ),
    "ledger.no_such_unit": (
        "“{said}”不是本专项的单位（最接近：{suggestion}）。请填单位编号或名称。",
        "“{said}” is no unit of this campaign (nearest: {suggestion}). Give its code or name.",
    ),
    "ledger.no_such_person": (
        "“{said}”不在本专项的人员名册（最接近：{suggestion}）。请填人员编号或姓名。",
        "“{said}” is not in the register (nearest: {suggestion}). Give an id or a name.",
    ),
    "ledger.helper": (
        "“{said}”看不懂。协办单位请写“单位：事项”，每行一个。",
        "“{said}” cannot be understood. Write UNIT：MATTER, a line each.",
    ),
    "ledger.no_basis": (
        "有 {count} 个问题要交办。请用 --basis-doc 写明交办依据（如 交办单3号）。",
        "{count} problems are to be assigned. Say on which paper with --basis-doc.",
    ),
    "ledger.suffix": (
        "台账只能写成 .xlsx 或 .csv，不能是 {file}。请换一个文件名。",
        "A ledger is written as .xlsx or .csv, not as {file}. Choose another name.",
    ),
}

_ANSWERS: dict[str, tuple[str, str]] = {
    "ledger.exported": (
        "已导出 {rows} 个问题（{hidden} 个因知悉范围未列出），导出本身已留痕。SHA-256：{digest}",
        (
            "{rows} problems written ({hidden} left out by access level); the export is on the "
            "trail. SHA-256: {digest}"
        ),
    ),
    "ledger.told": (
        "{rows} 行：{changes} 处修改（{changed} 个问题），{new} 个新问题，{wrong} 行有误或冲突。",
        (
            "{rows} rows: {changes} changes of {changed} problems, {new} new ones, "
            "{wrong} rows wrong or in conflict."
        ),
    ),
    "ledger.nothing": ("没有要修改的。", "There is nothing to change."),
    "ledger.known": (
        "第 {row} 行已登记为 {no}。",
        "Row {row} is registered already, as {no}.",
    ),
    "ledger.confirm": ("按以上修改办理？", "Carry these changes out?"),
    "ledger.not_done": (
        "未作修改。加 --yes 办理。",
        "Nothing was changed. --yes carries it out.",
    ),
    "ledger.done": (
        "已办理 {done} 项，{failed} 项被拒绝。",
        "{done} commands carried out, {failed} refused.",
    ),
    "ledger.errors": (
        "有误的行已写入 {path}，可在其中改正后再导入。",
        "The wrong rows are in {path}; put them right there and import it.",
    ),
    "list.hidden": (
        "另有 {hidden} 个涉密问题未显示；知悉范围内的人员请用 --as 说明身份。",
        "{hidden} confidential problems are not shown; whoever may know them says --as who he is.",
    ),
    "problem.confidential": (
        "问题 {no} 涉密，只供知悉范围内的人员查看；请用 --as 说明身份，查看留痕。",
        "Problem {no} is confidential; say --as who you are. Whoever looks is on the trail.",
    ),
    "list.next_page": (
        "下一页：--after {key}",
        "Next page: --after {key}",
    ),
    "col.header": ("字段", "column"),
    "kind.problem_list": ("问题清单", "problem list"),
}

_HELP: dict[str, tuple[str, str]] = {
    "cmd.ledger.export": (
        "导出专项的整改台账（.xlsx 可改后导入，.csv 供程序用）；导出留痕",
        "write the ledger of a campaign (.xlsx to change and import, .csv for programs)",
    ),
    "cmd.ledger.import": (
        "导入改过的台账：先列出差异，确认后逐项按命令办理",
        "import a changed ledger: shows what differs, then carries it out by ordinary commands",
    ),
    "opt.ledger.export.out": ("写到的文件：.xlsx 或 .csv", "the file to write: .xlsx or .csv"),
    "opt.ledger.export.no": ("专项编号", "number of the campaign"),
    "opt.ledger.import.file": ("改过的台账（.xlsx）", "the changed ledger (.xlsx)"),
    "opt.ledger.import.basis_doc": (
        "交办依据，有交办时必填",
        "the paper of the assignment, needed where problems are assigned",
    ),
    "opt.ledger.import.errors": (
        "有误的行写到的文件；默认在原文件旁",
        "where wrong rows are written; by default beside the file",
    ),
    "opt.yes": ("不再询问，直接办理", "carry it out without asking"),
    "opt.dry_run": ("只列出差异", "only show what differs"),
    "opt.problem.list.rectify_class": ("整改类别", "time class"),
    **{
        f"opt.{path}.{name}": words
        for path in ("problem.list", "ledger.export")
        for name, words in {
            "state": ("状态，可重复", "state, may be repeated"),
            "text": (
                "文字；空格分开的各部分须全部出现",
                "words; every part between blanks must be there",
            ),
            "hard_bone": ("只列硬骨头", "hard bones only"),
            "breached": ("只列逾期的", "those late only"),
            "streak": ("连续解释至少几次", "explanations in a row, at least"),
            "stagnant": ("只列停滞的", "stagnant ones only"),
            "recurred": ("只列反弹过的", "those that came back only"),
        }.items()
    },
    "opt.problem.list.after": (
        "上一页最后的问题编号",
        "number of the last problem of the page before",
    ),
    "opt.problem.list.count": ("只统计各状态的条数", "only count them by state"),
    **{
        f"opt.ledger.{verb}.{name}": words
        for verb in ("export", "import")
        for name, words in {
            "actor": ("办理人编号；默认取 DUBAN_ACTOR", "who does it; DUBAN_ACTOR by default"),
            "role": ("以何角色", "in which role"),
        }.items()
    },
}

LEDGER: dict[str, tuple[str, str]] = {
    **{f"ledger.col.{key}": words for key, words in _COLUMNS.items()},
    **{f"ledger.cell.{key}": words for key, words in _CELLS.items()},
    **{f"ledger.about.{key}": words for key, words in _ABOUT.items()},
    **_FAULTS,
    **_ANSWERS,
    **_HELP,
}

LEDGER_EXAMPLES: dict[str, str] = {
    "ledger.export": "duban ledger export --campaign BE-2019 --unit U03 台账.xlsx --as OF-1",
    "ledger.import": "duban ledger import 台账.xlsx --basis-doc 交办单3号 --dry-run --as OF-1",
}
