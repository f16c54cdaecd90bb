# كتابة الأرقام
decimal-separator = .
group-separator = ,
grouped-from-digits = 4

# إطار كل شاشة
close = إغلاق
done = تم
try-again = إعادة المحاولة
continue = متابعة
optional = اختياري
account = الحساب
signed-in-as = تم تسجيل الدخول باسم { $email }
code-for-support = الرمز لفريق الدعم: { $code }
sending = جارٍ الإرسال…
offline = يبدو أنه لا يوجد اتصال بالإنترنت. لم يُرسل أي شيء. تحقق من الاتصال ثم أعد المحاولة.
session-ending = هذه الشاشة مفتوحة منذ وقت طويل. إذا تعذّر الإرسال، فافتحها من جديد من cTrader.

# الحقول
check-fields = يُرجى مراجعة الحقول المحددة. لم يُرسل أي شيء بعد.
field-required = يُرجى ملء هذا الحقل.
field-too-long = { $max ->
    [one] ‏حرف واحد على الأكثر.
    [two] ‏حرفان على الأكثر.
    [few] ‏{ $max } أحرف على الأكثر.
    [many] ‏{ $max } حرفًا على الأكثر.
   *[other] ‏{ $max } حرف على الأكثر.
}
field-invalid = يحتوي على أحرف لا يمكننا قبولها.
field-email-invalid = أدخل بريدًا إلكترونيًا مثل name@example.com.
field-phone-invalid = أدخل رقم هاتف مع رمز البلد، مثل ‎+971 4 000 0000.
field-iban-invalid = أدخل رقم آيبان (IBAN) صحيحًا، كما في كشف حسابك.
field-date-invalid = أدخل تاريخًا.
field-date-future = هذا التاريخ في المستقبل.
field-choice-invalid = اختر أحد هذه الخيارات.
amount-invalid = أدخل مبلغًا مثل { $example } من دون فواصل الآلاف.
amount-ambiguous = يمكن قراءة هذا المبلغ بطريقتين. أي مبلغ تقصد؟
amount-too-precise = { $decimals ->
    [zero] ‏بدون أرقام بعد الفاصلة العشرية.
    [one] ‏رقم واحد بعد الفاصلة العشرية على الأكثر.
    [two] ‏رقمان بعد الفاصلة العشرية على الأكثر.
    [few] ‏{ $decimals } أرقام بعد الفاصلة العشرية على الأكثر.
   *[other] ‏{ $decimals } رقمًا بعد الفاصلة العشرية على الأكثر.
}
amount-min = الحد الأدنى للمبلغ: { $amount }.
amount-max = الحد الأقصى للمبلغ: { $amount }.
amount-limits = من { $min } إلى { $max }

# الإيداع
deposit-title = إيداع
deposit-amount = المبلغ
deposit-presets = مبالغ شائعة
deposit-currency = العملة
deposit-method = طريقة الدفع
deposit-submit = إيداع
deposit-submit-amount = إيداع { $amount }
deposit-open = إيداعات قيد التنفيذ
deposit-show = عرض
deposit-no-method = لا يمكننا هنا قبول إيداعات في حساب بعملة { $currency }. يُرجى سؤال فريق الدعم.
deposit-pay = المتابعة إلى الدفع
deposit-window-text = تُفتح صفحة الدفع في نافذة جديدة، وتبقى هذه الشاشة في انتظارها.
deposit-since = وقت البدء

# Status of a deposit
deposit-created-title = لم يتم تأكيد أي دفعة بعد
deposit-created-text = تابع إلى صفحة الدفع. إن كنت قد دفعت بالفعل فلا تدفع مرة أخرى، فهذه الشاشة تُحدَّث تلقائيًا.
deposit-transfer-title = أجرِ التحويل
deposit-transfer-text = حوّل هذا المبلغ بالضبط واذكر المرجع.
deposit-pending-title = في انتظار دفعتك
deposit-pending-text = يجري تأكيد الدفع. يمكنك إغلاق هذه الشاشة، ولن يضيع أي شيء.
deposit-paid-title = استلمنا دفعتك
deposit-paid-text = نضيف المبلغ إلى حسابك. يستغرق ذلك لحظات.
deposit-credited-title = اكتمل الإيداع
deposit-credited-text = المبلغ في حسابك.
deposit-failed-title = لم تتم عملية الدفع
deposit-failed-text = لم يُضَف أي مبلغ إلى حسابك. يمكنك إعادة المحاولة.
deposit-expired-title = لم تصل أي دفعة في الوقت المحدد
deposit-expired-text = لم يُضَف أي مبلغ إلى حسابك. إن كنت قد دفعت فسنضيف المبلغ فور تأكيد الدفع.
deposit-checking-title = نتحقق من إيداعك
deposit-checking-text = يُرجى عدم الدفع مرة أخرى. ننظر في الأمر وسنرد عليك.

# التحقق من الهوية
kyc-title = التحقق من هويتك
kyc-intro = أدخل بياناتك كما هي في وثيقتك تمامًا.
kyc-first-name = الاسم الأول
kyc-last-name = اسم العائلة
kyc-birth-date = تاريخ الميلاد
kyc-country = بلد الإقامة
kyc-address = الشارع والرقم
kyc-city = المدينة
kyc-postcode = الرمز البريدي
kyc-document = الوثيقة
kyc-document-number = رقم الوثيقة
kyc-submit = إرسال للتحقق
kyc-recorded-title = استلمنا بياناتك
kyc-recorded-text = نراجعها وسنُعلمك بالنتيجة.

# الدعم
chat-title = الدعم
chat-intro = لا توجد رسائل بعد. أخبرنا بما تحتاج إليه وسنرد عليك.
chat-topic = ما موضوع رسالتك؟
chat-message = رسالتك
chat-message-help = لا ترسل أبدًا كلمات مرور أو أرقام بطاقات.
chat-submit = إرسال الرسالة
chat-recorded-title = استلمنا رسالتك
chat-recorded-text = سنرد عليك.

# إجراءات الوسيط
action-submit = إرسال
action-recorded-title = استلمنا طلبك
action-recorded-text = سنتولى الأمر.

# ما الذي فعله نظام الوسيط بالإجراء المخصص
outcome-succeeded-title = تم
outcome-succeeded-text = تم تنفيذ طلبك.
outcome-failed-title = تعذّر تنفيذ ذلك
outcome-failed-text = لم يتغير شيء.
outcome-unknown-title = نتحقق من طلبك
outcome-unknown-text = طلبك لدينا، لكننا لا نعرف بعد هل تم تنفيذه. لا حاجة إلى إرساله مرة أخرى.
check-again = تحقق مرة أخرى

# ما تم تسجيله
reference = المرجع
recorded-again = سبق إرسال هذا الطلب. يُحتسب مرة واحدة؛ وهذا ما لدينا.
new-request = طلب جديد

# الطريق إلى صفحة الوسيط نفسه
outside-text = تتابع على موقعنا في نافذة جديدة:

# لبرامج معاينة الروابط
preview-title = الفتح في cTrader
preview-text = اضغط على «متابعة» لفتح هذه الشاشة.

# حيث يغلق cTrader الشاشة
callback-success-title = تم كل شيء
callback-success-text = يمكنك إغلاق هذه الشاشة.
callback-failure-title = لم ينجح الأمر
callback-failure-text = أغلق هذه الشاشة وحاول مرة أخرى من cTrader.

# الأخطاء: ماذا حدث وما العمل الآن
invalid-ot-token-title = هذا الرابط لا يعمل
invalid-ot-token-text = أغلق هذه الشاشة وافتحها من جديد من cTrader.
token-expired-title = سبق استخدام هذا الرابط
token-expired-text = لأمانك يُفتح كل رابط مرة واحدة. أغلق هذه الشاشة وافتحها من جديد من cTrader.
user-not-found-title = لا نعرف من أنت
user-not-found-text = لم يُخبرنا cTrader بذلك. سجّل الدخول إلى cTrader من جديد ثم افتح هذه الشاشة مرة أخرى.
missing-required-parameter-title = هذا الرابط غير مكتمل
missing-required-parameter-text = أغلق هذه الشاشة وافتحها من جديد من cTrader.
invalid-parameter-title = هذا الرابط تالف
invalid-parameter-text = أغلق هذه الشاشة وافتحها من جديد من cTrader.
broker-mismatch-title = هذا الحساب لدى وسيط آخر
broker-mismatch-text = انتقل في cTrader إلى أحد حساباتك لدينا ثم افتح هذه الشاشة من جديد.
account-mismatch-title = تم اختيار حساب آخر
account-mismatch-text = اختر في cTrader الحساب الذي تريد استخدامه ثم افتح هذه الشاشة من جديد.
other-site-title = لم تُفتح هذه الشاشة من cTrader
other-site-text = حفاظًا على أمانك، أغلق هذه الصفحة وافتح الشاشة من cTrader.
session-expired-title = انتهت جلستك
session-expired-text = ما سبق أن أرسلته محسوب. أغلق هذه الشاشة وافتحها من جديد من cTrader.
upstream-unauthorized-title = لا يمكننا تسجيل دخولك الآن
upstream-unauthorized-text = الخلل من جانبنا وقد أُبلغنا به. حاول لاحقًا من cTrader.
upstream-contract-title = لا يمكننا تسجيل دخولك الآن
upstream-contract-text = أغلق هذه الشاشة وافتحها من جديد من cTrader.
set-up-unfinished-title = هذه الشاشة ليست جاهزة بعد
set-up-unfinished-text = على الوسيط الذي تتعامل معه أن يُكمل إعدادها. لم ترتكب أي خطأ. يُرجى التواصل مع فريق الدعم.
upstream-unavailable-title = ‏cTrader مشغول
upstream-unavailable-text = لم يضِع أي شيء. انتظر لحظة ثم أعد المحاولة.
redemption-unknown-title = انقطع الاتصال مع cTrader
redemption-unknown-text = أغلق هذه الشاشة وافتحها من جديد من cTrader.
service-unavailable-title = لسنا متاحين للحظات
service-unavailable-text = لم يضِع أي شيء. انتظر لحظة ثم أعد المحاولة.
too-many-requests-title = هذا كل شيء لهذا اليوم
too-many-requests-text = لقد أرسلت أكبر عدد من الطلبات يمكننا قبوله في يوم واحد. لم يُرسَل هذا الطلب. يُرجى المحاولة مرة أخرى غدًا.
open-deposits-title = إيداعات كثيرة قيد التنفيذ
open-deposits-text = لديك أكبر عدد ممكن من الإيداعات قيد التنفيذ في الوقت نفسه. أكمل أحدها أو انتظر حتى ينتهي أحدها، وعندها يمكنك إجراء إيداع آخر.
not-found-title = لا يوجد شيء هنا
not-found-text = أغلق هذه الشاشة وافتحها من جديد من cTrader.
method-not-allowed-title = لا يمكن فتح هذا بهذه الطريقة
method-not-allowed-text = أغلق هذه الشاشة وافتحها من جديد من cTrader.
payload-too-large-title = هذا أكثر من اللازم دفعة واحدة
payload-too-large-text = لم يُرسل أي شيء. ارجع واختصر النص ثم أرسله من جديد.
internal-error-title = حدث خطأ من جانبنا
internal-error-text = أغلق هذه الشاشة وافتحها من جديد من cTrader. إن كنت قد أرسلت شيئًا فاسأل فريق الدعم قبل إرساله من جديد.
