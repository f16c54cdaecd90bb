# 数字的写法
decimal-separator = .
group-separator = ,
grouped-from-digits = 4

# 每个页面的框架
close = 关闭
done = 完成
try-again = 重试
continue = 继续
optional = 选填
account = 账户
signed-in-as = 登录邮箱：{ $email }
code-for-support = 客服代码：{ $code }
sending = 正在发送…
offline = 您似乎已离线，未发送任何内容。请检查网络连接后重试。
session-ending = 此页面已打开很久。如果无法再提交，请从 cTrader 重新打开。

# 字段
check-fields = 请检查标记的字段。尚未发送任何内容。
field-required = 请填写此项。
field-too-long = 最多 { $max } 个字符。
field-invalid = 包含无法接受的字符。
field-email-invalid = 请输入电子邮箱地址，例如 name@example.com。
field-phone-invalid = 请输入带国家代码的电话号码，例如 +86 10 1234 5678。
field-iban-invalid = 请输入有效的 IBAN，与您的银行对账单一致。
field-date-invalid = 请输入日期。
field-date-future = 该日期晚于今天。
field-choice-invalid = 请选择其中一项。
amount-invalid = 请输入金额，例如 { $example }，不要使用千位分隔符。
amount-ambiguous = 这个金额有两种读法。您指的是哪一个？
amount-too-precise = 小数点后最多 { $decimals } 位。
amount-min = 最低金额：{ $amount }
amount-max = 最高金额：{ $amount }
amount-limits = { $min } 至 { $max }

# 入金
deposit-title = 入金
deposit-amount = 金额
deposit-presets = 常用金额
deposit-currency = 货币
deposit-method = 支付方式
deposit-submit = 入金
deposit-submit-amount = 入金 { $amount }
deposit-open = 进行中的入金
deposit-show = 查看
deposit-no-method = 此处无法向 { $currency } 账户入金。请咨询客服。
deposit-pay = 继续支付
deposit-window-text = 支付页面将在新窗口中打开，此页面会等待结果。
deposit-since = 开始时间

# Status of a deposit
deposit-created-title = 尚未收到付款确认
deposit-created-text = 请前往支付页面。如果您已付款，请勿再次付款：此页面会自动更新。
deposit-transfer-title = 请转账
deposit-transfer-text = 请按此金额准确转账，并注明参考编号。
deposit-pending-title = 正在等待您的付款
deposit-pending-text = 付款正在确认中。您可以关闭此页面，不会丢失任何内容。
deposit-paid-title = 已收到付款
deposit-paid-text = 我们正在将款项存入您的账户，需要一点时间。
deposit-credited-title = 入金已完成
deposit-credited-text = 资金已在您的账户中。
deposit-failed-title = 付款未成功
deposit-failed-text = 没有款项存入您的账户。您可以重试。
deposit-expired-title = 未按时收到付款
deposit-expired-text = 没有款项存入您的账户。如果您确已付款，付款一经确认，我们会立即入账。
deposit-checking-title = 我们正在核实您的入金
deposit-checking-text = 请勿再次付款。我们正在核查，并会回复您。

# 身份验证
kyc-title = 验证您的身份
kyc-intro = 请严格按照证件上的信息填写。
kyc-first-name = 名
kyc-last-name = 姓
kyc-birth-date = 出生日期
kyc-country = 居住国家/地区
kyc-address = 街道和门牌号
kyc-city = 城市
kyc-postcode = 邮政编码
kyc-document = 证件
kyc-document-number = 证件号码
kyc-submit = 提交验证
kyc-recorded-title = 已收到您的信息
kyc-recorded-text = 我们正在核对，并会通知您结果。

# 客服
chat-title = 客服
chat-intro = 还没有消息。请告诉我们您的需求，我们会回复您。
chat-topic = 您要咨询什么？
chat-message = 您的留言
chat-message-help = 请切勿发送密码或银行卡号。
chat-submit = 发送留言
chat-recorded-title = 已收到您的留言
chat-recorded-text = 我们会回复您。

# 自定义操作
action-submit = 提交
action-recorded-title = 已收到您的申请
action-recorded-text = 我们会为您处理。

# 经纪商系统对自定义操作的处理结果
outcome-succeeded-title = 已完成
outcome-succeeded-text = 您的请求已执行。
outcome-failed-title = 未能完成
outcome-failed-text = 没有任何更改。
outcome-unknown-title = 我们正在核实您的请求
outcome-unknown-text = 我们已收到您的请求，但尚不确定是否已执行。您无需再次提交。
check-again = 再次查询

# 已记录的内容
reference = 参考编号
recorded-again = 此内容之前已发送，只计一次。以下是我们收到的信息。
new-request = 新申请

# 前往券商自有页面
outside-text = 您将在新窗口中前往我们的网站继续：

# 供预览链接的程序使用
preview-title = 在 cTrader 中打开
preview-text = 点按“继续”打开此页面。

# cTrader 关闭页面之处
callback-success-title = 已全部完成
callback-success-text = 您可以关闭此页面。
callback-failure-title = 操作未成功
callback-failure-text = 请关闭此页面，然后从 cTrader 重试。

# 错误：发生了什么，现在该怎么做
invalid-ot-token-title = 此链接无效
invalid-ot-token-text = 请关闭此页面，然后从 cTrader 重新打开。
token-expired-title = 此链接已使用过
token-expired-text = 为了您的安全，每个链接只能打开一次。请关闭此页面，然后从 cTrader 重新打开。
user-not-found-title = 我们无法确认您的身份
user-not-found-text = cTrader 未向我们提供您的信息。请重新登录 cTrader，然后再次打开此页面。
missing-required-parameter-title = 此链接不完整
missing-required-parameter-text = 请关闭此页面，然后从 cTrader 重新打开。
invalid-parameter-title = 此链接已损坏
invalid-parameter-text = 请关闭此页面，然后从 cTrader 重新打开。
broker-mismatch-title = 此账户属于其他经纪商
broker-mismatch-text = 请在 cTrader 中切换到您在我们这里的账户，然后重新打开此页面。
account-mismatch-title = 当前选择的是另一个账户
account-mismatch-text = 请在 cTrader 中选择您要使用的账户，然后重新打开此页面。
other-site-title = 此页面不是从 cTrader 打开的
other-site-text = 为了您的安全，请关闭此页面，然后从 cTrader 打开。
session-expired-title = 您的会话已结束
session-expired-text = 您之前已发送的内容仍然有效。请关闭此页面，然后从 cTrader 重新打开。
upstream-unauthorized-title = 目前无法为您登录
upstream-unauthorized-text = 这是我们的问题，我们已收到通知。请稍后从 cTrader 重试。
upstream-contract-title = 目前无法为您登录
upstream-contract-text = 请关闭此页面，然后从 cTrader 重新打开。
set-up-unfinished-title = 此页面尚未就绪
set-up-unfinished-text = 您的经纪商还需要完成设置。这不是您的操作问题。请询问客服。
upstream-unavailable-title = cTrader 繁忙
upstream-unavailable-text = 没有丢失任何内容。请稍候再试。
redemption-unknown-title = 与 cTrader 的连接已中断
redemption-unknown-text = 请关闭此页面，然后从 cTrader 重新打开。
service-unavailable-title = 服务暂时不可用
service-unavailable-text = 没有丢失任何内容。请稍候再试。
too-many-requests-title = 今天已达上限
too-many-requests-text = 您今天提交的申请已达到一天可受理的上限。本次申请未提交。请明天再试。
open-deposits-title = 进行中的入金过多
open-deposits-text = 您进行中的入金已达到可同时进行的上限。请先完成其中一笔，或等待其中一笔结束，然后再进行新的入金。
not-found-title = 这里没有任何内容
not-found-text = 请关闭此页面，然后从 cTrader 重新打开。
method-not-allowed-title = 无法以这种方式打开
method-not-allowed-text = 请关闭此页面，然后从 cTrader 重新打开。
payload-too-large-title = 一次发送的内容过多
payload-too-large-text = 未发送任何内容。请返回，缩短文字后重新发送。
internal-error-title = 我们这边出了问题
internal-error-text = 请关闭此页面，然后从 cTrader 重新打开。如果您已发送过内容，请先咨询客服，再重新发送。
