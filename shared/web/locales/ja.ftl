# 数字の書き方
decimal-separator = .
group-separator = ,
grouped-from-digits = 4

# すべての画面の枠
close = 閉じる
done = 完了
try-again = 再試行
continue = 続行
optional = 任意
account = 口座
signed-in-as = { $email } でログイン中
code-for-support = サポート用コード：{ $code }
sending = 送信中…
offline = オフラインのようです。何も送信されていません。接続を確認してからもう一度お試しください。
session-ending = この画面は長時間開いたままです。送信できなくなった場合は、cTrader からもう一度開いてください。

# 入力欄
check-fields = 印の付いた項目をご確認ください。まだ何も送信されていません。
field-required = 入力してください。
field-too-long = { $max }文字以内で入力してください。
field-invalid = 使用できない文字が含まれています。
field-email-invalid = name@example.com のようなメールアドレスを入力してください。
field-phone-invalid = +81 3 1234 5678 のように、国番号付きの電話番号を半角で入力してください。
field-iban-invalid = 銀行の取引明細書に記載されている有効なIBANを入力してください。
field-date-invalid = 日付を入力してください。
field-date-future = 未来の日付です。
field-choice-invalid = いずれかを選択してください。
amount-invalid = { $example } のように、桁区切りなしの半角数字で金額を入力してください。
amount-ambiguous = この金額は2通りに読めます。どちらの金額ですか。
amount-too-precise = 小数点以下は{ $decimals }桁までです。
amount-min = 最低金額：{ $amount }
amount-max = 最高金額：{ $amount }
amount-limits = { $min } ～ { $max }

# 入金
deposit-title = 入金
deposit-amount = 金額
deposit-presets = よく使われる金額
deposit-currency = 通貨
deposit-method = 支払方法
deposit-submit = 入金する
deposit-submit-amount = { $amount } を入金する
deposit-open = 手続き中の入金
deposit-show = 表示
deposit-no-method = { $currency } 建て口座への入金は、こちらではお受けできません。サポートへお問い合わせください。
deposit-pay = 支払いに進む
deposit-window-text = 支払いページは新しいウィンドウで開きます。この画面は待機します。
deposit-since = 開始日時

# Status of a deposit
deposit-created-title = 支払いはまだ確認されていません
deposit-created-text = 支払いページへお進みください。すでにお支払い済みの場合は、もう一度支払わないでください。この画面は自動的に更新されます。
deposit-transfer-title = お振り込みください
deposit-transfer-text = この金額をちょうど振り込み、受付番号をご記入ください。
deposit-pending-title = お支払いをお待ちしています
deposit-pending-text = お支払いを確認中です。この画面を閉じてかまいません。何も失われません。
deposit-paid-title = お支払いを受け取りました
deposit-paid-text = 口座に反映しています。少し時間がかかります。
deposit-credited-title = 入金が完了しました
deposit-credited-text = 資金は口座に入っています。
deposit-failed-title = 支払いが完了しませんでした
deposit-failed-text = 口座には何も入金されていません。もう一度お試しいただけます。
deposit-expired-title = 期限内に支払いがありませんでした
deposit-expired-text = 口座には何も入金されていません。お支払い済みの場合は、支払いが確認され次第、口座に反映します。
deposit-checking-title = 入金を確認しています
deposit-checking-text = もう一度支払わないでください。現在調査中です。追ってご連絡いたします。

# 本人確認
kyc-title = 本人確認
kyc-intro = 本人確認書類の記載どおりに入力してください。
kyc-first-name = 名
kyc-last-name = 姓
kyc-birth-date = 生年月日
kyc-country = 居住国
kyc-address = 町名・番地
kyc-city = 市区町村
kyc-postcode = 郵便番号
kyc-document = 本人確認書類
kyc-document-number = 書類番号
kyc-submit = 確認のため送信
kyc-recorded-title = 情報を受け付けました
kyc-recorded-text = 内容を確認し、結果をお知らせします。

# サポート
chat-title = サポート
chat-intro = まだメッセージはありません。ご用件をお知らせください。折り返しご連絡します。
chat-topic = お問い合わせの内容
chat-message = メッセージ
chat-message-help = パスワードやカード番号は絶対に送らないでください。
chat-submit = メッセージを送信
chat-recorded-title = メッセージを受け付けました
chat-recorded-text = 追ってご返信いたします。

# 独自のアクション
action-submit = 送信
action-recorded-title = リクエストを受け付けました
action-recorded-text = こちらで対応いたします。

# 独自のアクションに対するブローカーのシステムの結果
outcome-succeeded-title = 完了しました
outcome-succeeded-text = リクエストが実行されました。
outcome-failed-title = 実行できませんでした
outcome-failed-text = 変更はありません。
outcome-unknown-title = リクエストを確認しています
outcome-unknown-text = リクエストは受け付けましたが、実行されたかどうかはまだ分かりません。再送信の必要はありません。
check-again = もう一度確認する

# 記録された内容
reference = 受付番号
recorded-again = この内容はすでに送信済みで、1回分として扱われます。記録されている内容は次のとおりです。
new-request = 新しいリクエスト

# ブローカー自身のページへの案内
outside-text = 続きは新しいウィンドウで開く当社のウェブサイトで行います:

# リンクをプレビューするプログラム向け
preview-title = cTraderで開く
preview-text = 「続行」をタップすると、この画面が開きます。

# cTraderが画面を閉じるところ
callback-success-title = 完了しました
callback-success-text = この画面を閉じてかまいません。
callback-failure-title = 完了できませんでした
callback-failure-text = この画面を閉じて、cTraderからもう一度お試しください。

# エラー：何が起きたか、次に何をすればよいか
invalid-ot-token-title = このリンクは使用できません
invalid-ot-token-text = この画面を閉じて、cTraderからもう一度開いてください。
token-expired-title = このリンクは使用済みです
token-expired-text = 安全のため、各リンクは1回しか開けません。この画面を閉じて、cTraderからもう一度開いてください。
user-not-found-title = お客様を確認できません
user-not-found-text = cTraderからお客様の情報が届きませんでした。cTraderにもう一度ログインしてから、この画面を開き直してください。
missing-required-parameter-title = このリンクは不完全です
missing-required-parameter-text = この画面を閉じて、cTraderからもう一度開いてください。
invalid-parameter-title = このリンクは壊れています
invalid-parameter-text = この画面を閉じて、cTraderからもう一度開いてください。
broker-mismatch-title = この口座は別のブローカーの口座です
broker-mismatch-text = cTraderで当社の口座に切り替えてから、この画面を開き直してください。
account-mismatch-title = 別の口座が選択されています
account-mismatch-text = cTraderで使用する口座を選択してから、この画面を開き直してください。
other-site-title = この画面はcTraderから開かれていません
other-site-text = 安全のため、このページを閉じて、cTraderから画面を開いてください。
session-expired-title = セッションが終了しました
session-expired-text = すでに送信された内容は有効です。この画面を閉じて、cTraderからもう一度開いてください。
upstream-unauthorized-title = 現在ログインできません
upstream-unauthorized-text = 当社側の問題で、担当者に通知済みです。しばらくしてから、cTraderからもう一度お試しください。
upstream-contract-title = 現在ログインできません
upstream-contract-text = この画面を閉じて、cTraderからもう一度開いてください。
set-up-unfinished-title = この画面はまだご利用になれません
set-up-unfinished-text = ブローカー側の設定が完了していません。お客様の操作に問題はありません。サポートへお問い合わせください。
upstream-unavailable-title = cTraderが混み合っています
upstream-unavailable-text = 何も失われていません。少し待ってから、もう一度お試しください。
redemption-unknown-title = cTraderとの接続が切れました
redemption-unknown-text = この画面を閉じて、cTraderからもう一度開いてください。
service-unavailable-title = 一時的にご利用いただけません
service-unavailable-text = 何も失われていません。少し待ってから、もう一度お試しください。
too-many-requests-title = 本日の受付は上限に達しました
too-many-requests-text = 1 日に受け付けられる件数のリクエストがすでに送信されています。今回のリクエストは送信されていません。明日もう一度お試しください。
open-deposits-title = 手続き中の入金が多すぎます
open-deposits-text = 同時に手続きできる入金の上限に達しています。いずれかを完了するか、終了するまでお待ちください。その後、新しい入金ができます。
not-found-title = ここには何もありません
not-found-text = この画面を閉じて、cTraderからもう一度開いてください。
method-not-allowed-title = この方法では開けません
method-not-allowed-text = この画面を閉じて、cTraderからもう一度開いてください。
payload-too-large-title = 一度に送れる量を超えています
payload-too-large-text = 何も送信されていません。前の画面に戻り、文章を短くしてもう一度送信してください。
internal-error-title = 当社側で問題が発生しました
internal-error-text = この画面を閉じて、cTraderからもう一度開いてください。すでに何か送信された場合は、再送信の前にサポートへお問い合わせください。
