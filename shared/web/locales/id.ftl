# Cara penulisan angka
decimal-separator = ,
group-separator = .
grouped-from-digits = 4

# Bingkai setiap layar
close = Tutup
done = Selesai
try-again = Coba lagi
continue = Lanjutkan
optional = opsional
account = Akun
signed-in-as = Masuk sebagai { $email }
code-for-support = Kode untuk layanan bantuan: { $code }
sending = Mengirim…
offline = Sepertinya Anda sedang offline. Tidak ada yang terkirim. Periksa koneksi dan coba lagi.
session-ending = Layar ini sudah lama terbuka. Jika tidak bisa lagi mengirim, buka kembali dari cTrader.

# Kolom isian
check-fields = Periksa kolom yang ditandai. Belum ada yang terkirim.
field-required = Kolom ini wajib diisi.
field-too-long = Maksimum { $max } karakter.
field-invalid = Berisi karakter yang tidak dapat kami terima.
field-email-invalid = Masukkan alamat email seperti nama@example.com.
field-phone-invalid = Masukkan nomor telepon dengan kode negara, seperti +62 21 0000 0000.
field-iban-invalid = Masukkan IBAN yang valid, seperti pada rekening koran Anda.
field-date-invalid = Masukkan tanggal.
field-date-future = Tanggal ini belum tiba.
field-choice-invalid = Pilih salah satu opsi ini.
amount-invalid = Masukkan jumlah seperti { $example }, tanpa pemisah ribuan.
amount-ambiguous = Jumlah ini dapat dibaca dengan dua cara. Mana yang Anda maksud?
amount-too-precise = Maksimum { $decimals } angka di belakang koma.
amount-min = Jumlah minimum: { $amount }.
amount-max = Jumlah maksimum: { $amount }.
amount-limits = { $min } hingga { $max }

# Setoran
deposit-title = Setor dana
deposit-amount = Jumlah
deposit-presets = Jumlah umum
deposit-currency = Mata uang
deposit-method = Metode pembayaran
deposit-submit = Setor
deposit-submit-amount = Setor { $amount }
deposit-open = Setoran dalam proses
deposit-show = Lihat
deposit-no-method = Di sini kami tidak dapat menerima setoran ke akun { $currency }. Silakan tanyakan ke layanan bantuan.
deposit-pay = Lanjutkan ke pembayaran
deposit-window-text = Halaman pembayaran dibuka di jendela baru. Layar ini akan menunggu.
deposit-since = Dimulai

# Status of a deposit
deposit-created-title = Pembayaran belum dikonfirmasi
deposit-created-text = Lanjutkan ke halaman pembayaran. Jika Anda sudah membayar, jangan membayar lagi: layar ini diperbarui secara otomatis.
deposit-transfer-title = Lakukan transfer
deposit-transfer-text = Transfer tepat sejumlah ini dan cantumkan referensi.
deposit-pending-title = Menunggu pembayaran Anda
deposit-pending-text = Pembayaran sedang dikonfirmasi. Anda dapat menutup layar ini; tidak ada yang hilang.
deposit-paid-title = Pembayaran diterima
deposit-paid-text = Kami sedang menambahkannya ke akun Anda. Ini perlu waktu sebentar.
deposit-credited-title = Setoran selesai
deposit-credited-text = Dana sudah ada di akun Anda.
deposit-failed-title = Pembayaran tidak berhasil
deposit-failed-text = Tidak ada dana yang ditambahkan ke akun Anda. Anda dapat mencoba lagi.
deposit-expired-title = Tidak ada pembayaran yang masuk tepat waktu
deposit-expired-text = Tidak ada dana yang ditambahkan ke akun Anda. Jika Anda sudah membayar, kami akan menambahkannya segera setelah pembayaran dikonfirmasi.
deposit-checking-title = Kami sedang memeriksa setoran Anda
deposit-checking-text = Mohon jangan membayar lagi. Kami sedang menelusurinya dan akan menghubungi Anda.

# Verifikasi identitas
kyc-title = Verifikasi identitas Anda
kyc-intro = Masukkan data Anda persis seperti yang tertera di dokumen.
kyc-first-name = Nama depan
kyc-last-name = Nama belakang
kyc-birth-date = Tanggal lahir
kyc-country = Negara tempat tinggal
kyc-address = Nama jalan dan nomor
kyc-city = Kota
kyc-postcode = Kode pos
kyc-document = Dokumen
kyc-document-number = Nomor dokumen
kyc-submit = Kirim untuk verifikasi
kyc-recorded-title = Data diterima
kyc-recorded-text = Kami sedang memeriksanya dan akan mengabari Anda.

# Layanan bantuan
chat-title = Layanan bantuan
chat-intro = Belum ada pesan. Sampaikan kebutuhan Anda, dan kami akan menghubungi Anda.
chat-topic = Tentang apa?
chat-message = Pesan Anda
chat-message-help = Jangan pernah mengirim kata sandi atau nomor kartu.
chat-submit = Kirim pesan
chat-recorded-title = Pesan diterima
chat-recorded-text = Kami akan membalas Anda.

# Tindakan khusus
action-submit = Kirim
action-recorded-title = Permintaan diterima
action-recorded-text = Kami akan menanganinya.

# Hasil tindakan khusus di sistem broker
outcome-succeeded-title = Selesai
outcome-succeeded-text = Permintaan Anda telah dijalankan.
outcome-failed-title = Ini tidak dapat dilakukan
outcome-failed-text = Tidak ada yang berubah.
outcome-unknown-title = Kami sedang memeriksa permintaan Anda
outcome-unknown-text = Permintaan Anda sudah kami terima, tetapi kami belum tahu apakah berhasil. Anda tidak perlu mengirimnya lagi.
check-again = Periksa lagi

# Yang tercatat
reference = Referensi
recorded-again = Ini sudah pernah dikirim dan hanya dihitung sekali. Berikut catatan kami.
new-request = Permintaan baru

# Jalan ke halaman milik broker
outside-text = Anda melanjutkan di situs web kami, di jendela baru:

# Untuk program yang menampilkan pratinjau tautan
preview-title = Buka di cTrader
preview-text = Ketuk Lanjutkan untuk membuka layar ini.

# Saat cTrader menutup layar
callback-success-title = Semua selesai
callback-success-text = Anda dapat menutup layar ini.
callback-failure-title = Tidak berhasil
callback-failure-text = Tutup layar ini dan coba lagi dari cTrader.

# Kesalahan: apa yang terjadi dan apa yang harus dilakukan
invalid-ot-token-title = Tautan ini tidak berfungsi
invalid-ot-token-text = Tutup layar ini dan buka lagi dari cTrader.
token-expired-title = Tautan ini sudah digunakan
token-expired-text = Demi keamanan Anda, setiap tautan hanya dapat dibuka sekali. Tutup layar ini dan buka lagi dari cTrader.
user-not-found-title = Kami tidak mengenali Anda
user-not-found-text = cTrader tidak memberi tahu kami siapa Anda. Masuk lagi ke cTrader, lalu buka kembali layar ini.
missing-required-parameter-title = Tautan ini tidak lengkap
missing-required-parameter-text = Tutup layar ini dan buka lagi dari cTrader.
invalid-parameter-title = Tautan ini rusak
invalid-parameter-text = Tutup layar ini dan buka lagi dari cTrader.
broker-mismatch-title = Akun ini ada di broker lain
broker-mismatch-text = Beralihlah ke salah satu akun Anda pada kami di cTrader, lalu buka kembali layar ini.
account-mismatch-title = Akun lain sedang dipilih
account-mismatch-text = Pilih akun yang ingin Anda gunakan di cTrader, lalu buka kembali layar ini.
other-site-title = Layar ini tidak dibuka dari cTrader
other-site-text = Demi keamanan Anda, tutup halaman ini dan buka layar dari cTrader.
session-expired-title = Sesi Anda telah berakhir
session-expired-text = Yang sudah Anda kirim tetap berlaku. Tutup layar ini dan buka lagi dari cTrader.
upstream-unauthorized-title = Saat ini Anda belum dapat masuk
upstream-unauthorized-text = Kesalahan ada pada kami dan kami sudah mengetahuinya. Coba lagi nanti dari cTrader.
upstream-contract-title = Saat ini Anda belum dapat masuk
upstream-contract-text = Tutup layar ini dan buka lagi dari cTrader.
set-up-unfinished-title = Layar ini belum siap
set-up-unfinished-text = Broker Anda perlu menyelesaikan pengaturannya. Anda tidak melakukan kesalahan. Silakan hubungi layanan bantuan.
upstream-unavailable-title = cTrader sedang sibuk
upstream-unavailable-text = Tidak ada yang hilang. Tunggu sebentar, lalu coba lagi.
redemption-unknown-title = Koneksi ke cTrader terputus
redemption-unknown-text = Tutup layar ini dan buka lagi dari cTrader.
service-unavailable-title = Layanan tidak tersedia untuk sementara
service-unavailable-text = Tidak ada yang hilang. Tunggu sebentar, lalu coba lagi.
too-many-requests-title = Cukup untuk hari ini
too-many-requests-text = Anda telah mengirim permintaan sebanyak yang dapat kami terima dalam satu hari. Permintaan ini tidak dikirim. Silakan coba lagi besok.
open-deposits-title = Terlalu banyak setoran dalam proses
open-deposits-text = Anda memiliki setoran dalam proses sebanyak yang dimungkinkan pada saat yang sama. Selesaikan salah satunya, atau tunggu sampai ada yang berakhir. Setelah itu Anda dapat membuat setoran lain.
not-found-title = Tidak ada apa pun di sini
not-found-text = Tutup layar ini dan buka lagi dari cTrader.
method-not-allowed-title = Ini tidak dapat dibuka dengan cara itu
method-not-allowed-text = Tutup layar ini dan buka lagi dari cTrader.
payload-too-large-title = Terlalu banyak sekaligus
payload-too-large-text = Tidak ada yang terkirim. Kembali, persingkat teks Anda, lalu kirim lagi.
internal-error-title = Terjadi kesalahan di pihak kami
internal-error-text = Tutup layar ini dan buka lagi dari cTrader. Jika Anda sudah mengirim sesuatu, tanyakan ke layanan bantuan sebelum mengirimnya lagi.
