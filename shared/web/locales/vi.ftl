# Cách viết số
decimal-separator = ,
group-separator = .
grouped-from-digits = 4

# Khung của mọi màn hình
close = Đóng
done = Xong
try-again = Thử lại
continue = Tiếp tục
optional = không bắt buộc
account = Tài khoản
signed-in-as = Đã đăng nhập bằng { $email }
code-for-support = Mã cho bộ phận hỗ trợ: { $code }
sending = Đang gửi…
offline = Có vẻ bạn đang ngoại tuyến. Chưa có gì được gửi. Vui lòng kiểm tra kết nối rồi thử lại.
session-ending = Màn hình này đã mở khá lâu. Nếu không gửi được nữa, vui lòng mở lại từ cTrader.

# Các trường
check-fields = Vui lòng kiểm tra các trường được đánh dấu. Chưa có gì được gửi.
field-required = Vui lòng điền thông tin này.
field-too-long = Tối đa { $max } ký tự.
field-invalid = Có ký tự không được chấp nhận.
field-email-invalid = Vui lòng nhập địa chỉ email, ví dụ: name@example.com.
field-phone-invalid = Vui lòng nhập số điện thoại kèm mã quốc gia, ví dụ: +84 24 1234 5678.
field-iban-invalid = Vui lòng nhập IBAN hợp lệ như trên sao kê ngân hàng của bạn.
field-date-invalid = Vui lòng nhập ngày.
field-date-future = Ngày này ở trong tương lai.
field-choice-invalid = Vui lòng chọn một trong các mục này.
amount-invalid = Vui lòng nhập số tiền, ví dụ: { $example }, không dùng dấu phân cách hàng nghìn.
amount-ambiguous = Số tiền này có thể đọc theo hai cách. Ý bạn là số nào?
amount-too-precise = Tối đa { $decimals } chữ số thập phân.
amount-min = Số tiền tối thiểu: { $amount }.
amount-max = Số tiền tối đa: { $amount }.
amount-limits = Từ { $min } đến { $max }

# Nạp tiền
deposit-title = Nạp tiền
deposit-amount = Số tiền
deposit-presets = Số tiền thường dùng
deposit-currency = Loại tiền
deposit-method = Phương thức thanh toán
deposit-submit = Nạp tiền
deposit-submit-amount = Nạp { $amount }
deposit-open = Khoản nạp đang xử lý
deposit-show = Xem
deposit-no-method = Chúng tôi không thể nhận tiền nạp vào tài khoản { $currency } tại đây. Vui lòng hỏi bộ phận hỗ trợ.
deposit-pay = Tiếp tục đến trang thanh toán
deposit-window-text = Trang thanh toán mở trong cửa sổ mới. Màn hình này sẽ chờ.
deposit-since = Bắt đầu lúc

# Status of a deposit
deposit-created-title = Chưa có thanh toán được xác nhận
deposit-created-text = Vui lòng tiếp tục đến trang thanh toán. Nếu bạn đã thanh toán, vui lòng không thanh toán lại: màn hình này sẽ tự cập nhật.
deposit-transfer-title = Vui lòng chuyển khoản
deposit-transfer-text = Vui lòng chuyển đúng số tiền này và ghi mã tham chiếu.
deposit-pending-title = Đang chờ thanh toán của bạn
deposit-pending-text = Thanh toán đang được xác nhận. Bạn có thể đóng màn hình này, không có gì bị mất.
deposit-paid-title = Đã nhận thanh toán
deposit-paid-text = Chúng tôi đang cộng tiền vào tài khoản của bạn. Việc này mất một lát.
deposit-credited-title = Nạp tiền hoàn tất
deposit-credited-text = Tiền đã có trong tài khoản của bạn.
deposit-failed-title = Thanh toán không thành công
deposit-failed-text = Không có khoản nào được cộng vào tài khoản của bạn. Bạn có thể thử lại.
deposit-expired-title = Không nhận được thanh toán đúng hạn
deposit-expired-text = Không có khoản nào được cộng vào tài khoản của bạn. Nếu bạn đã thanh toán, chúng tôi sẽ cộng tiền ngay khi thanh toán được xác nhận.
deposit-checking-title = Chúng tôi đang kiểm tra khoản nạp của bạn
deposit-checking-text = Vui lòng không thanh toán lại. Chúng tôi đang xem xét và sẽ phản hồi cho bạn.

# Xác minh danh tính
kyc-title = Xác minh danh tính
kyc-intro = Vui lòng nhập thông tin đúng như trên giấy tờ của bạn.
kyc-first-name = Tên đệm và tên
kyc-last-name = Họ
kyc-birth-date = Ngày sinh
kyc-country = Quốc gia cư trú
kyc-address = Số nhà và tên đường
kyc-city = Thành phố
kyc-postcode = Mã bưu chính
kyc-document = Giấy tờ
kyc-document-number = Số giấy tờ
kyc-submit = Gửi để xác minh
kyc-recorded-title = Đã nhận thông tin
kyc-recorded-text = Chúng tôi đang kiểm tra và sẽ thông báo cho bạn.

# Hỗ trợ
chat-title = Hỗ trợ
chat-intro = Chưa có tin nhắn nào. Hãy cho chúng tôi biết bạn cần gì, chúng tôi sẽ phản hồi.
chat-topic = Bạn cần hỗ trợ về vấn đề gì?
chat-message = Tin nhắn của bạn
chat-message-help = Vui lòng không bao giờ gửi mật khẩu hoặc số thẻ.
chat-submit = Gửi tin nhắn
chat-recorded-title = Đã nhận tin nhắn
chat-recorded-text = Chúng tôi sẽ phản hồi cho bạn.

# Tác vụ tùy chỉnh
action-submit = Gửi
action-recorded-title = Đã nhận yêu cầu
action-recorded-text = Chúng tôi sẽ xử lý yêu cầu này.

# Kết quả của thao tác riêng trong hệ thống của nhà môi giới
outcome-succeeded-title = Đã xong
outcome-succeeded-text = Yêu cầu của bạn đã được thực hiện.
outcome-failed-title = Không thể thực hiện việc này
outcome-failed-text = Không có gì thay đổi.
outcome-unknown-title = Chúng tôi đang kiểm tra yêu cầu của bạn
outcome-unknown-text = Chúng tôi đã nhận được yêu cầu nhưng chưa biết đã thực hiện hay chưa. Bạn không cần gửi lại.
check-again = Kiểm tra lại

# Nội dung đã ghi nhận
reference = Mã tham chiếu
recorded-again = Nội dung này đã được gửi trước đó và chỉ được tính một lần. Đây là thông tin chúng tôi đã nhận.
new-request = Yêu cầu mới

# Đường đến trang riêng của nhà môi giới
outside-text = Bạn tiếp tục trên trang web của chúng tôi, trong cửa sổ mới:

# Dành cho chương trình xem trước liên kết
preview-title = Mở trong cTrader
preview-text = Nhấn “Tiếp tục” để mở màn hình này.

# Nơi cTrader đóng màn hình
callback-success-title = Đã hoàn tất
callback-success-text = Bạn có thể đóng màn hình này.
callback-failure-title = Không thành công
callback-failure-text = Vui lòng đóng màn hình này và thử lại từ cTrader.

# Lỗi: điều gì đã xảy ra và cần làm gì
invalid-ot-token-title = Liên kết này không hoạt động
invalid-ot-token-text = Vui lòng đóng màn hình này và mở lại từ cTrader.
token-expired-title = Liên kết này đã được sử dụng
token-expired-text = Để bảo đảm an toàn cho bạn, mỗi liên kết chỉ mở được một lần. Vui lòng đóng màn hình này và mở lại từ cTrader.
user-not-found-title = Chúng tôi chưa xác định được bạn là ai
user-not-found-text = cTrader không gửi cho chúng tôi thông tin này. Vui lòng đăng nhập lại vào cTrader, rồi mở lại màn hình này.
missing-required-parameter-title = Liên kết này không đầy đủ
missing-required-parameter-text = Vui lòng đóng màn hình này và mở lại từ cTrader.
invalid-parameter-title = Liên kết này bị hỏng
invalid-parameter-text = Vui lòng đóng màn hình này và mở lại từ cTrader.
broker-mismatch-title = Tài khoản này thuộc nhà môi giới khác
broker-mismatch-text = Trong cTrader, vui lòng chuyển sang một tài khoản của bạn tại công ty chúng tôi, rồi mở lại màn hình này.
account-mismatch-title = Một tài khoản khác đang được chọn
account-mismatch-text = Trong cTrader, vui lòng chọn tài khoản bạn muốn dùng, rồi mở lại màn hình này.
other-site-title = Màn hình này không được mở từ cTrader
other-site-text = Để bảo mật, vui lòng đóng trang này và mở màn hình từ cTrader.
session-expired-title = Phiên của bạn đã kết thúc
session-expired-text = Những gì bạn đã gửi vẫn có hiệu lực. Vui lòng đóng màn hình này và mở lại từ cTrader.
upstream-unauthorized-title = Hiện không thể đăng nhập cho bạn
upstream-unauthorized-text = Lỗi thuộc về chúng tôi và chúng tôi đã được thông báo. Vui lòng thử lại sau từ cTrader.
upstream-contract-title = Hiện không thể đăng nhập cho bạn
upstream-contract-text = Vui lòng đóng màn hình này và mở lại từ cTrader.
set-up-unfinished-title = Màn hình này chưa sẵn sàng
set-up-unfinished-text = Nhà môi giới của bạn cần hoàn tất việc thiết lập. Bạn không làm gì sai. Vui lòng liên hệ bộ phận hỗ trợ.
upstream-unavailable-title = cTrader đang bận
upstream-unavailable-text = Không có gì bị mất. Vui lòng đợi một lát rồi thử lại.
redemption-unknown-title = Đã mất kết nối với cTrader
redemption-unknown-text = Vui lòng đóng màn hình này và mở lại từ cTrader.
service-unavailable-title = Dịch vụ tạm thời gián đoạn
service-unavailable-text = Không có gì bị mất. Vui lòng đợi một lát rồi thử lại.
too-many-requests-title = Hôm nay đã đủ
too-many-requests-text = Bạn đã gửi số yêu cầu tối đa mà chúng tôi có thể nhận trong một ngày. Yêu cầu này chưa được gửi. Vui lòng thử lại vào ngày mai.
open-deposits-title = Quá nhiều khoản nạp đang xử lý
open-deposits-text = Bạn đang có số khoản nạp tối đa có thể xử lý cùng lúc. Hãy hoàn tất một khoản, hoặc đợi đến khi một khoản kết thúc. Sau đó bạn có thể tạo khoản khác.
not-found-title = Không có gì ở đây
not-found-text = Vui lòng đóng màn hình này và mở lại từ cTrader.
method-not-allowed-title = Không thể mở theo cách này
method-not-allowed-text = Vui lòng đóng màn hình này và mở lại từ cTrader.
payload-too-large-title = Nội dung gửi một lần quá lớn
payload-too-large-text = Chưa có gì được gửi. Vui lòng quay lại, rút ngắn nội dung rồi gửi lại.
internal-error-title = Đã xảy ra lỗi từ phía chúng tôi
internal-error-text = Vui lòng đóng màn hình này và mở lại từ cTrader. Nếu bạn đã gửi nội dung nào đó, hãy hỏi bộ phận hỗ trợ trước khi gửi lại.
