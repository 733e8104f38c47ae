"""The words that head the columns of a field table, and how some columns join the description.

Another name of a column is one more entry of `COLUMNS`. Columns that mean something only together
are in `column_meanings.py`.
"""

from __future__ import annotations

COLUMNS: dict[str, str] = {
    **dict.fromkeys(("参数", "参数名", "参数名称", "字段", "字段名", "字段名称", "名称"), "name"),
    **dict.fromkeys(("属性", "属性名", "属性名称", "变量", "变量名", "键", "key", "键名"), "name"),
    **dict.fromkeys(("name", "field", "fieldname", "parameter", "param", "property"), "name"),
    **dict.fromkeys(("英文名", "英文名称", "字段英文名", "参数英文名", "请求头", "header"), "name"),
    **dict.fromkeys(("字段代码", "参数代码", "域名称", "标识", "字段标识", "标签"), "name"),
    **dict.fromkeys(("是否必填", "必填", "是否必须", "必须", "是否必传", "是否必选"), "required"),
    **dict.fromkeys(
        (
            "必填参数",
            "必填/选填",
            "必选",
            "必传",
            "必需",
            "是否必需",
            "必输",
            "是否必输",
            "是否必要",
        ),
        "required",
    ),
    **dict.fromkeys(
        ("required", "require", "mandatory", "必填项", "必填性", "m/o", "m/o/c"), "required"
    ),
    **dict.fromkeys(
        ("必填?", "必填?", "必须?", "约束条件", "存在性", "出现要求", "必录"), "required"
    ),
    **dict.fromkeys(
        ("是否必返", "必返", "是否返回", "是否必返回", "是否必现", "是否必有"), "required"
    ),
    **dict.fromkeys(("可空", "可为空", "是否可空", "是否可为空", "允许为空", "允许空"), "nullable"),
    **dict.fromkeys(
        ("可否为空", "可否空", "能否为空", "是否为空", "是否能为空", "允许为null"), "nullable"
    ),
    **dict.fromkeys(("是否允许为空", "空", "nullable", "可选", "是否可选", "optional"), "nullable"),
    **dict.fromkeys(("类型", "参数类型", "数据类型", "字段类型"), "type"),
    **dict.fromkeys(("类型及长度", "类型长度", "类型(长度)", "类型/长度", "类型和长度"), "type"),
    **dict.fromkeys(("属性类型", "变量类型", "值类型", "格式类型", "type", "datatype"), "type"),
    **dict.fromkeys(("最大长度", "长度", "字段长度", "数据长度"), "max_length"),
    **dict.fromkeys(
        ("参数长度", "长度限制", "最大长度(字符)", "length", "maxlength"), "max_length"
    ),
    **dict.fromkeys(("位置", "参数位置", "in", "请求类型", "location", "传参方式"), "location"),
    **dict.fromkeys(("传递方式", "参数所在", "传参位置", "所在位置", "请求方式"), "location"),
    **dict.fromkeys(
        ("参数描述", "描述", "参数说明", "说明", "字段描述", "字段说明", "含义", "备注"),
        "description",
    ),
    **dict.fromkeys(
        ("参数含义", "字段含义", "描述信息", "参数备注", "属性说明", "属性描述", "释义"),
        "description",
    ),
    **dict.fromkeys(("description", "desc", "remark", "comment", "note"), "description"),
    **dict.fromkeys(("示例值", "示例", "样例", "样例值", "参数示例"), "example"),
    **dict.fromkeys(("示例数据", "例子", "举例", "例如", "example", "samplevalue"), "example"),
    **dict.fromkeys(("参数值", "值", "固定值", "内容", "value"), "value"),
    **dict.fromkeys(("默认值", "默认", "缺省值", "default", "defaultvalue"), "default"),
    **dict.fromkeys(("其他信息", "其它信息", "其他"), "other"),
    **dict.fromkeys(
        ("约束", "限制", "constraint", "constraints", "restrictions", "校验规则"), "constraint"
    ),
    **dict.fromkeys(("取值范围", "范围", "取值"), "range"),
    **dict.fromkeys(("枚举值", "枚举", "可选值", "枚举值列表", "enum"), "values"),
    **dict.fromkeys(("中文名", "中文名称", "字段中文名", "参数中文名", "定义", "title"), "title"),
    "schema": "schema",
    **dict.fromkeys(("序号", "编号", "no", "no."), "number"),
}
"""The words that head a column of a field table → what the column means."""

NOTES: dict[str, str] = {
    "title": "{}",
    "value": "值：{}",
    "default": "默认值：{}",
    "constraint": "约束：{}",
    "range": "取值范围：{}",
    "values": "取值范围：{}",
    "other": "{}",
}
"""The columns whose cells are said in the description, and how."""
