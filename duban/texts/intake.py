"""Words for what is taken over from outside: tickets, circulars, persons concerned, the survey."""

TABLE_FAULTS: dict[str, tuple[str, str]] = {
    "table.invalid": (
        "{file} 有 {count} 处问题，没有导入任何内容；请改正后重试。",
        "{file} has {count} problems; nothing was taken over. Correct them and try again.",
    ),
    "file.not_a_table": (
        "{file} 不是可导入的表格。请用 .xlsx 或 .csv。",
        "{file} is no table that can be taken over. Use .xlsx or .csv.",
    ),
    "file.not_csv": (
        "第 {line} 行读不下去（{why}）。请检查引号，或另存为 .xlsx。",
        "Line {line} breaks off ({why}). Look at its quotation marks, or save it as .xlsx.",
    ),
    "file.encoding": (
        "文件编码认不出来。请另存为 UTF-8 或 GB18030 的 CSV，或 .xlsx。",
        "The file is neither UTF-8 nor GB18030. Save it as one of these, or as .xlsx.",
    ),
    "file.no_rows": (
        "表头下面没有内容。请检查文件。",
        "Nothing stands below the header. Check the file.",
    ),
    "cell.no_result": (
        "“{header}”是公式，但没有保存计算结果。请用 Excel 或 WPS 打开并保存一次。",
        "{header} is a formula without a saved result. Open the file in a spreadsheet and save it.",
    ),
    "cell.rounded": (
        "“{header}”存成了数字，15 位以后已丢失（{said}）。请从原系统重新导出为文本。",
        "{header} was kept as a number and has lost its last digits ({said}). Export it as text.",
    ),
    "cell.not_a_reference": (
        "“{header}”不能含空格和 #，且不超过 64 个字，现为“{said}”。",
        "{header} takes up to 64 characters without spaces and #, not {said}.",
    ),
    "cell.unit_unknown": (
        "“{header}”中的单位“{said}”不在本专项单位表里。请改正，或留空由办公室交办时确定。",
        "“{said}” in {header} is no unit of this campaign. Correct it, or leave it to be assigned.",
    ),
    "row.twice": (
        "{said} 在文件里出现两次，只导入第一行。请删去一行。",
        "{said} stands in the file twice; the first row counts. Remove one.",
    ),
    "row.differs": (
        "{said} 以前导入过，内容与这一行不同。历史不改写，请核对原件。",
        "{said} was taken over before and says something else. History stays; check the original.",
    ),
}

_ERRORS: dict[str, tuple[str, str]] = {
    "ticket.known": (
        "工单 {no} 已在 {campaign} 登记（{problem}）。一张工单只登记一次。",
        "Ticket {no} is registered in {campaign} ({problem}). A ticket is registered once.",
    ),
    "circular.not_found": (
        "没有通报条目 {id}。可用 duban circular list 查看。",
        "There is no entry {id} of a circular. `duban circular list` shows those there are.",
    ),
    "usage.column": (
        "“{text}”应写作 本局表头=模板表头；模板表头有：{known}。",
        "“{text}” must read OWN=HEADER; the headers are: {known}.",
    ),
}

_SAID: dict[str, tuple[str, str]] = {
    "import.running": ("导入", "taking over"),
    "import.counts": (
        "新登记 {new}，已有 {known}，有误 {wrong}。",
        "new {new}, known {known}, wrong {wrong}.",
    ),
    "import.personal": (
        "来电人信息不导入：{what}。",
        "Nothing about callers is taken over: {what}.",
    ),
    "import.hidden": (
        "文字中的姓名、电话、证件号已隐去 {what} 处。",
        "Names and numbers of callers were taken out of {what} texts.",
    ),
    "import.ignored": ("未使用的列：{what}。", "Columns that were not used: {what}."),
    "import.errors": (
        "有误的 {count} 行已写入 {path}；内含来电人信息，请勿外传。",
        "The {count} wrong rows are in {path}; it holds what callers said of themselves.",
    ),
    "circular.withheld": ("（有，按权限查看：--person）", "(named; --person, where permitted)"),
    "gate.shown": (
        "另有 {count} 条未满足，仅作提示，不妨碍签署。",
        "Not met but shown only: {count}; the gate may be signed without.",
    ),
    "show.sources": ("摸底问题来源 {count} 个：{what}", "sources of the survey, {count}: {what}"),
}

_TERMS: dict[str, tuple[str, str]] = {
    "ticket_kind.complaint": ("投诉", "complaint"),
    "ticket_kind.report": ("举报", "report"),
    "ticket_kind.request": ("求助", "request"),
    "ticket_kind.suggestion": ("建议", "suggestion"),
    "ticket_kind.inquiry": ("咨询", "inquiry"),
    "ticket_kind.other": ("其他", "other"),
    "deadline.DL24": ("热线工单", "hotline ticket"),
    "deadline.DL24I": ("热线咨询", "hotline inquiry"),
    "document.survey_reason": ("摸底来源不足的说明", "reason for fewer sources of the survey"),
    "gate.K33": (
        "摸底问题来源达到规定个数，或有说明",
        "the survey drew on enough sources, or a reason is on file",
    ),
    "kind.ticket": ("工单", "ticket"),
    "kind.circular": ("通报条目", "entry of a circular"),
    "kind.concerned": ("涉及人员", "person concerned"),
}

_HEADS: dict[str, tuple[str, str]] = {
    "circular": ("通报文号", "circular"),
    "duty": ("在其中的责任", "part in it"),
    "is_withdrawn": ("已撤回", "withdrawn"),
    "issued_on": ("通报日期", "issued"),
    "item": ("条目", "item"),
    "named_person": ("涉及人员", "person named"),
    "named_by": ("记录人", "named by"),
    "named_on": ("记录日期", "named on"),
    "post": ("岗位职务", "post"),
    "problem_no": ("问题编号", "problem"),
    "result": ("处理结果", "result"),
}

_TAGS: dict[str, tuple[str, str]] = {
    "hotline:tickets:taken": ("接收热线工单", "tickets taken"),
    "hotline:tickets:registered": ("热线工单登记为问题", "tickets registered"),
    "circular:entries:recorded": ("记录往年通报", "entries of circulars recorded"),
    "problem:person:named": ("记录涉及人员", "person named"),
    "problem:person:withdrawn": ("撤回涉及人员", "person withdrawn"),
}

_COMMANDS: dict[str, tuple[str, str]] = {
    "ticket": ("12345 热线工单：导入为问题", "12345 tickets: taken over as problems"),
    "ticket.template": ("生成空白工单表", "write an empty list of tickets"),
    "ticket.import": (
        "导入工单：新的登记为问题，已有的不重复，有误的退回",
        "make new tickets problems; known ones stay, wrong rows go back",
    ),
    "ticket.list": ("列出已接收的工单", "list the tickets that were taken over"),
    "circular": ("往年情况通报：作为历史", "earlier circulars: the history"),
    "circular.template": ("生成空白通报条目表", "write an empty list of entries"),
    "circular.import": ("导入往年通报条目", "take entries over as history"),
    "circular.list": ("列出通报条目", "list entries"),
    "circular.show": ("查看通报条目", "show an entry"),
    "problem.name-person": ("记录涉及人员（岗位、编号）", "say whom the matter is about"),
    "problem.withdraw-person": ("撤回涉及人员", "take a person away from the problem"),
    "problem.persons": (
        "查看涉及人员（须有留痕查询权限，查看留痕）",
        "list the persons concerned; needs the right to read the trail, and is recorded",
    ),
}

_OPTIONS: dict[str, tuple[str, str]] = {
    "circular": ("通报文号", "number of the circular"),
    "circular.list.unit": ("被通报单位全称", "full name of the unit"),
    "circular.show.person": ("是否显示涉及人员（须有权限）", "whether to show whom it names"),
    "column": (
        "本局表头对应的模板表头，可重复：本局表头=模板表头",
        "what an own header stands for, may be repeated: OWN=HEADER",
    ),
    "concerned": ("涉及人员编号，如 BE-2019-0042/H01", "number of the person concerned"),
    "duty": ("在其中的责任", "the person's part in it"),
    "errors": ("有误的行写入此文件", "the file for the wrong rows"),
    "item": ("条目序号", "number of the item"),
    "problem.name-person.post": ("岗位或职务", "post"),
    "problem.name-person.person": ("名册编号（不写姓名）", "number in the register, no name"),
}

INTAKE: dict[str, tuple[str, str]] = {
    **TABLE_FAULTS,
    **_ERRORS,
    **_SAID,
    **_TERMS,
    **{f"col.{key}": words for key, words in _HEADS.items()},
    **{f"tag.{tag}": words for tag, words in _TAGS.items()},
    **{f"cmd.{path}": words for path, words in _COMMANDS.items()},
    **{f"opt.{name}": words for name, words in _OPTIONS.items()},
}

INTAKE_EXAMPLES: dict[str, str] = {
    "ticket.template": "duban ticket template tickets.xlsx",
    "ticket.import": "duban ticket import BE-2019 tickets.csv --column 派单号=工单编号 --as OF-1",
    "ticket.list": "duban ticket list --campaign BE-2019",
    "circular.template": "duban circular template circulars.xlsx",
    "circular.import": "duban circular import circulars.xlsx --as OF-1",
    "circular.list": "duban circular list --year 2018",
    "circular.show": "duban circular show 庆作风办通报〔2018〕3号 2 --person --as SU-1",
    "problem.name-person": (
        "duban problem name-person BE-2019-0042 --post 窗口负责人 --person U03-H1 --as SU-1"
    ),
    "problem.withdraw-person": (
        "duban problem withdraw-person BE-2019-0042 BE-2019-0042/H01 --reason 核实有误 --as SU-1"
    ),
    "problem.persons": "duban problem persons BE-2019-0042 --as SU-1",
}
