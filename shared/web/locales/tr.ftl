# Sayıların yazımı
decimal-separator = ,
group-separator = .
grouped-from-digits = 4

# Her ekranın çerçevesi
close = Kapat
done = Bitti
try-again = Tekrar dene
continue = Devam et
optional = isteğe bağlı
account = Hesap
signed-in-as = { $email } olarak oturum açıldı
code-for-support = Destek kodu: { $code }
sending = Gönderiliyor…
offline = Çevrimdışı görünüyorsunuz. Hiçbir şey gönderilmedi. Bağlantıyı kontrol edip tekrar deneyin.
session-ending = Bu ekran uzun süredir açık. Artık gönderemiyorsanız cTrader’dan yeniden açın.

# Alanlar
check-fields = Lütfen işaretli alanları kontrol edin. Henüz hiçbir şey gönderilmedi.
field-required = Lütfen bu alanı doldurun.
field-too-long = En fazla { $max } karakter.
field-invalid = Kabul edemediğimiz karakterler içeriyor.
field-email-invalid = ad@example.com gibi bir e-posta adresi girin.
field-phone-invalid = Ülke koduyla bir telefon numarası girin, örneğin +90 212 000 00 00.
field-iban-invalid = Banka hesap özetinizdeki geçerli IBAN’ı girin.
field-date-invalid = Bir tarih girin.
field-date-future = Bu tarih gelecekte.
field-choice-invalid = Bu seçeneklerden birini seçin.
amount-invalid = Binlik ayırıcı kullanmadan { $example } gibi bir tutar girin.
amount-ambiguous = Bu tutar iki şekilde okunabilir. Hangisini kastediyorsunuz?
amount-too-precise = Virgülden sonra en fazla { $decimals } basamak.
amount-min = Minimum tutar: { $amount }.
amount-max = Maksimum tutar: { $amount }.
amount-limits = { $min } – { $max }

# Para yatırma
deposit-title = Para yatırma
deposit-amount = Tutar
deposit-presets = Sık kullanılan tutarlar
deposit-currency = Para birimi
deposit-method = Ödeme yöntemi
deposit-submit = Para yatır
deposit-submit-amount = { $amount } yatır
deposit-open = Devam eden para yatırma işlemleri
deposit-show = Göster
deposit-no-method = Burada { $currency } hesabına para yatırma işlemi kabul edemiyoruz. Lütfen desteğe danışın.
deposit-pay = Ödemeye devam et
deposit-window-text = Ödeme sayfası yeni bir pencerede açılır. Bu ekran bekler.
deposit-since = Başlangıç

# Status of a deposit
deposit-created-title = Henüz onaylanan ödeme yok
deposit-created-text = Ödeme sayfasına devam edin. Zaten ödeme yaptıysanız yeniden ödeme yapmayın: bu ekran kendiliğinden güncellenir.
deposit-transfer-title = Havalenizi yapın
deposit-transfer-text = Tam olarak bu tutarı gönderin ve referansı belirtin.
deposit-pending-title = Ödemeniz bekleniyor
deposit-pending-text = Ödeme onaylanıyor. Bu ekranı kapatabilirsiniz, hiçbir şey kaybolmaz.
deposit-paid-title = Ödeme alındı
deposit-paid-text = Hesabınıza ekliyoruz. Bu biraz sürebilir.
deposit-credited-title = Para yatırma tamamlandı
deposit-credited-text = Para hesabınızda.
deposit-failed-title = Ödeme gerçekleşmedi
deposit-failed-text = Hesabınıza hiçbir şey eklenmedi. Tekrar deneyebilirsiniz.
deposit-expired-title = Zamanında ödeme gelmedi
deposit-expired-text = Hesabınıza hiçbir şey eklenmedi. Ödeme yaptıysanız, ödeme onaylanır onaylanmaz hesabınıza ekleriz.
deposit-checking-title = Para yatırma işleminizi kontrol ediyoruz
deposit-checking-text = Lütfen yeniden ödeme yapmayın. Konuyu inceliyoruz, size geri döneceğiz.

# Kimlik doğrulama
kyc-title = Kimliğinizi doğrulayın
kyc-intro = Bilgilerinizi belgenizde yazdığı gibi girin.
kyc-first-name = Ad
kyc-last-name = Soyad
kyc-birth-date = Doğum tarihi
kyc-country = İkamet edilen ülke
kyc-address = Sokak ve numara
kyc-city = Şehir
kyc-postcode = Posta kodu
kyc-document = Belge
kyc-document-number = Belge numarası
kyc-submit = Doğrulamaya gönder
kyc-recorded-title = Bilgiler alındı
kyc-recorded-text = Bilgilerinizi inceliyoruz, size haber vereceğiz.

# Destek
chat-title = Destek
chat-intro = Henüz mesaj yok. Neye ihtiyacınız olduğunu yazın, size geri dönelim.
chat-topic = Konu nedir?
chat-message = Mesajınız
chat-message-help = Lütfen asla şifre veya kart numarası göndermeyin.
chat-submit = Mesaj gönder
chat-recorded-title = Mesaj alındı
chat-recorded-text = Size geri döneceğiz.

# Özel işlemler
action-submit = Gönder
action-recorded-title = Talep alındı
action-recorded-text = Talebinizle ilgileneceğiz.

# Aracı kurumun sisteminin özel bir işlemden çıkardığı sonuç
outcome-succeeded-title = Tamamlandı
outcome-succeeded-text = Talebiniz yerine getirildi.
outcome-failed-title = Bu yapılamadı
outcome-failed-text = Hiçbir şey değişmedi.
outcome-unknown-title = Talebinizi kontrol ediyoruz
outcome-unknown-text = Talebiniz bizde, ancak gerçekleşip gerçekleşmediğini henüz bilmiyoruz. Yeniden göndermeniz gerekmez.
check-again = Yeniden kontrol et

# Kaydedilenler
reference = Referans
recorded-again = Bu daha önce gönderildi ve bir kez sayılır. Bizdeki kayıt aşağıda.
new-request = Yeni talep

# Aracı kurumun kendi sayfasına giden yol
outside-text = Yeni bir pencerede web sitemizde devam edersiniz:

# Bağlantı önizlemesi yapan programlar için
preview-title = cTrader içinde aç
preview-text = Bu ekranı açmak için “Devam et” düğmesine dokunun.

# cTrader ekranı kapatırken
callback-success-title = İşlem tamam
callback-success-text = Bu ekranı kapatabilirsiniz.
callback-failure-title = İşlem olmadı
callback-failure-text = Lütfen bu ekranı kapatıp cTrader üzerinden tekrar deneyin.

# Hatalar: ne oldu ve şimdi ne yapmalı
invalid-ot-token-title = Bu bağlantı çalışmıyor
invalid-ot-token-text = Bu ekranı kapatıp cTrader üzerinden yeniden açın.
token-expired-title = Bu bağlantı kullanılmış
token-expired-text = Güvenliğiniz için her bağlantı bir kez açılır. Bu ekranı kapatıp cTrader üzerinden yeniden açın.
user-not-found-title = Kim olduğunuzu bilmiyoruz
user-not-found-text = cTrader bize bildirmedi. cTrader oturumunuzu yeniden açın, ardından bu ekranı bir kez daha açın.
missing-required-parameter-title = Bu bağlantı eksik
missing-required-parameter-text = Bu ekranı kapatıp cTrader üzerinden yeniden açın.
invalid-parameter-title = Bu bağlantı bozuk
invalid-parameter-text = Bu ekranı kapatıp cTrader üzerinden yeniden açın.
broker-mismatch-title = Bu hesap başka bir aracı kuruma ait
broker-mismatch-text = cTrader içinde bizdeki hesaplarınızdan birine geçin, ardından bu ekranı yeniden açın.
account-mismatch-title = Başka bir hesap seçili
account-mismatch-text = cTrader içinde kullanmak istediğiniz hesabı seçin, ardından bu ekranı yeniden açın.
other-site-title = Bu ekran cTrader üzerinden açılmadı
other-site-text = Güvenliğiniz için bu sayfayı kapatın ve ekranı cTrader üzerinden açın.
session-expired-title = Oturumunuz sona erdi
session-expired-text = Daha önce gönderdikleriniz geçerlidir. Bu ekranı kapatıp cTrader üzerinden yeniden açın.
upstream-unauthorized-title = Şu anda oturumunuzu açamıyoruz
upstream-unauthorized-text = Hata bizden kaynaklanıyor ve haberimiz var. Lütfen daha sonra cTrader üzerinden tekrar deneyin.
upstream-contract-title = Şu anda oturumunuzu açamıyoruz
upstream-contract-text = Bu ekranı kapatıp cTrader üzerinden yeniden açın.
set-up-unfinished-title = Bu ekran henüz hazır değil
set-up-unfinished-text = Aracı kurumunuzun kurulumu tamamlaması gerekiyor. Siz bir hata yapmadınız. Lütfen destek ile iletişime geçin.
upstream-unavailable-title = cTrader şu anda yoğun
upstream-unavailable-text = Hiçbir şey kaybolmadı. Biraz bekleyip tekrar deneyin.
redemption-unknown-title = cTrader bağlantısı kesildi
redemption-unknown-text = Bu ekranı kapatıp cTrader üzerinden yeniden açın.
service-unavailable-title = Kısa süreliğine hizmet veremiyoruz
service-unavailable-text = Hiçbir şey kaybolmadı. Biraz bekleyip tekrar deneyin.
too-many-requests-title = Bugünlük bu kadar
too-many-requests-text = Bir günde kabul edebileceğimiz kadar talep gönderdiniz. Bu talep gönderilmedi. Lütfen yarın tekrar deneyin.
open-deposits-title = Devam eden çok fazla para yatırma işlemi var
open-deposits-text = Aynı anda mümkün olan en fazla sayıda para yatırma işleminiz devam ediyor. Bunlardan birini tamamlayın veya birinin sona ermesini bekleyin. Ardından yeni bir işlem yapabilirsiniz.
not-found-title = Burada bir şey yok
not-found-text = Bu ekranı kapatıp cTrader üzerinden yeniden açın.
method-not-allowed-title = Bu şekilde açılamaz
method-not-allowed-text = Bu ekranı kapatıp cTrader üzerinden yeniden açın.
payload-too-large-title = Tek seferde çok fazla
payload-too-large-text = Hiçbir şey gönderilmedi. Geri dönüp metninizi kısaltın ve yeniden gönderin.
internal-error-title = Bizden kaynaklanan bir hata oluştu
internal-error-text = Bu ekranı kapatıp cTrader üzerinden yeniden açın. Bir şey gönderdiyseniz yeniden göndermeden önce desteğe danışın.
