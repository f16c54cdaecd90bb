# 數字的寫法
decimal-separator = .
group-separator = ,
grouped-from-digits = 4

# 每個頁面的框架
close = 關閉
done = 完成
try-again = 重試
continue = 繼續
optional = 選填
account = 帳戶
signed-in-as = 登入電子郵件：{ $email }
code-for-support = 客服代碼：{ $code }
sending = 傳送中…
offline = 您似乎已離線，未傳送任何內容。請檢查網路連線後再試一次。
session-ending = 此畫面已開啟很久。如果無法再傳送，請從 cTrader 重新開啟。

# 欄位
check-fields = 請檢查標示的欄位。尚未傳送任何內容。
field-required = 請填寫此欄位。
field-too-long = 最多 { $max } 個字元。
field-invalid = 包含無法接受的字元。
field-email-invalid = 請輸入電子郵件地址，例如 name@example.com。
field-phone-invalid = 請輸入含國碼的電話號碼，例如 +886 2 1234 5678。
field-iban-invalid = 請輸入有效的 IBAN，與您的銀行對帳單一致。
field-date-invalid = 請輸入日期。
field-date-future = 此日期晚於今天。
field-choice-invalid = 請選擇其中一項。
amount-invalid = 請輸入金額，例如 { $example }，不要使用千分位符號。
amount-ambiguous = 這個金額有兩種讀法。您指的是哪一個？
amount-too-precise = 小數點後最多 { $decimals } 位。
amount-min = 最低金額：{ $amount }
amount-max = 最高金額：{ $amount }
amount-limits = { $min } 至 { $max }

# 入金
deposit-title = 入金
deposit-amount = 金額
deposit-presets = 常用金額
deposit-currency = 幣別
deposit-method = 付款方式
deposit-submit = 入金
deposit-submit-amount = 入金 { $amount }
deposit-open = 進行中的入金
deposit-show = 查看
deposit-no-method = 此處無法向 { $currency } 帳戶入金。請詢問客服。
deposit-pay = 繼續付款
deposit-window-text = 付款頁面將在新視窗中開啟，此頁面會等待結果。
deposit-since = 開始時間

# Status of a deposit
deposit-created-title = 尚未收到付款確認
deposit-created-text = 請前往付款頁面。如果您已付款，請勿再次付款：此頁面會自動更新。
deposit-transfer-title = 請轉帳
deposit-transfer-text = 請依此金額準確轉帳，並註明參考編號。
deposit-pending-title = 正在等待您的付款
deposit-pending-text = 付款正在確認中。您可以關閉此頁面，不會遺失任何內容。
deposit-paid-title = 已收到付款
deposit-paid-text = 我們正在將款項存入您的帳戶，需要一點時間。
deposit-credited-title = 入金已完成
deposit-credited-text = 資金已在您的帳戶中。
deposit-failed-title = 付款未成功
deposit-failed-text = 沒有款項存入您的帳戶。您可以再試一次。
deposit-expired-title = 未按時收到付款
deposit-expired-text = 沒有款項存入您的帳戶。如果您確已付款，付款一經確認，我們會立即入帳。
deposit-checking-title = 我們正在確認您的入金
deposit-checking-text = 請勿再次付款。我們正在查核，並會回覆您。

# 身分驗證
kyc-title = 驗證您的身分
kyc-intro = 請完全依照證件上的資料填寫。
kyc-first-name = 名字
kyc-last-name = 姓氏
kyc-birth-date = 出生日期
kyc-country = 居住國家/地區
kyc-address = 街道與門牌號碼
kyc-city = 城市
kyc-postcode = 郵遞區號
kyc-document = 證件
kyc-document-number = 證件號碼
kyc-submit = 送出驗證
kyc-recorded-title = 已收到您的資料
kyc-recorded-text = 我們正在審核，並會通知您結果。

# 客服
chat-title = 客服
chat-intro = 尚無訊息。請告訴我們您的需求，我們會回覆您。
chat-topic = 您要諮詢什麼？
chat-message = 您的訊息
chat-message-help = 請切勿傳送密碼或卡號。
chat-submit = 傳送訊息
chat-recorded-title = 已收到您的訊息
chat-recorded-text = 我們會回覆您。

# 自訂動作
action-submit = 送出
action-recorded-title = 已收到您的申請
action-recorded-text = 我們會為您處理。

# 經紀商系統對自訂操作的處理結果
outcome-succeeded-title = 已完成
outcome-succeeded-text = 您的要求已執行。
outcome-failed-title = 未能完成
outcome-failed-text = 沒有任何變更。
outcome-unknown-title = 我們正在確認您的要求
outcome-unknown-text = 我們已收到您的要求，但尚不確定是否已執行。您無需再次提交。
check-again = 再次查詢

# 已記錄的內容
reference = 參考編號
recorded-again = 此內容先前已傳送，只計一次。以下是我們收到的資料。
new-request = 新申請

# 前往券商自有頁面
outside-text = 您將在新視窗中前往我們的網站繼續：

# 供預覽連結的程式使用
preview-title = 在 cTrader 中開啟
preview-text = 點一下「繼續」以開啟此頁面。

# cTrader 關閉頁面之處
callback-success-title = 已全部完成
callback-success-text = 您可以關閉此頁面。
callback-failure-title = 操作未成功
callback-failure-text = 請關閉此頁面，然後從 cTrader 再試一次。

# 錯誤：發生了什麼事，現在該怎麼做
invalid-ot-token-title = 此連結無效
invalid-ot-token-text = 請關閉此頁面，然後從 cTrader 重新開啟。
token-expired-title = 此連結已使用過
token-expired-text = 為了您的安全，每個連結只能開啟一次。請關閉此頁面，然後從 cTrader 重新開啟。
user-not-found-title = 我們無法確認您的身分
user-not-found-text = cTrader 未向我們提供您的資料。請重新登入 cTrader，然後再次開啟此頁面。
missing-required-parameter-title = 此連結不完整
missing-required-parameter-text = 請關閉此頁面，然後從 cTrader 重新開啟。
invalid-parameter-title = 此連結已損壞
invalid-parameter-text = 請關閉此頁面，然後從 cTrader 重新開啟。
broker-mismatch-title = 此帳戶屬於其他經紀商
broker-mismatch-text = 請在 cTrader 中切換到您在本公司的帳戶，然後重新開啟此頁面。
account-mismatch-title = 目前選取的是另一個帳戶
account-mismatch-text = 請在 cTrader 中選擇您要使用的帳戶，然後重新開啟此頁面。
other-site-title = 此頁面不是從 cTrader 開啟的
other-site-text = 為了您的安全，請關閉此頁面，然後從 cTrader 開啟。
session-expired-title = 您的工作階段已結束
session-expired-text = 您先前已傳送的內容仍然有效。請關閉此頁面，然後從 cTrader 重新開啟。
upstream-unauthorized-title = 目前無法為您登入
upstream-unauthorized-text = 這是我們的問題，我們已收到通知。請稍後從 cTrader 再試一次。
upstream-contract-title = 目前無法為您登入
upstream-contract-text = 請關閉此頁面，然後從 cTrader 重新開啟。
set-up-unfinished-title = 此頁面尚未就緒
set-up-unfinished-text = 您的經紀商還需要完成設定。這不是您的操作問題。請詢問客服。
upstream-unavailable-title = cTrader 忙碌中
upstream-unavailable-text = 沒有遺失任何內容。請稍候再試。
redemption-unknown-title = 與 cTrader 的連線已中斷
redemption-unknown-text = 請關閉此頁面，然後從 cTrader 重新開啟。
service-unavailable-title = 服務暫時無法使用
service-unavailable-text = 沒有遺失任何內容。請稍候再試。
too-many-requests-title = 今天已達上限
too-many-requests-text = 您今天提交的申請已達一天可受理的上限。本次申請未送出。請明天再試。
open-deposits-title = 進行中的入金過多
open-deposits-text = 您進行中的入金已達可同時進行的上限。請先完成其中一筆，或等待其中一筆結束，然後再進行新的入金。
not-found-title = 這裡沒有任何內容
not-found-text = 請關閉此頁面，然後從 cTrader 重新開啟。
method-not-allowed-title = 無法以這種方式開啟
method-not-allowed-text = 請關閉此頁面，然後從 cTrader 重新開啟。
payload-too-large-title = 一次傳送的內容過多
payload-too-large-text = 未傳送任何內容。請返回，縮短文字後重新傳送。
internal-error-title = 我們這邊發生問題
internal-error-text = 請關閉此頁面，然後從 cTrader 重新開啟。如果您已傳送過內容，請先詢問客服，再重新傳送。
