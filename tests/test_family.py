"""The platform's other documents: each is read as the one way of writing that it stands for.

A new document is a file in `documents/`, its line in `OPERATIONS`, and a line in the table of
whatever it writes in a way of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from contract.documents import InterfaceDocument, Row, Sample
from contract.documents.cells import Kind, MaxLength
from contract.documents.row_places import rows_root
from contract.documents.shown_values import example
from contract.instances import present
from contract.pictures import image
from tests.one_interface import read

DOCUMENTS = Path(__file__).parent / "documents"
ELSEWHERE = {"contradictory", "createOrder", "getImgCode", "listCoupons"} | {
    f"logout-{variant}" for variant in ("gbk", "windows")
}  # `test_document.py` has what these are read as

OPERATIONS = {
    "applyInvoice": "POST /invoice/api/applyInvoice",
    "batchQueryCards": "POST /etc/api/card/batchQueryCards",
    "bindEtcCard": "POST /etc/api/card/bindEtcCard",
    "cancelOrder": "POST /order/api/cancelOrder",
    "checkAppVersion": "GET /app/api/checkAppVersion",
    "checkPlateExists": "GET /vehicle/api/checkPlateExists",
    "confirmPayment": "POST /pay/api/cashier/confirmPayment",
    "getCouponDetail": "GET /coupon/api/getCouponDetail",
    "getDictionary": "GET /base/api/getDictionary",
    "getOrderDetail": "GET /order/api/getOrderDetail",
    "getPayQrCode": "POST /pay/api/cashier/getPayQrCode",
    "getRouteDetail": "GET /route/api/getRouteDetail/{route_id}",
    "getServerTime": "GET /base/api/getServerTime",
    "getStationInfo": "GET /station/api/getStationInfo",
    "getUserAvatar": "GET /user/api/account/getUserAvatar",
    "listCities": "GET /base/api/listCities",
    "listMessages": "GET /message/api/listMessages",
    "listVehicles": "GET /vehicle/api/listVehicles",
    "login": "POST /auth/api/account/login",
    "queryBalance": "GET /wallet/api/queryBalance",
    "queryInvoiceList": "POST /invoice/api/queryInvoiceList",
    "queryParkingFee": "POST /parking/api/fee/queryParkingFee",
    "queryTollFee": "GET /toll/api/queryTollFee",
    "queryTransactions": "POST /wallet/api/queryTransactions",
    "receiveCoupon": "POST /coupon/api/receiveCoupon",
    "refreshToken": "POST /auth/api/account/refreshToken",
    "renewMonthCard": "POST /parking/api/card/renewMonthCard",
    "replaceObu": "PUT /vehicle/api/vehicles/{vehicle_id}/replaceObu",
    "reportLocation": "POST /track/api/reportLocation",
    "sendSmsCode": "POST /sms/api/sendSmsCode",
    "setDefaultPlate": "PUT /vehicle/api/setDefaultPlate",
    "submitComplaint": "POST /service/api/submitComplaint",
    "unbindBankCard": "DELETE /wallet/api/unbindBankCard/{card_id}",
    "updateUserProfile": "PUT /user/api/account/updateUserProfile",
    "uploadPassRecords": "POST /gate/api/uploadPassRecords",
}

# Written as listed() lists them: the path of each row, ? behind one whose 是否必填 says 否.
PARAMETERS = {
    "applyInvoice": "order_nos buyer buyer.name buyer.tax_no? email",
    "batchQueryCards": "card_nos",
    "bindEtcCard": (
        "card_no vehicle vehicle.plate_no vehicle.plate_color owner owner.name owner.phone sms_code"
    ),
    "cancelOrder": "order_no reason?",
    "checkAppVersion": "platform version_code",
    "checkPlateExists": "plate_no",
    "confirmPayment": "app_id sign order_no pay_type card? card.card_id card.sms_code",
    "getCouponDetail": "coupon_no user_no",
    "getDictionary": "dict_type",
    "getOrderDetail": "order_no",
    "getPayQrCode": "order_no amount with_logo?",
    "getRouteDetail": "route_id with_toll?",
    "getServerTime": "",
    "getStationInfo": "station_no",
    "getUserAvatar": "token user_no?",
    "listCities": "",
    "listMessages": "page_no page_size unread_only? types?",
    "listVehicles": "",
    "login": "account password img_code_id? img_code?",
    "queryBalance": "account_id",
    "queryInvoiceList": "title? start_date end_date",
    "queryParkingFee": "park_id plate_no plate_color?",
    "queryTollFee": "from to axles etc?",
    "queryTransactions": (
        "account_id filter? filter.min_amount? filter.range? filter.range.from filter.range.to "
        "page_no"
    ),
    "receiveCoupon": "activity_id channel",
    "refreshToken": "refresh_token device?",
    "renewMonthCard": "month_card_no months coupon_nos?",
    "replaceObu": "vehicle_id old_obu new_obu lost?",
    "reportLocation": "token lng lat speed?",
    "sendSmsCode": "phone scene img_code?",
    "setDefaultPlate": "plate_no is_default?",
    "submitComplaint": "type content attachments?",
    "unbindBankCard": "card_id pay_password",
    "updateUserProfile": (
        "nick_name? birthday? address? address.province address.city address.detail? hobbies?"
    ),
    "uploadPassRecords": (
        "batch_no records records.record_id records.pass_time records.gate records.gate.gate_no "
        "records.gate.direction"
    ),
}

ANSWERS = {
    "applyInvoice": (
        "request_id code msg data? data.apply_no data.amount data.orders data.orders.order_no "
        "data.orders.amount data.rejected"
    ),
    "batchQueryCards": "cards cards.card_no cards.status cards.tags missing",
    "bindEtcCard": "",
    "cancelOrder": "order_no refund_amount cancel_time",
    "checkAppVersion": (
        "code msg data data.latest_version data.force_update data.package? data.package.url "
        "data.package.size"
    ),
    "checkPlateExists": "code msg data",
    "confirmPayment": "pay_no paid pay_time?",
    "getCouponDetail": (
        "request_id code msg data data.coupon_no data.face_value data.rule data.rule.min_amount "
        "data.rule.weekdays data.parks data.parks.park_id data.parks.park_name"
    ),
    "getDictionary": (
        "code msg data data.value data.label data.enabled data.children? data.children.value "
        "data.children.label"
    ),
    "getOrderDetail": (
        "order_no status buyer buyer.user_no buyer.phone? items items.sku items.quantity "
        "items.gifts items.gifts.gift_name items.gifts.images remark?"
    ),
    "getPayQrCode": "qr_code qr_code_id expires_in",
    "getRouteDetail": (
        "route route.name route.start route.start.station route.start.lng route.start.lat "
        "route.toll? sections sections.section_no sections.length_km"
    ),
    "getServerTime": "timestamp datetime zone leap_year",
    "getStationInfo": "name lanes all_day phone?",
    "getUserAvatar": "nick_name avatar background? update_time",
    "listCities": "code msg data",
    "listMessages": (
        "total has_next messages messages.message_id messages.title messages.read "
        "messages.send_time messages.link?"
    ),
    "listVehicles": "vehicles vehicles.plate_no vehicles.axles vehicles.etc",
    "login": "token refresh_token expires_in roles permissions last_login_time?",
    "queryBalance": "account_id balance frozen points level vip open_date",
    "queryInvoiceList": "invoice_no amount tax_rate issue_time red",
    "queryParkingFee": "record_id park_id enter_time minutes total_fee discount_fee free",
    "queryTollFee": "fee discount level distance holiday_free",
    "queryTransactions": (
        "total rows rows.serial_no rows.amount rows.trade_time rows.counterparty? "
        "rows.counterparty.name"
    ),
    "receiveCoupon": "coupon_no face_value valid_from valid_to",
    "refreshToken": "token greeting",
    "renewMonthCard": "month_card_no valid_to fee spaces? spaces.space_no spaces.floor?",
    "replaceObu": "effective_time deposit",
    "reportLocation": "interval",
    "sendSmsCode": "code msg data? data.interval",
    "setDefaultPlate": "plate_no previous?",
    "submitComplaint": "ticket_no duplicated reply_before",
    "unbindBankCard": "",
    "updateUserProfile": "updated completeness",
    "uploadPassRecords": "accepted failures failures.record_id failures.reason",
}

# ? before a request, ! before an error.
SAMPLES = {
    "applyInvoice": "?请求样例 / 应答样例 成功 / !应答样例 订单已开票",
    "batchQueryCards": "?请求样例 / 应答样例",
    "bindEtcCard": "?业务参数请求样例 / 应答样例 / !错误样例1 / !错误样例2",
    "cancelOrder": "?请求样例 / 应答样例",
    "checkAppVersion": "",
    "checkPlateExists": "?请求样例 / 应答样例 / !错误样例",
    "confirmPayment": (
        "?请求样例 余额支付 / ?请求样例 银行卡支付 / 应答样例 支付成功"
        " / 应答样例 处理中 / !应答样例 余额不足 / !错误样例1 / !错误样例2"
    ),
    "getCouponDetail": "?请求样例 / 应答样例 / !错误样例1",
    "getDictionary": "应答样例",
    "getOrderDetail": "?请求样例 / 应答样例",
    "getPayQrCode": "?请求样例 / 应答样例 / !错误样例",
    "getRouteDetail": "?请求样例 / 应答样例",
    "getServerTime": "?请求样例 / 应答样例",
    "getStationInfo": "?请求样例 / 应答样例",
    "getUserAvatar": "应答样例",
    "listCities": "应答样例",
    "listMessages": "?请求样例 / 应答样例",
    "listVehicles": "应答样例",
    "login": "成功样例 / !错误样例1（密码错误） / !错误样例2（账号锁定）",
    "queryBalance": "?请求样例 / 应答样例（数字） / 应答样例（字符串）",
    "queryInvoiceList": "?业务参数请求样例 / 应答样例 / 应答样例2（无数据）",
    "queryParkingFee": "?请求样例 / 应答样例",
    "queryTollFee": "?请求样例 / 应答样例",
    "queryTransactions": "?请求样例 / 应答样例",
    "receiveCoupon": "?请求样例 / 响应样例 / !异常样例",
    "refreshToken": "?请求样例 / 应答样例",
    "renewMonthCard": "?请求示例 / 返回示例",
    "replaceObu": "?请求样例 / 成功样例 / !错误样例",
    "reportLocation": "?请求样例 / 应答样例",
    "sendSmsCode": "",
    "setDefaultPlate": "?请求样例 / 应答样例",
    "submitComplaint": "?请求样例 / 应答样例",
    "unbindBankCard": "?请求样例 / 成功样例 / !错误样例",
    "updateUserProfile": "?请求样例 / 返回样例",
    "uploadPassRecords": "?业务参数请求样例 / 应答样例1（部分失败） / 应答样例2（全部成功）",
}

ENVIRONMENTS = {
    "getStationInfo": (
        "开发=dev-station.example.com 测试=test-station.example.com 预发布=pre-station.example.com"
        " 生产="
    ),
    "getRouteDetail": "开发=dev-route.example.com:8443 测试=test-route.example.com 生产=",
    "getUserAvatar": "测试=test-user.example.com 预发布=pre-user.example.com 生产=user.example.com",
    "listMessages": (
        "测试=http://test-msg.example.com/gateway 生产=https://msg.example.com/gateway"
    ),
    "listVehicles": "测试=test-vehicle.example.com 生产=",
    "queryBalance": (
        "开发=http://dev-wallet.example:9001 测试=test-wallet.example.com 生产=wallet.example.com"
    ),
    "receiveCoupon": (
        "测试=https://test-coupon.example.com 预发布=https://pre-coupon.example.com 生产="
    ),
    "renewMonthCard": "测试环境=test-parking.example.com 生产环境=parking.example.com",
    "replaceObu": (
        "开发=dev-vehicle.example.com 测试=test-vehicle.example.com 预发布=pre-vehicle.example.com"
        " 生产="
    ),
    "sendSmsCode": "测试=test-sms.example.com 生产=",
    "setDefaultPlate": "测试=test-vehicle.example.com:8080 生产=",
    "unbindBankCard": "测试=test-wallet.example.com 生产=",
    "updateUserProfile": "开发=dev-user.example.com 测试=test-user.example.com",
}

TITLES = {
    "getRouteDetail": "查询路线详情",
    "listVehicles": "查询名下车辆",
    "queryParkingFee": "查询停车费用",
    "refreshToken": "刷新令牌",
    "renewMonthCard": "续费月卡",
    "setDefaultPlate": "设置默认车牌",
}

KINDS = {
    "getDictionary": {"data": Kind.ARRAY, "data.enabled": Kind.BOOLEAN},
    "listVehicles": {"vehicles": Kind.ARRAY, "vehicles.axles": Kind.INTEGER},
    "login": {"expires_in": Kind.LONG, "roles": Kind.ARRAY, "permissions": Kind.ARRAY},
    "queryBalance": {
        "account_id": Kind.LONG,
        "balance": Kind.NUMBER,
        "frozen": Kind.NUMBER,
        "level": Kind.INTEGER,
        "open_date": Kind.DATE,
    },
    "renewMonthCard": {"coupon_nos": Kind.ARRAY, "valid_to": Kind.DATE, "spaces": Kind.ARRAY},
    "sendSmsCode": {"phone": Kind.STRING, "data": Kind.OBJECT, "data.interval": Kind.INTEGER},
}

LIMITS: dict[str, dict[str, MaxLength | None]] = {
    "getPayQrCode": {"qr_code": None, "qr_code_id": 32, "expires_in": 4, "amount": (10, 2)},
    "getUserAvatar": {"token": 64, "avatar": None},
    "listMessages": {"page_size": 3, "unread_only": None, "types": None, "messages.title": 60},
    "listVehicles": {"vehicles.plate_no": 10, "vehicles.axles": 2, "vehicles.etc": None},
    "queryInvoiceList": {"amount": (12, 2), "tax_rate": (4, 2), "start_date": 8},
    "queryParkingFee": {"park_id": 19, "plate_no": 8, "minutes": 6, "free": None},
    "queryTollFee": {"axles": 2, "level": 1, "distance": 7, "discount": (3, 2)},
    "receiveCoupon": {"activity_id": None, "channel": 2, "face_value": (6, 2), "valid_to": None},
    "replaceObu": {"vehicle_id": None, "old_obu": 16, "effective_time": None},
    "setDefaultPlate": {"plate_no": None},
}

EXAMPLES: dict[str, dict[str, object]] = {
    "getPayQrCode": {"amount": "35.50", "with_logo": True, "expires_in": 120, "qr_code": None},
    "getServerTime": {"timestamp": "1773795600123", "leap_year": False, "zone": "Asia/Shanghai"},
    "getStationInfo": {"lanes": 12, "all_day": True, "phone": None},
    "login": {"account": "13800138000", "password": None, "token": None},
    "queryTollFee": {"from": "G42|江桥", "etc": True, "holiday_free": False, "axles": 2},
    "replaceObu": {"vehicle_id": "7700012", "lost": False, "deposit": "0.00"},
    "unbindBankCard": {"card_id": "90017", "pay_password": None},
}

DESCRIPTIONS = {
    "getStationInfo": {"name": "收费站名称", "phone": "电话"},
    "getUserAvatar": {"avatar": "图片base64", "background": "主页背景图，图片base64"},
    "queryParkingFee": {"plate_color": "车牌颜色：0-蓝色，1-黄色，4-绿色"},
    "queryTollFee": {"from": "入口站，格式：高速编号|站名", "level": "车型：1|2|3|4"},
    "refreshToken": {"greeting": "问候语，长度按字符计"},
    "submitComplaint": {"type": "投诉类型：1-多扣费，2-未优惠，3-道闸故障，4-人员服务，9-其他"},
}

# Every value that a path leads to in the first sample of a success.
VALUES: dict[str, dict[str, list[object]]] = {
    "applyInvoice": {"data.amount": [71.0], "data.rejected": [[]]},
    "batchQueryCards": {"cards.tags": [["记账卡", "联名卡"], []], "missing": [[]]},
    "checkPlateExists": {"data": [True]},
    "getCouponDetail": {"data.rule.weekdays": [[6, 7]], "data.rule.min_amount": ["10.00"]},
    "getDictionary": {"data.children.value": [41, 42], "data.label": ["蓝色", "绿色"]},
    "getOrderDetail": {"items.gifts.gift_name": ["车载支架"], "items.quantity": [1, 2]},
    "getServerTime": {"timestamp": [1773795600123], "datetime": ["2026-03-18T09:00:00+08:00"]},
    "listCities": {"data": [["上海", "苏州", "杭州"]]},
    "listMessages": {"messages.message_id": [50012, "50009"]},
    "queryBalance": {"account_id": [6200000000000000001], "balance": [-12.3], "frozen": [0]},
    "queryInvoiceList": {"invoice_no": ["26312000000012345678", "26312000000012345679"]},
    "queryParkingFee": {
        "record_id": ["1769823450981234688"],
        "park_id": [310115000000000126],
        "enter_time": [1773795600000],
        "discount_fee": ["5.00"],
    },
    "queryTransactions": {"rows.counterparty.name": ["示例停车场"]},
    "receiveCoupon": {"face_value": [5], "valid_from": ["2026/03/18"]},
    "refreshToken": {"greeting": ["欢迎回来，张三"]},
    "renewMonthCard": {"spaces.floor": [-2], "valid_to": ["2026年6月30日"]},
    "setDefaultPlate": {"plate_no": ["沪A12345"], "previous": [None]},
    "uploadPassRecords": {"accepted": [1], "failures.record_id": ["800002"]},
}

REQUESTS: dict[str, object] = {
    "bindEtcCard": {
        "card_no": "31011901230012345678",
        "vehicle": {"plate_no": "沪A12345", "plate_color": 0},
        "owner": {"name": "张三", "phone": "13800138000"},
        "sms_code": "204816",
    },
    "cancelOrder": {"order_no": "P202603180000017", "reason": "行程有变"},
    "receiveCoupon": {"activity_id": "20260318", "channel": 3},
    "renewMonthCard": {"month_card_no": "MC310115001", "months": 3, "coupon_nos": []},
    "replaceObu": {"old_obu": "OBU31010001", "new_obu": "OBU31010002", "lost": False},
    "setDefaultPlate": {"plate_no": "沪A12345", "is_default": True},
}

# Method, host and path of a request line, and its query.
REQUEST_LINES = {
    "checkPlateExists": ("GET /vehicle/api/checkPlateExists", {"plate_no": "沪A12345"}),
    "getCouponDetail": (
        "GET /coupon/api/getCouponDetail",
        {"coupon_no": "C20260318000009", "user_no": "U20481"},
    ),
    "getOrderDetail": ("/order/api/getOrderDetail", {"order_no": "P202603180000017"}),
    "getRouteDetail": (
        "GET test-route.example.com/route/api/getRouteDetail/R-88",
        {"with_toll": "true"},
    ),
    "getServerTime": ("GET test-base.example.com/base/api/getServerTime", {}),
    "getStationInfo": ("", {"station_no": "G42-017"}),
    "listMessages": (
        "GET test-msg.example.com/gateway/message/api/listMessages",
        {"page_no": "1", "page_size": "20", "unread_only": "false", "types": "BILL"},
    ),
    "queryBalance": ("", {"account_id": "6200000000000000001"}),
    "queryTollFee": (
        "GET /toll/api/queryTollFee",
        {"from": "G42|江桥", "to": "G42|花桥", "axles": "2", "etc": "true"},
    ),
    "reportLocation": (
        "POST test-track.example.com/track/api/reportLocation",
        {"token": "d4f1", "lng": "121.473701", "lat": "31.230416", "speed": "60"},
    ),
    "unbindBankCard": (
        "DELETE /wallet/api/unbindBankCard/90017",
        {"pay_password": "******"},
    ),
}

PICTURES = {
    "getPayQrCode": ("qr_code", "image/png", (66, 66)),
    "getUserAvatar": ("avatar", "image/jpeg", (24, 24)),
}

REMARKS = {
    "bindEtcCard": ["* 请求格式 : application/json"],
    "getStationInfo": ["- 请求格式 : 无请求体", "- 鉴权 : 无需登录"],
    "queryParkingFee": [
        "车辆驶离前调用，返回截至当前时刻的应缴费用。",
        "- **请求格式**：`application/json;charset=UTF-8`",
        "- **鉴权**：请求头携带 Authorization",
    ],
    "receiveCoupon": ["3. 超时：3000ms"],
    "setDefaultPlate": ["鉴权 : 请求头携带令牌"],
    "submitComplaint": [
        "| 投诉类型 | 承诺时限 |",
        "| -------- | -------- |",
        "| 1、2 | 1个工作日 |",
        "| 3、4、9 | 3个工作日 |",
    ],
}

# How the file is encoded, and bytes that an editor would quietly write otherwise.
ENCODINGS = {
    "cancelOrder": ("utf-8", "取消订单\r\n"),
    "listVehicles": ("utf-8", "\ufeff##\u3000查询名下车辆"),
    "receiveCoupon": ("utf-8", "{\n\t"),
    "refreshToken": ("gbk", "刷新令牌"),
}


def each(table: Mapping[str, object]) -> pytest.MarkDecorator:
    """Once for each line of a table, by the name of the file."""
    return pytest.mark.parametrize(("name", "expected"), table.items(), ids=table)


@cache
def document(name: str) -> InterfaceDocument:
    return read(DOCUMENTS / f"{name}.md")


def listed(rows: tuple[Row, ...]) -> str:
    return " ".join(f"{'.'.join(row.path)}{'' if row.is_required else '?'}" for row in rows)


def rows_of(name: str) -> dict[str, Row]:
    rows = (*document(name).parameters, *document(name).answer)
    return {".".join(row.path): row for row in rows}


def success(name: str) -> Sample:
    return document(name).good[0]


def request(name: str) -> Sample:
    return next(sample for sample in document(name).samples if sample.is_request)


def shown(name: str, path: str) -> list[object]:
    """What the sample shows where the row of this path stands."""
    value = success(name).value
    root = rows_root({row.path[0] for row in document(name).answer}, value)
    return [each.value for each in present(value, (*root, *path.split(".")), through_lists=True)]


def test_every_document_of_the_family_is_expected_of_something() -> None:
    names = {path.stem for path in DOCUMENTS.glob("*.md")}

    assert names - ELSEWHERE == set(OPERATIONS)


@each(OPERATIONS)
def test_the_operation_is_the_one_that_the_document_names(name: str, expected: str) -> None:
    assert f"{document(name).method.text} {document(name).address.text}" == expected


@each(OPERATIONS)
def test_a_file_is_named_for_the_last_fixed_segment_of_its_path(name: str, expected: str) -> None:
    fixed = [segment for segment in expected.split("/") if not segment.startswith("{")]

    assert fixed[-1] == name


@each(PARAMETERS)
def test_the_rows_of_the_request_stand_where_the_document_puts_them(
    name: str, expected: str
) -> None:
    assert listed(document(name).parameters) == expected


@each(ANSWERS)
def test_the_rows_of_the_answer_stand_where_the_document_puts_them(
    name: str, expected: str
) -> None:
    assert listed(document(name).answer) == expected


@each(SAMPLES)
def test_samples_are_told_apart_as_requests_answers_and_errors(name: str, expected: str) -> None:
    marks = {(True, False): "?", (False, True): "!", (False, False): ""}
    found = document(name)
    told = (f"{marks[s.is_request, s in found.failed]}{s.title}" for s in found.samples)

    assert " / ".join(told) == expected


@each(ENVIRONMENTS)
def test_environments_are_read_whatever_lists_them(name: str, expected: str) -> None:
    environments = document(name).environments

    assert " ".join(f"{e.name}={e.address}" for e in environments) == expected


@each(TITLES)
def test_the_title_is_the_interface_without_number_or_marks(name: str, expected: str) -> None:
    assert document(name).title.text == expected


@each(KINDS)
def test_types_are_read_in_all_their_casings(name: str, expected: dict[str, Kind]) -> None:
    assert {path: rows_of(name)[path].kind for path in expected} == expected


@each(LIMITS)
def test_lengths_are_read_as_numbers_digits_or_none(
    name: str, expected: dict[str, MaxLength | None]
) -> None:
    assert {path: rows_of(name)[path].limit for path in expected} == expected


@each(EXAMPLES)
def test_an_example_has_the_type_of_its_row(name: str, expected: dict[str, object]) -> None:
    found = {path: example(rows_of(name)[path]) for path in expected}

    assert repr(found) == repr(expected)  # 1 is no True


@each(DESCRIPTIONS)
def test_descriptions_are_read_whole(name: str, expected: dict[str, str]) -> None:
    assert {path: rows_of(name)[path].description for path in expected} == expected


def test_a_very_long_description_is_read_to_its_end() -> None:
    description = rows_of("submitComplaint")["content"].description

    assert (len(description), description[-7:]) == (202, "不再另建工单。")


@each(VALUES)
def test_a_sample_shows_its_values_where_the_rows_stand(
    name: str, expected: dict[str, list[object]]
) -> None:
    found = {path: shown(name, path) for path in expected}

    assert repr(found) == repr(expected)


@each(REQUESTS)
def test_the_body_of_a_request_is_read_as_json(name: str, expected: object) -> None:
    assert request(name).value == expected


@each(REQUEST_LINES)
def test_a_request_line_is_read_with_its_query_or_form(
    name: str, expected: tuple[str, dict[str, str]]
) -> None:
    line = request(name).request

    assert line is not None
    assert (f"{line.method} {line.host}{line.path}".strip(), dict(line.query)) == expected


@each(PICTURES)
def test_a_picture_of_a_sample_is_one(
    name: str, expected: tuple[str, str, tuple[int, int]]
) -> None:
    path, media_type, size = expected
    (text,) = shown(name, path)
    encoded = image.decode(str(text))
    picture = image.read(encoded.data)

    assert (picture.media_type, (picture.width, picture.height)) == (media_type, size)


@each(REMARKS)
def test_what_else_the_document_says_is_kept(name: str, expected: list[str]) -> None:
    assert [remark.text for remark in document(name).remarks] == expected


@each(ENCODINGS)
def test_a_file_is_still_written_as_the_variation_that_it_stands_for(
    name: str, expected: tuple[str, str]
) -> None:
    encoding, text = expected

    assert text in (DOCUMENTS / f"{name}.md").read_bytes().decode(encoding)
