"""Sentences for plan files: what is wrong with a cell or a plan, and what to do (zh, en)."""

PLAN_TEXTS: dict[str, tuple[str, str]] = {
    "plan_file.invalid": (
        "{file} 有 {count} 处问题，未启动任何事项；请逐条改正后重试。",
        "{file} has {count} problems; nothing was started. Correct them and try again.",
    ),
    # The file.
    "file.not_found": (
        "找不到文件 {file}。请检查路径。",
        "There is no file {file}. Check the path.",
    ),
    "file.wrong_suffix": (
        "{file} 不是方案文件。请用 .xlsx、.yaml 或 .yml。",
        "{file} is no plan file. Use .xlsx, .yaml or .yml.",
    ),
    "file.too_large": (
        "文件超过 {limit} MB。请删去图片和多余的工作表。",
        "The file exceeds {limit} MB. Remove pictures and sheets that are not needed.",
    ),
    "file.not_a_workbook": (
        "文件打不开，不是有效的 .xlsx 工作簿。请用 Excel 或 WPS 另存为 .xlsx。",
        "The file cannot be opened as an .xlsx workbook. Save it again as .xlsx.",
    ),
    "file.password": (
        "工作簿设有打开密码。请取消密码后再用。",
        "The workbook is protected by a password. Remove it first.",
    ),
    "file.not_yaml": (
        "文件不是有效的 UTF-8 YAML；出错位置见行号。",
        "The file is no valid UTF-8 YAML; the line says where it breaks.",
    ),
    "file.no_plan_sheets": (
        "没有方案工作表。现有：{found}；应有：{expected}。可用 duban campaign template 生成空表。",
        (
            "No sheet of a plan. Found: {found}; expected: {expected}. "
            "`duban campaign template` writes an empty form."
        ),
    ),
    # Sheets and columns.
    "sheet.missing": (
        "缺少这张工作表；名称最接近的是：{suggestion}。",
        "This sheet is missing; the nearest name is: {suggestion}.",
    ),
    "sheet.no_header": (
        "前十行里没有找到表头。请对照说明表补上表头。",
        "No header within the first ten rows. Add the headers named on the sheet 说明.",
    ),
    "sheet.too_long": (
        "行数超过 {limit}。请删去空行以外的多余内容，或拆分方案。",
        "More than {limit} rows. Remove what does not belong here, or split the plan.",
    ),
    "column.missing": (
        "缺少必填列“{header}”。请补上该列。",
        "The required column {header} is missing. Add it.",
    ),
    "column.unknown": (
        "不认识的列“{header}”；最接近的是“{suggestion}”。请改名，或把内容移到“备注”列。",
        "Unknown column {header}; the nearest is {suggestion}. Rename it or use the column 备注.",
    ),
    "column.unnamed": (
        "此列有内容但没有表头。请补表头，或清空该列。",
        "This column has content but no header. Give it a header or empty it.",
    ),
    "column.twice": (
        "“{header}”出现两次。请删去一个。",
        "{header} stands here twice. Remove one.",
    ),
    # Cells.
    "cell.missing": (
        "“{header}”必填，现为空。合并的单元格只有第一格有值，请取消合并逐行填写。",
        "{header} is required and empty. Of merged cells only the first has a value: unmerge them.",
    ),
    "cell.not_text": (
        "“{header}”应为文字，现为“{said}”。",
        "{header} must be text, not {said}.",
    ),
    "cell.too_long": (
        "“{header}”有 {length} 字，超过 {limit} 字。请精简。",
        "{header} has {length} characters, more than {limit}. Shorten it.",
    ),
    "cell.not_a_code": (
        "“{header}”应为编号（字母、数字、点、横线、斜线，不超过64位），现为“{said}”。",
        "{header} must be a code (letters, digits, dot, dash, slash; up to 64), not {said}.",
    ),
    "cell.not_a_number": (
        "“{header}”应为数字，现为“{said}”。目标要有数，不能只有话。",
        "{header} must be a number, not {said}. A goal needs a number, not words.",
    ),
    "cell.not_a_count": (
        "“{header}”应为从1开始的整数，现为“{said}”。",
        "{header} must be a whole number from 1 up, not {said}.",
    ),
    "cell.not_a_date": (
        "“{header}”应为日期，现为“{said}”。可写 2019-06-28、2019年6月28日、2019/6/28。",
        "{header} must be a date, not {said}. Write 2019-06-28, 2019年6月28日 or 2019/6/28.",
    ),
    "cell.not_a_flag": (
        "“{header}”应为“是”或“否”，现为“{said}”。",
        "{header} must be 是 (yes) or 否 (no), not {said}.",
    ),
    "cell.not_a_choice": (
        "“{header}”应为：{choices}；现为“{said}”，最接近的是“{suggestion}”。",
        "{header} must be one of {choices}; not {said}. The nearest is {suggestion}.",
    ),
    "cell.not_a_former_unit": (
        "“{header}”应写作“U02 2018-05-01”，现为“{said}”。",
        "{header} must read like “U02 2018-05-01”, not {said}.",
    ),
    "cell.error_value": (
        "“{header}”是公式错误 {said}。请改正公式或填写数值。",
        "{header} is the formula error {said}. Correct the formula or write the value.",
    ),
    "cell.percent_unit": (
        "“{header}”填的是百分数，但计量单位是“{unit}”。请统一。",
        "{header} is a percentage, but the unit of measure is {unit}. Make them agree.",
    ),
    "cell.ambiguous": (
        "“{header}”中的“{said}”对应多个：{candidates}。请改填编号。",
        "“{said}” in {header} may be any of {candidates}. Write the code.",
    ),
    "cell.name_mismatch": (
        "“{header}”中编号 {code} 的名称是“{name}”，这里写的是“{said}”。请核对。",
        "In {header} the code {code} belongs to {name}, but {said} stands beside it. Check which.",
    ),
    # The plan: objects and references.
    "fault.duplicate_code": (
        "“{header}”重复：{code}。编号只能用一次。",
        "{header} {code} stands here twice. A code is used once.",
    ),
    "fault.duplicate_goal": (
        "任务 {task} 第 {phase} 阶段的指标“{measure}”已有目标。请合并。",
        "Task {task} already has a goal for “{measure}” in phase {phase}. Merge them.",
    ),
    "fault.unknown_unit": (
        "“{header}”中的单位 {unit} 不在单位表里。请改正，或先在单位表登记。",
        "The unit {unit} in {header} is not among the units. Correct it or add the unit.",
    ),
    "fault.unknown_person": (
        "“{header}”中的人员 {person} 不在人员表里。请改正，或先在人员表登记。",
        "The person {person} in {header} is not among the people. Correct it or add the person.",
    ),
    "fault.unknown_task": (
        "任务 {task} 不在任务清单里。请改正任务编号。",
        "The task {task} is not on the task list. Correct the number.",
    ),
    "fault.unknown_phase": (
        "没有第 {phase} 阶段。请改正阶段序号，或补上该阶段。",
        "There is no phase {phase}. Correct the number or add the phase.",
    ),
    "fault.unknown_clause": (
        "条款 {clause} 不在实施方案条款表里。请改正条款编号。",
        "The clause {clause} is not among the clauses. Correct the number.",
    ),
    "fault.parent_cycle": (
        "单位 {unit} 的上级链条回到了它自己。请改正上级单位。",
        "Going up from unit {unit} leads back to it. Correct its parent.",
    ),
    # The plan: who answers.
    "fault.unit_missing_for_role": (
        "{person} 的角色“{role}”须填所在单位。",
        "{person} holds the role {role}, which needs a unit.",
    ),
    "fault.role_not_for_people": (
        "角色“{role}”不能由人担任。请另选角色。",
        "The role {role} is not held by people. Choose another.",
    ),
    "fault.name_differs": (
        "人员 {person} 前面登记为“{other}”，这里是“{name}”。一个编号只能是一个人。",
        "{person} stands above as {other}, here as {name}. One code is one person.",
    ),
    "fault.leader_wrong_role": (
        "责任领导 {person} 没有主要领导角色。请填牵头单位的主要领导。",
        "{person} is not a principal leader. Name the principal leader of the lead unit.",
    ),
    "fault.leader_of_other_unit": (
        "责任领导 {person} 不是牵头单位 {unit} 的主要领导。请核对。",
        "{person} is not the principal leader of the lead unit {unit}. Check which is meant.",
    ),
    "fault.member_of_other_unit": (
        "“{header}”{person} 不是牵头单位 {unit} 的人员。请核对。",
        "{header}: {person} does not act for the lead unit {unit}. Check which is meant.",
    ),
    "fault.lead_also_assists": (
        "{unit} 既牵头又配合。牵头单位只有一个，请从配合单位中删去。",
        "{unit} leads and assists. A task has one lead; remove it from the assisting units.",
    ),
    "fault.unit_without_leader": (
        "单位 {unit} 须报单位方案，但人员表里没有它的主要领导。请登记。",
        "Unit {unit} owes a plan but has no principal leader to sign it. Add the person.",
    ),
    "fault.body_without_person": (
        "{role}没有人员。请在人员表登记。",
        "Nobody holds the role {role}. Add the person.",
    ),
    "fault.lead_body_unfit": (
        "{role}不能牵头专项。请填办公室、工作组或专项组。",
        "{role} cannot lead a campaign. Name the office, a working group or a campaign group.",
    ),
    "fault.sign_off_not_separate": (
        "{lead}牵头的专项不能由{role}销号；监督问责组牵头的，由办公室或综合协调组销号。",
        (
            "A campaign led by {lead} cannot be signed off by {role}; where the supervision group "
            "leads, the office or the coordination group signs off."
        ),
    ),
    # The plan: phases and dates.
    "fault.no_phases": (
        "没有阶段。请至少设一个阶段。",
        "There are no phases. Set at least one.",
    ),
    "fault.phase_number": (
        "阶段序号应为 {expected}，现为 {no}。阶段从1起依次编号。",
        "The phase number must be {expected}, not {no}. Phases are numbered from 1 up.",
    ),
    "fault.phase_reversed": (
        "结束日期 {on} 早于开始日期 {starts_on}。",
        "The phase ends on {on}, before it starts on {starts_on}.",
    ),
    "fault.phase_overlap": (
        "本阶段 {on} 开始，上一阶段 {before} 才结束。阶段不能重叠，要按先后排列。",
        (
            "This phase starts on {on}, but the one above ends on {before}. "
            "Phases follow each other and do not overlap."
        ),
    ),
    "fault.date_order": (
        "“{header}”{on} 应晚于前一节点 {before}。",
        "{header} {on} must come after the date before it, {before}.",
    ),
    "fault.on_rest_day": (
        (
            "“{header}”{on} 是休息日。建议改为 {previous} 或 {next}；"
            "任务和目标确须保留的，“保留休息日”填“是”。"
        ),
        (
            "{header} {on} is a rest day. Take {previous} or {next}; for a task or goal that "
            "must keep it, write 是 in 保留休息日."
        ),
    ),
    "fault.out_of_calendar": (
        "“{header}”{on} 超出工作日历范围 {first_on} 至 {last_on}。请改日期，或先导入日历。",
        (
            "{header} {on} lies outside the calendar {first_on} to {last_on}. "
            "Change the date or import a calendar first."
        ),
    ),
    "fault.task_due_outside": (
        "完成时限 {on} 不在专项期间（{launch_on} 之后、{close_on} 之前）。",
        "The task is due on {on}, outside the campaign (after {launch_on}, up to {close_on}).",
    ),
    # The plan: tasks and goals.
    "fault.no_tasks": ("任务清单是空的。", "The task list is empty."),
    "fault.task_without_goal": (
        "任务 {task} 没有阶段目标。请在阶段目标表补上。",
        "Task {task} has no phase goal. Add one on the sheet of goals.",
    ),
    "fault.task_without_clause": (
        "任务 {task} 没有方案依据。请填实施方案条款编号。",
        "Task {task} cites no clause. Name the clause of the implementation plan.",
    ),
    "fault.clause_not_covered": (
        "条款 {clause} 没有任务承担。请安排任务，确保工作不漏。",
        "No task carries clause {clause}. Assign one, so that nothing is lost.",
    ),
    "fault.phase_without_goal": (
        "第 {phase} 阶段没有目标。每个阶段都要有目标。",
        "Phase {phase} has no goals. Every phase needs some.",
    ),
    "fault.goal_outside_phase": (
        "目标时限 {on} 不在第 {phase} 阶段（{starts_on} 至 {ends_on}）内。",
        "The goal is due on {on}, outside phase {phase} ({starts_on} to {ends_on}).",
    ),
    "fault.target_not_beyond_baseline": (
        "方向为“{direction}”，但目标值 {target} 比基线 {baseline} 退步。请核对。",
        (
            "The direction is {direction}, but the target {target} falls behind the baseline "
            "{baseline}. Check the numbers."
        ),
    ),
    "fault.detail_missing": (
        "五个要细缺少“{point}”。请填写依据出处。",
        "Of the five details {point} is not answered. Give a reference.",
    ),
    "fault.vague_target": (
        "问题靶标“{text}”没有具体对象。请写明哪些单位、什么事。",
        "The target “{text}” aims at nothing. Say which units and what matter.",
    ),
    "fault.court_case": (
        "“{header}”涉及具体案件 {case}。专项整治不得过问具体案件，请改为统计指标。",
        "{header} names the court case {case}. A campaign may not touch a case; use statistics.",
    ),
    # The plan: size.
    "fault.too_many": (
        "“{header}”有 {count} 项，超过上限 {limit}。请拆分为几个专项。",
        "{header}: {count} entries, more than the limit of {limit}. Split the campaign.",
    ),
}
