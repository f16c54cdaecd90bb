# 숫자 표기
decimal-separator = .
group-separator = ,
grouped-from-digits = 4

# 모든 화면의 틀
close = 닫기
done = 완료
try-again = 다시 시도
continue = 계속
optional = 선택 사항
account = 계좌
signed-in-as = 로그인: { $email }
code-for-support = 고객지원용 코드: { $code }
sending = 전송 중…
offline = 오프라인 상태인 것 같습니다. 전송된 내용이 없습니다. 연결을 확인한 후 다시 시도해 주세요.
session-ending = 이 화면이 오랫동안 열려 있었습니다. 더 이상 전송되지 않으면 cTrader에서 다시 열어 주세요.

# 입력란
check-fields = 표시된 항목을 확인해 주세요. 아직 전송된 내용이 없습니다.
field-required = 이 항목을 입력해 주세요.
field-too-long = 최대 { $max }자까지 입력할 수 있습니다.
field-invalid = 사용할 수 없는 문자가 포함되어 있습니다.
field-email-invalid = name@example.com과 같은 이메일 주소를 입력해 주세요.
field-phone-invalid = 국가 번호를 포함한 전화번호를 입력해 주세요. 예: +82 2 1234 5678
field-iban-invalid = 은행 거래 내역서에 있는 올바른 IBAN을 입력해 주세요.
field-date-invalid = 날짜를 입력해 주세요.
field-date-future = 미래의 날짜입니다.
field-choice-invalid = 이 중 하나를 선택해 주세요.
amount-invalid = 천 단위 구분 기호 없이 금액을 입력해 주세요. 예: { $example }
amount-ambiguous = 이 금액은 두 가지로 읽을 수 있습니다. 어느 금액인가요?
amount-too-precise = 소수점 이하 최대 { $decimals }자리까지 입력할 수 있습니다.
amount-min = 최소 금액: { $amount }
amount-max = 최대 금액: { $amount }
amount-limits = { $min } ~ { $max }

# 입금
deposit-title = 입금
deposit-amount = 금액
deposit-presets = 자주 쓰는 금액
deposit-currency = 통화
deposit-method = 결제 수단
deposit-submit = 입금하기
deposit-submit-amount = { $amount } 입금하기
deposit-open = 진행 중인 입금
deposit-show = 보기
deposit-no-method = 여기에서는 { $currency } 계좌로 입금을 받을 수 없습니다. 고객지원에 문의해 주세요.
deposit-pay = 결제 계속하기
deposit-window-text = 결제 페이지가 새 창에서 열립니다. 이 화면은 그동안 대기합니다.
deposit-since = 시작 일시

# Status of a deposit
deposit-created-title = 아직 확인된 결제가 없습니다
deposit-created-text = 결제 페이지에서 계속해 주세요. 이미 결제하셨다면 다시 결제하지 말아 주세요. 이 화면은 자동으로 업데이트됩니다.
deposit-transfer-title = 송금해 주세요
deposit-transfer-text = 정확히 이 금액을 송금하고 접수 번호를 기재해 주세요.
deposit-pending-title = 결제를 기다리고 있습니다
deposit-pending-text = 결제를 확인하고 있습니다. 이 화면을 닫으셔도 손실되는 내용은 없습니다.
deposit-paid-title = 결제 금액을 받았습니다
deposit-paid-text = 계좌에 반영하고 있습니다. 잠시 시간이 걸립니다.
deposit-credited-title = 입금이 완료되었습니다
deposit-credited-text = 입금액이 계좌에 들어 있습니다.
deposit-failed-title = 결제가 이루어지지 않았습니다
deposit-failed-text = 계좌에 입금된 금액은 없습니다. 다시 시도하실 수 있습니다.
deposit-expired-title = 기한 내에 결제가 들어오지 않았습니다
deposit-expired-text = 계좌에 입금된 금액은 없습니다. 이미 결제하셨다면 결제가 확인되는 대로 계좌에 반영해 드리겠습니다.
deposit-checking-title = 입금을 확인하고 있습니다
deposit-checking-text = 다시 결제하지 말아 주세요. 현재 확인 중이며 결과를 알려 드리겠습니다.

# 본인 확인
kyc-title = 본인 확인
kyc-intro = 신분증에 기재된 그대로 정보를 입력해 주세요.
kyc-first-name = 이름
kyc-last-name = 성
kyc-birth-date = 생년월일
kyc-country = 거주 국가
kyc-address = 도로명 및 건물번호
kyc-city = 도시
kyc-postcode = 우편번호
kyc-document = 신분증
kyc-document-number = 신분증 번호
kyc-submit = 본인 확인 요청
kyc-recorded-title = 정보가 접수되었습니다
kyc-recorded-text = 확인한 후 알려 드리겠습니다.

# 고객지원
chat-title = 고객지원
chat-intro = 아직 메시지가 없습니다. 필요한 사항을 알려 주시면 답변해 드리겠습니다.
chat-topic = 어떤 문의인가요?
chat-message = 메시지
chat-message-help = 비밀번호나 카드 번호는 절대 보내지 마세요.
chat-submit = 메시지 보내기
chat-recorded-title = 메시지가 접수되었습니다
chat-recorded-text = 확인 후 답변해 드리겠습니다.

# 사용자 지정 작업
action-submit = 보내기
action-recorded-title = 요청이 접수되었습니다
action-recorded-text = 요청을 처리해 드리겠습니다.

# 사용자 지정 작업에 대한 브로커 시스템의 결과
outcome-succeeded-title = 완료
outcome-succeeded-text = 요청이 처리되었습니다.
outcome-failed-title = 처리할 수 없습니다
outcome-failed-text = 변경된 내용이 없습니다.
outcome-unknown-title = 요청을 확인하고 있습니다
outcome-unknown-text = 요청은 접수되었지만 처리되었는지 아직 알 수 없습니다. 다시 보내실 필요는 없습니다.
check-again = 다시 확인

# 기록된 내용
reference = 접수 번호
recorded-again = 이미 전송된 내용입니다. 한 번만 처리되며, 접수된 내용은 다음과 같습니다.
new-request = 새 요청

# 브로커 자체 페이지로 가는 길
outside-text = 새 창에서 열리는 당사 웹사이트에서 계속 진행합니다:

# 링크를 미리 보는 프로그램용
preview-title = cTrader에서 열기
preview-text = '계속'을 누르면 이 화면이 열립니다.

# cTrader가 화면을 닫는 곳
callback-success-title = 완료되었습니다
callback-success-text = 이 화면을 닫으셔도 됩니다.
callback-failure-title = 완료하지 못했습니다
callback-failure-text = 이 화면을 닫고 cTrader에서 다시 시도해 주세요.

# 오류: 발생한 일과 지금 할 일
invalid-ot-token-title = 사용할 수 없는 링크입니다
invalid-ot-token-text = 이 화면을 닫고 cTrader에서 다시 열어 주세요.
token-expired-title = 이미 사용된 링크입니다
token-expired-text = 안전을 위해 각 링크는 한 번만 열 수 있습니다. 이 화면을 닫고 cTrader에서 다시 열어 주세요.
user-not-found-title = 고객님을 확인할 수 없습니다
user-not-found-text = cTrader에서 고객님의 정보를 받지 못했습니다. cTrader에 다시 로그인한 후 이 화면을 다시 열어 주세요.
missing-required-parameter-title = 불완전한 링크입니다
missing-required-parameter-text = 이 화면을 닫고 cTrader에서 다시 열어 주세요.
invalid-parameter-title = 손상된 링크입니다
invalid-parameter-text = 이 화면을 닫고 cTrader에서 다시 열어 주세요.
broker-mismatch-title = 다른 브로커의 계좌입니다
broker-mismatch-text = cTrader에서 당사에 개설하신 계좌로 전환한 후 이 화면을 다시 열어 주세요.
account-mismatch-title = 다른 계좌가 선택되어 있습니다
account-mismatch-text = cTrader에서 사용할 계좌를 선택한 후 이 화면을 다시 열어 주세요.
other-site-title = 이 화면은 cTrader에서 열리지 않았습니다
other-site-text = 보안을 위해 이 페이지를 닫고 cTrader에서 화면을 열어 주세요.
session-expired-title = 세션이 종료되었습니다
session-expired-text = 이미 전송하신 내용은 유효합니다. 이 화면을 닫고 cTrader에서 다시 열어 주세요.
upstream-unauthorized-title = 지금은 로그인할 수 없습니다
upstream-unauthorized-text = 당사의 문제이며 담당자에게 이미 통보되었습니다. 나중에 cTrader에서 다시 시도해 주세요.
upstream-contract-title = 지금은 로그인할 수 없습니다
upstream-contract-text = 이 화면을 닫고 cTrader에서 다시 열어 주세요.
set-up-unfinished-title = 아직 이 화면을 사용할 수 없습니다
set-up-unfinished-text = 브로커의 설정이 아직 완료되지 않았습니다. 고객님의 잘못이 아닙니다. 고객지원에 문의해 주세요.
upstream-unavailable-title = cTrader의 응답이 지연되고 있습니다
upstream-unavailable-text = 손실된 내용은 없습니다. 잠시 기다린 후 다시 시도해 주세요.
redemption-unknown-title = cTrader와의 연결이 끊어졌습니다
redemption-unknown-text = 이 화면을 닫고 cTrader에서 다시 열어 주세요.
service-unavailable-title = 잠시 이용할 수 없습니다
service-unavailable-text = 손실된 내용은 없습니다. 잠시 기다린 후 다시 시도해 주세요.
too-many-requests-title = 오늘은 여기까지입니다
too-many-requests-text = 하루에 받을 수 있는 만큼의 요청을 이미 보내셨습니다. 이번 요청은 전송되지 않았습니다. 내일 다시 시도해 주세요.
open-deposits-title = 진행 중인 입금이 너무 많습니다
open-deposits-text = 동시에 진행할 수 있는 입금의 최대 건수에 도달했습니다. 그중 하나를 완료하거나 끝날 때까지 기다려 주세요. 그런 다음 새로 입금할 수 있습니다.
not-found-title = 여기에는 아무것도 없습니다
not-found-text = 이 화면을 닫고 cTrader에서 다시 열어 주세요.
method-not-allowed-title = 이 방법으로는 열 수 없습니다
method-not-allowed-text = 이 화면을 닫고 cTrader에서 다시 열어 주세요.
payload-too-large-title = 한 번에 보내기에는 너무 많습니다
payload-too-large-text = 전송된 내용이 없습니다. 뒤로 돌아가 내용을 줄인 후 다시 보내 주세요.
internal-error-title = 당사 측에서 문제가 발생했습니다
internal-error-text = 이 화면을 닫고 cTrader에서 다시 열어 주세요. 이미 보내신 내용이 있다면 다시 보내기 전에 고객지원에 문의해 주세요.
