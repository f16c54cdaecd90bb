# การเขียนตัวเลข
decimal-separator = .
group-separator = ,
grouped-from-digits = 4

# กรอบของทุกหน้าจอ
close = ปิด
done = เสร็จสิ้น
try-again = ลองอีกครั้ง
continue = ดำเนินการต่อ
optional = ไม่บังคับ
account = บัญชี
signed-in-as = เข้าสู่ระบบด้วย { $email }
code-for-support = รหัสสำหรับฝ่ายสนับสนุน: { $code }
sending = กำลังส่ง…
offline = ดูเหมือนว่าคุณออฟไลน์อยู่ ยังไม่มีการส่งข้อมูลใด ๆ โปรดตรวจสอบการเชื่อมต่อแล้วลองอีกครั้ง
session-ending = หน้าจอนี้เปิดมานานแล้ว หากส่งไม่ได้อีก โปรดเปิดใหม่จาก cTrader

# ช่องกรอกข้อมูล
check-fields = โปรดตรวจสอบช่องที่มีเครื่องหมาย ยังไม่มีการส่งข้อมูลใด ๆ
field-required = โปรดกรอกข้อมูลในช่องนี้
field-too-long = ไม่เกิน { $max } อักขระ
field-invalid = มีอักขระที่ไม่สามารถใช้ได้
field-email-invalid = โปรดกรอกอีเมล เช่น name@example.com
field-phone-invalid = โปรดกรอกหมายเลขโทรศัพท์พร้อมรหัสประเทศ เช่น +66 2 123 4567
field-iban-invalid = โปรดกรอก IBAN ที่ถูกต้องตามที่แสดงในใบแจ้งยอดบัญชีธนาคารของคุณ
field-date-invalid = โปรดกรอกวันที่
field-date-future = วันที่นี้อยู่ในอนาคต
field-choice-invalid = โปรดเลือกหนึ่งรายการ
amount-invalid = โปรดกรอกจำนวนเงิน เช่น { $example } โดยไม่ใส่เครื่องหมายคั่นหลักพัน
amount-ambiguous = จำนวนเงินนี้อ่านได้สองแบบ คุณหมายถึงจำนวนใด
amount-too-precise = ทศนิยมไม่เกิน { $decimals } ตำแหน่ง
amount-min = จำนวนเงินขั้นต่ำ: { $amount }
amount-max = จำนวนเงินสูงสุด: { $amount }
amount-limits = { $min } ถึง { $max }

# ฝากเงิน
deposit-title = ฝากเงิน
deposit-amount = จำนวนเงิน
deposit-presets = จำนวนเงินที่ใช้บ่อย
deposit-currency = สกุลเงิน
deposit-method = วิธีชำระเงิน
deposit-submit = ฝากเงิน
deposit-submit-amount = ฝาก { $amount }
deposit-open = รายการฝากที่กำลังดำเนินการ
deposit-show = ดู
deposit-no-method = เราไม่สามารถรับฝากเงินเข้าบัญชีสกุลเงิน { $currency } ที่นี่ได้ โปรดสอบถามฝ่ายสนับสนุน
deposit-pay = ไปที่หน้าชำระเงิน
deposit-window-text = หน้าชำระเงินจะเปิดในหน้าต่างใหม่ หน้าจอนี้จะรออยู่
deposit-since = เริ่มเมื่อ

# Status of a deposit
deposit-created-title = ยังไม่มีการยืนยันการชำระเงิน
deposit-created-text = โปรดไปที่หน้าชำระเงิน หากคุณชำระเงินแล้ว โปรดอย่าชำระเงินซ้ำ หน้าจอนี้จะอัปเดตเอง
deposit-transfer-title = โปรดโอนเงิน
deposit-transfer-text = โอนเงินตามจำนวนนี้พอดีและระบุหมายเลขอ้างอิง
deposit-pending-title = กำลังรอการชำระเงินของคุณ
deposit-pending-text = กำลังยืนยันการชำระเงิน คุณปิดหน้าจอนี้ได้ ไม่มีสิ่งใดสูญหาย
deposit-paid-title = ได้รับการชำระเงินแล้ว
deposit-paid-text = เรากำลังเพิ่มเงินเข้าบัญชีของคุณ ใช้เวลาสักครู่
deposit-credited-title = ฝากเงินเสร็จสิ้น
deposit-credited-text = เงินอยู่ในบัญชีของคุณแล้ว
deposit-failed-title = ชำระเงินไม่สำเร็จ
deposit-failed-text = ไม่มีการเพิ่มเงินเข้าบัญชีของคุณ คุณลองอีกครั้งได้
deposit-expired-title = ไม่ได้รับการชำระเงินภายในเวลาที่กำหนด
deposit-expired-text = ไม่มีการเพิ่มเงินเข้าบัญชีของคุณ หากคุณชำระเงินแล้ว เราจะเพิ่มให้ทันทีที่การชำระเงินได้รับการยืนยัน
deposit-checking-title = เรากำลังตรวจสอบการฝากเงินของคุณ
deposit-checking-text = โปรดอย่าชำระเงินซ้ำ เรากำลังตรวจสอบและจะติดต่อกลับ

# ยืนยันตัวตน
kyc-title = ยืนยันตัวตนของคุณ
kyc-intro = โปรดกรอกข้อมูลให้ตรงกับที่ระบุในเอกสารของคุณ
kyc-first-name = ชื่อ
kyc-last-name = นามสกุล
kyc-birth-date = วันเกิด
kyc-country = ประเทศที่พำนัก
kyc-address = บ้านเลขที่และถนน
kyc-city = เมือง
kyc-postcode = รหัสไปรษณีย์
kyc-document = เอกสาร
kyc-document-number = หมายเลขเอกสาร
kyc-submit = ส่งเพื่อตรวจสอบ
kyc-recorded-title = ได้รับข้อมูลแล้ว
kyc-recorded-text = เรากำลังตรวจสอบและจะแจ้งให้คุณทราบ

# ฝ่ายสนับสนุน
chat-title = ฝ่ายสนับสนุน
chat-intro = ยังไม่มีข้อความ บอกเราว่าคุณต้องการอะไร แล้วเราจะติดต่อกลับ
chat-topic = ต้องการติดต่อเรื่องใด
chat-message = ข้อความของคุณ
chat-message-help = โปรดอย่าส่งรหัสผ่านหรือหมายเลขบัตรโดยเด็ดขาด
chat-submit = ส่งข้อความ
chat-recorded-title = ได้รับข้อความแล้ว
chat-recorded-text = เราจะติดต่อกลับ

# การดำเนินการที่กำหนดเอง
action-submit = ส่ง
action-recorded-title = ได้รับคำขอแล้ว
action-recorded-text = เราจะดำเนินการให้

# ผลที่ระบบของโบรกเกอร์ดำเนินการกับรายการเฉพาะ
outcome-succeeded-title = เสร็จสิ้น
outcome-succeeded-text = ดำเนินการตามคำขอของคุณแล้ว
outcome-failed-title = ไม่สามารถดำเนินการได้
outcome-failed-text = ไม่มีการเปลี่ยนแปลงใด ๆ
outcome-unknown-title = เรากำลังตรวจสอบคำขอของคุณ
outcome-unknown-text = เราได้รับคำขอแล้ว แต่ยังไม่ทราบว่าดำเนินการสำเร็จหรือไม่ คุณไม่ต้องส่งอีกครั้ง
check-again = ตรวจสอบอีกครั้ง

# สิ่งที่บันทึกไว้
reference = หมายเลขอ้างอิง
recorded-again = ข้อมูลนี้เคยส่งแล้ว ระบบนับเพียงครั้งเดียว นี่คือข้อมูลที่เราได้รับ
new-request = คำขอใหม่

# ทางไปยังหน้าของโบรกเกอร์เอง
outside-text = ดำเนินการต่อบนเว็บไซต์ของเราในหน้าต่างใหม่:

# สำหรับโปรแกรมที่แสดงตัวอย่างลิงก์
preview-title = เปิดใน cTrader
preview-text = แตะ “ดำเนินการต่อ” เพื่อเปิดหน้าจอนี้

# จุดที่ cTrader ปิดหน้าจอ
callback-success-title = เสร็จเรียบร้อย
callback-success-text = คุณปิดหน้าจอนี้ได้
callback-failure-title = ดำเนินการไม่สำเร็จ
callback-failure-text = โปรดปิดหน้าจอนี้แล้วลองอีกครั้งจาก cTrader

# ข้อผิดพลาด: เกิดอะไรขึ้นและต้องทำอย่างไรต่อ
invalid-ot-token-title = ลิงก์นี้ใช้งานไม่ได้
invalid-ot-token-text = โปรดปิดหน้าจอนี้แล้วเปิดอีกครั้งจาก cTrader
token-expired-title = ลิงก์นี้ถูกใช้ไปแล้ว
token-expired-text = เพื่อความปลอดภัยของคุณ ลิงก์แต่ละลิงก์เปิดได้เพียงครั้งเดียว โปรดปิดหน้าจอนี้แล้วเปิดอีกครั้งจาก cTrader
user-not-found-title = เราไม่ทราบว่าคุณคือใคร
user-not-found-text = cTrader ไม่ได้ส่งข้อมูลของคุณให้เรา โปรดเข้าสู่ระบบ cTrader ใหม่ แล้วเปิดหน้าจอนี้อีกครั้ง
missing-required-parameter-title = ลิงก์นี้ไม่สมบูรณ์
missing-required-parameter-text = โปรดปิดหน้าจอนี้แล้วเปิดอีกครั้งจาก cTrader
invalid-parameter-title = ลิงก์นี้เสียหาย
invalid-parameter-text = โปรดปิดหน้าจอนี้แล้วเปิดอีกครั้งจาก cTrader
broker-mismatch-title = บัญชีนี้เป็นของโบรกเกอร์อื่น
broker-mismatch-text = โปรดเปลี่ยนไปใช้บัญชีของคุณที่เปิดกับเราใน cTrader แล้วเปิดหน้าจอนี้อีกครั้ง
account-mismatch-title = มีการเลือกบัญชีอื่นอยู่
account-mismatch-text = โปรดเลือกบัญชีที่ต้องการใช้ใน cTrader แล้วเปิดหน้าจอนี้อีกครั้ง
other-site-title = หน้าจอนี้ไม่ได้เปิดจาก cTrader
other-site-text = เพื่อความปลอดภัยของคุณ โปรดปิดหน้านี้แล้วเปิดหน้าจอจาก cTrader
session-expired-title = เซสชันของคุณสิ้นสุดแล้ว
session-expired-text = ข้อมูลที่คุณส่งไปแล้วยังคงมีผล โปรดปิดหน้าจอนี้แล้วเปิดอีกครั้งจาก cTrader
upstream-unauthorized-title = ขณะนี้ไม่สามารถเข้าสู่ระบบได้
upstream-unauthorized-text = ปัญหาเกิดจากฝั่งเราและเราได้รับแจ้งแล้ว โปรดลองอีกครั้งภายหลังจาก cTrader
upstream-contract-title = ขณะนี้ไม่สามารถเข้าสู่ระบบได้
upstream-contract-text = โปรดปิดหน้าจอนี้แล้วเปิดอีกครั้งจาก cTrader
set-up-unfinished-title = หน้าจอนี้ยังไม่พร้อมใช้งาน
set-up-unfinished-text = โบรกเกอร์ของคุณต้องตั้งค่าให้เสร็จก่อน คุณไม่ได้ทำอะไรผิด โปรดติดต่อฝ่ายสนับสนุน
upstream-unavailable-title = cTrader ไม่ว่างในขณะนี้
upstream-unavailable-text = ไม่มีข้อมูลใดสูญหาย โปรดรอสักครู่แล้วลองอีกครั้ง
redemption-unknown-title = การเชื่อมต่อกับ cTrader ขาดหาย
redemption-unknown-text = โปรดปิดหน้าจอนี้แล้วเปิดอีกครั้งจาก cTrader
service-unavailable-title = บริการไม่พร้อมใช้งานชั่วคราว
service-unavailable-text = ไม่มีข้อมูลใดสูญหาย โปรดรอสักครู่แล้วลองอีกครั้ง
too-many-requests-title = วันนี้ครบจำนวนแล้ว
too-many-requests-text = คุณส่งคำขอครบตามจำนวนที่เรารับได้ในหนึ่งวันแล้ว คำขอนี้ยังไม่ได้ส่ง โปรดลองอีกครั้งพรุ่งนี้
open-deposits-title = มีรายการฝากที่กำลังดำเนินการมากเกินไป
open-deposits-text = คุณมีรายการฝากที่กำลังดำเนินการครบจำนวนสูงสุดที่ทำพร้อมกันได้แล้ว โปรดทำรายการใดรายการหนึ่งให้เสร็จ หรือรอจนกว่าจะมีรายการสิ้นสุด แล้วจึงทำรายการใหม่
not-found-title = ไม่พบสิ่งใดที่นี่
not-found-text = โปรดปิดหน้าจอนี้แล้วเปิดอีกครั้งจาก cTrader
method-not-allowed-title = ไม่สามารถเปิดด้วยวิธีนี้ได้
method-not-allowed-text = โปรดปิดหน้าจอนี้แล้วเปิดอีกครั้งจาก cTrader
payload-too-large-title = ข้อมูลมากเกินไปในครั้งเดียว
payload-too-large-text = ยังไม่มีการส่งข้อมูลใด ๆ โปรดย้อนกลับ ย่อข้อความให้สั้นลง แล้วส่งอีกครั้ง
internal-error-title = เกิดข้อผิดพลาดจากฝั่งเรา
internal-error-text = โปรดปิดหน้าจอนี้แล้วเปิดอีกครั้งจาก cTrader หากคุณส่งข้อมูลไปแล้ว โปรดสอบถามฝ่ายสนับสนุนก่อนส่งอีกครั้ง
