# Cara nombor ditulis
decimal-separator = .
group-separator = ,
grouped-from-digits = 4

# Bingkai setiap skrin
close = Tutup
done = Selesai
try-again = Cuba lagi
continue = Teruskan
optional = tidak wajib
account = Akaun
signed-in-as = Log masuk sebagai { $email }
code-for-support = Kod untuk sokongan: { $code }
sending = Menghantar…
offline = Nampaknya anda di luar talian. Tiada apa-apa yang dihantar. Semak sambungan dan cuba lagi.
session-ending = Skrin ini telah lama dibuka. Jika ia tidak lagi boleh menghantar, buka semula daripada cTrader.

# Medan
check-fields = Sila semak medan yang ditanda. Belum ada apa-apa yang dihantar.
field-required = Sila isi medan ini.
field-too-long = Maksimum { $max } aksara.
field-invalid = Mengandungi aksara yang tidak dapat kami terima.
field-email-invalid = Masukkan alamat e-mel seperti nama@example.com.
field-phone-invalid = Masukkan nombor telefon dengan kod negara, seperti +60 3 0000 0000.
field-iban-invalid = Masukkan IBAN yang sah, seperti pada penyata bank anda.
field-date-invalid = Masukkan tarikh.
field-date-future = Tarikh ini belum tiba.
field-choice-invalid = Pilih salah satu daripada pilihan ini.
amount-invalid = Masukkan amaun seperti { $example }, tanpa pemisah ribu.
amount-ambiguous = Amaun ini boleh dibaca dengan dua cara. Yang mana satu anda maksudkan?
amount-too-precise = Maksimum { $decimals } tempat perpuluhan.
amount-min = Amaun minimum: { $amount }.
amount-max = Amaun maksimum: { $amount }.
amount-limits = { $min } hingga { $max }

# Deposit
deposit-title = Deposit
deposit-amount = Amaun
deposit-presets = Amaun lazim
deposit-currency = Mata wang
deposit-method = Kaedah pembayaran
deposit-submit = Deposit
deposit-submit-amount = Deposit { $amount }
deposit-open = Deposit sedang diproses
deposit-show = Lihat
deposit-no-method = Di sini kami tidak dapat menerima deposit ke akaun { $currency }. Sila tanya sokongan.
deposit-pay = Teruskan ke pembayaran
deposit-window-text = Halaman pembayaran dibuka dalam tetingkap baharu. Skrin ini akan menunggu.
deposit-since = Dimulakan

# Status of a deposit
deposit-created-title = Belum ada bayaran disahkan
deposit-created-text = Teruskan ke halaman pembayaran. Jika anda sudah membayar, jangan bayar lagi: skrin ini dikemas kini secara automatik.
deposit-transfer-title = Buat pindahan anda
deposit-transfer-text = Pindahkan tepat amaun ini dan nyatakan rujukan.
deposit-pending-title = Menunggu pembayaran anda
deposit-pending-text = Pembayaran sedang disahkan. Anda boleh menutup skrin ini; tiada apa-apa yang hilang.
deposit-paid-title = Pembayaran diterima
deposit-paid-text = Kami sedang menambahkannya ke akaun anda. Ini mengambil masa seketika.
deposit-credited-title = Deposit selesai
deposit-credited-text = Wang sudah ada dalam akaun anda.
deposit-failed-title = Pembayaran tidak berjaya
deposit-failed-text = Tiada apa-apa ditambahkan ke akaun anda. Anda boleh cuba lagi.
deposit-expired-title = Tiada pembayaran diterima dalam tempohnya
deposit-expired-text = Tiada apa-apa ditambahkan ke akaun anda. Jika anda sudah membayar, kami akan menambahkannya sebaik sahaja pembayaran disahkan.
deposit-checking-title = Kami sedang menyemak deposit anda
deposit-checking-text = Sila jangan bayar lagi. Kami sedang menyiasat dan akan menghubungi anda.

# Pengesahan identiti
kyc-title = Sahkan identiti anda
kyc-intro = Masukkan butiran anda tepat seperti yang tertera pada dokumen.
kyc-first-name = Nama pertama
kyc-last-name = Nama keluarga
kyc-birth-date = Tarikh lahir
kyc-country = Negara kediaman
kyc-address = Jalan dan nombor
kyc-city = Bandar
kyc-postcode = Poskod
kyc-document = Dokumen
kyc-document-number = Nombor dokumen
kyc-submit = Hantar untuk pengesahan
kyc-recorded-title = Butiran diterima
kyc-recorded-text = Kami sedang menyemaknya dan akan memaklumkan kepada anda.

# Sokongan
chat-title = Sokongan
chat-intro = Belum ada mesej. Beritahu kami keperluan anda, dan kami akan menghubungi anda.
chat-topic = Tentang apa?
chat-message = Mesej anda
chat-message-help = Jangan sekali-kali menghantar kata laluan atau nombor kad.
chat-submit = Hantar mesej
chat-recorded-title = Mesej diterima
chat-recorded-text = Kami akan membalas mesej anda.

# Tindakan tersuai
action-submit = Hantar
action-recorded-title = Permintaan diterima
action-recorded-text = Kami akan menguruskannya.

# Hasil tindakan khas di sistem broker
outcome-succeeded-title = Selesai
outcome-succeeded-text = Permintaan anda telah dilaksanakan.
outcome-failed-title = Ini tidak dapat dilakukan
outcome-failed-text = Tiada apa-apa yang berubah.
outcome-unknown-title = Kami sedang menyemak permintaan anda
outcome-unknown-text = Kami telah menerimanya, tetapi belum tahu sama ada ia berjaya. Anda tidak perlu menghantarnya semula.
check-again = Semak semula

# Perkara yang direkodkan
reference = Rujukan
recorded-again = Ini sudah dihantar sebelum ini dan dikira sekali sahaja. Berikut ialah rekod kami.
new-request = Permintaan baharu

# Jalan ke halaman broker sendiri
outside-text = Anda meneruskan di laman web kami, dalam tetingkap baharu:

# Untuk program yang memaparkan pratonton pautan
preview-title = Buka dalam cTrader
preview-text = Ketik Teruskan untuk membuka skrin ini.

# Apabila cTrader menutup skrin
callback-success-title = Semuanya selesai
callback-success-text = Anda boleh menutup skrin ini.
callback-failure-title = Tidak berjaya
callback-failure-text = Sila tutup skrin ini dan cuba lagi daripada cTrader.

# Ralat: apa yang berlaku dan apa yang perlu dilakukan
invalid-ot-token-title = Pautan ini tidak berfungsi
invalid-ot-token-text = Tutup skrin ini dan buka semula daripada cTrader.
token-expired-title = Pautan ini telah digunakan
token-expired-text = Demi keselamatan anda, setiap pautan hanya boleh dibuka sekali. Tutup skrin ini dan buka semula daripada cTrader.
user-not-found-title = Kami tidak mengenali anda
user-not-found-text = cTrader tidak memberitahu kami siapa anda. Log masuk semula ke cTrader, kemudian buka skrin ini sekali lagi.
missing-required-parameter-title = Pautan ini tidak lengkap
missing-required-parameter-text = Tutup skrin ini dan buka semula daripada cTrader.
invalid-parameter-title = Pautan ini rosak
invalid-parameter-text = Tutup skrin ini dan buka semula daripada cTrader.
broker-mismatch-title = Akaun ini di bawah broker lain
broker-mismatch-text = Tukar kepada salah satu akaun anda dengan kami dalam cTrader, kemudian buka semula skrin ini.
account-mismatch-title = Akaun lain telah dipilih
account-mismatch-text = Pilih akaun yang ingin anda gunakan dalam cTrader, kemudian buka semula skrin ini.
other-site-title = Skrin ini tidak dibuka daripada cTrader
other-site-text = Demi keselamatan anda, tutup halaman ini dan buka skrin daripada cTrader.
session-expired-title = Sesi anda telah tamat
session-expired-text = Apa yang telah anda hantar tetap dikira. Tutup skrin ini dan buka semula daripada cTrader.
upstream-unauthorized-title = Anda tidak dapat log masuk buat masa ini
upstream-unauthorized-text = Ini kesilapan kami dan kami telah dimaklumkan. Sila cuba lagi kemudian daripada cTrader.
upstream-contract-title = Anda tidak dapat log masuk buat masa ini
upstream-contract-text = Tutup skrin ini dan buka semula daripada cTrader.
set-up-unfinished-title = Skrin ini belum sedia
set-up-unfinished-text = Broker anda perlu menyiapkan tetapannya dahulu. Anda tidak melakukan sebarang kesilapan. Sila hubungi sokongan.
upstream-unavailable-title = cTrader sedang sibuk
upstream-unavailable-text = Tiada apa-apa yang hilang. Tunggu sebentar, kemudian cuba lagi.
redemption-unknown-title = Sambungan ke cTrader terputus
redemption-unknown-text = Tutup skrin ini dan buka semula daripada cTrader.
service-unavailable-title = Perkhidmatan tergendala seketika
service-unavailable-text = Tiada apa-apa yang hilang. Tunggu sebentar, kemudian cuba lagi.
too-many-requests-title = Itu sahaja untuk hari ini
too-many-requests-text = Anda telah menghantar seberapa banyak permintaan yang boleh kami terima dalam satu hari. Permintaan ini tidak dihantar. Sila cuba lagi esok.
open-deposits-title = Terlalu banyak deposit sedang diproses
open-deposits-text = Bilangan deposit anda yang sedang diproses sudah mencapai had pada satu masa. Selesaikan salah satu daripadanya, atau tunggu sehingga ada yang tamat. Kemudian anda boleh membuat deposit lain.
not-found-title = Tiada apa-apa di sini
not-found-text = Tutup skrin ini dan buka semula daripada cTrader.
method-not-allowed-title = Ini tidak boleh dibuka dengan cara itu
method-not-allowed-text = Tutup skrin ini dan buka semula daripada cTrader.
payload-too-large-title = Terlalu banyak sekali gus
payload-too-large-text = Tiada apa-apa yang dihantar. Kembali, pendekkan teks anda dan hantar semula.
internal-error-title = Berlaku ralat di pihak kami
internal-error-text = Tutup skrin ini dan buka semula daripada cTrader. Jika anda telah menghantar sesuatu, tanya sokongan sebelum menghantarnya semula.
