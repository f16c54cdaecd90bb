# A számok írásmódja
decimal-separator = ,
group-separator = { "\u00A0" }
grouped-from-digits = 5

# Minden képernyő kerete
close = Bezárás
done = Kész
try-again = Újra
continue = Tovább
optional = nem kötelező
account = Számla
signed-in-as = Bejelentkezve: { $email }
code-for-support = Kód az ügyfélszolgálatnak: { $code }
sending = Küldés…
offline = Úgy tűnik, nincs internetkapcsolat. Semmi sem lett elküldve. Ellenőrizze a kapcsolatot, és próbálja újra.
session-ending = Ez a képernyő már régóta nyitva van. Ha már nem lehet elküldeni, nyissa meg újra a cTraderből.

# Mezők
check-fields = Kérjük, ellenőrizze a megjelölt mezőket. Még semmi sem lett elküldve.
field-required = Kérjük, töltse ki ezt a mezőt.
field-too-long = Legfeljebb { $max } karakter.
field-invalid = Olyan karaktereket tartalmaz, amelyeket nem tudunk elfogadni.
field-email-invalid = Adjon meg egy e-mail-címet, például: nev@example.com.
field-phone-invalid = Adjon meg egy telefonszámot országhívóval, például: +36 1 234 5678.
field-iban-invalid = Adjon meg érvényes IBAN-számot, ahogyan a számlakivonatán szerepel.
field-date-invalid = Adjon meg egy dátumot.
field-date-future = Ez a dátum a jövőben van.
field-choice-invalid = Válasszon egyet ezek közül.
amount-invalid = Adjon meg egy összeget ezres elválasztók nélkül, például: { $example }.
amount-ambiguous = Ez az összeg kétféleképpen olvasható. Melyikre gondol?
amount-too-precise = Legfeljebb { $decimals } tizedesjegy.
amount-min = Minimális összeg: { $amount }.
amount-max = Maximális összeg: { $amount }.
amount-limits = { $min } és { $max } között

# Befizetés
deposit-title = Befizetés
deposit-amount = Összeg
deposit-presets = Gyakori összegek
deposit-currency = Pénznem
deposit-method = Fizetési mód
deposit-submit = Befizetés
deposit-submit-amount = { $amount } befizetése
deposit-open = Folyamatban lévő befizetések
deposit-show = Megtekintés
deposit-no-method = Itt nem tudunk befizetést fogadni { $currency } devizanemű számlára. Kérjük, kérdezze meg az ügyfélszolgálatot.
deposit-pay = Tovább a fizetéshez
deposit-window-text = A fizetési oldal új ablakban nyílik meg. Ez a képernyő addig vár.
deposit-since = Megkezdve

# Status of a deposit
deposit-created-title = Még nincs megerősített fizetés
deposit-created-text = Folytassa a fizetési oldalon. Ha már fizetett, ne fizessen újra: ez a képernyő magától frissül.
deposit-transfer-title = Indítsa el az átutalást
deposit-transfer-text = Pontosan ezt az összeget utalja át, és adja meg a hivatkozási számot.
deposit-pending-title = Várjuk a fizetését
deposit-pending-text = A fizetés megerősítése folyamatban van. Bezárhatja ezt a képernyőt, semmi sem vész el.
deposit-paid-title = A fizetés megérkezett
deposit-paid-text = Jóváírjuk a számláján. Ez eltart egy pillanatig.
deposit-credited-title = A befizetés megtörtént
deposit-credited-text = A pénz a számláján van.
deposit-failed-title = A fizetés nem sikerült
deposit-failed-text = A számláján semmit sem írtunk jóvá. Megpróbálhatja újra.
deposit-expired-title = Nem érkezett időben fizetés
deposit-expired-text = A számláján semmit sem írtunk jóvá. Ha mégis fizetett, jóváírjuk, amint a fizetést megerősítették.
deposit-checking-title = Ellenőrizzük a befizetését
deposit-checking-text = Kérjük, ne fizessen újra. Utánajárunk, és jelentkezünk.

# Személyazonosság igazolása
kyc-title = Igazolja személyazonosságát
kyc-intro = Adatait pontosan úgy adja meg, ahogyan az okmányában szerepelnek.
kyc-first-name = Keresztnév
kyc-last-name = Vezetéknév
kyc-birth-date = Születési dátum
kyc-country = Lakóhely országa
kyc-address = Utca, házszám
kyc-city = Település
kyc-postcode = Irányítószám
kyc-document = Okmány
kyc-document-number = Okmányszám
kyc-submit = Küldés ellenőrzésre
kyc-recorded-title = Adatait megkaptuk
kyc-recorded-text = Ellenőrizzük őket, és értesítjük Önt.

# Ügyfélszolgálat
chat-title = Ügyfélszolgálat
chat-intro = Még nincsenek üzenetek. Írja meg, miben segíthetünk, és jelentkezünk.
chat-topic = Miről van szó?
chat-message = Az Ön üzenete
chat-message-help = Kérjük, soha ne küldjön jelszót vagy kártyaszámot.
chat-submit = Üzenet küldése
chat-recorded-title = Üzenetét megkaptuk
chat-recorded-text = Válaszolni fogunk Önnek.

# Egyéni műveletek
action-submit = Küldés
action-recorded-title = Kérelmét megkaptuk
action-recorded-text = Intézkedünk.

# Mit tett a bróker rendszere egy saját művelettel
outcome-succeeded-title = Kész
outcome-succeeded-text = A kérését teljesítettük.
outcome-failed-title = Ezt nem sikerült elvégezni
outcome-failed-text = Semmi sem változott.
outcome-unknown-title = Ellenőrizzük a kérését
outcome-unknown-text = Megkaptuk, de még nem tudjuk, hogy teljesült-e. Nem kell újra elküldenie.
check-again = Ellenőrzés újra

# Ami rögzítésre került
reference = Hivatkozási szám
recorded-again = Ezt már korábban elküldte. Csak egyszer számít; ez szerepel nálunk.
new-request = Új kérelem

# Út a bróker saját oldalára
outside-text = A weboldalunkon folytathatja, új ablakban:

# A hivatkozások előnézetét mutató programoknak
preview-title = Megnyitás a cTrader alkalmazásban
preview-text = A képernyő megnyitásához koppintson a „Tovább” gombra.

# Ahol a cTrader bezárja a képernyőt
callback-success-title = Minden kész
callback-success-text = Bezárhatja ezt a képernyőt.
callback-failure-title = Ez nem sikerült
callback-failure-text = Kérjük, zárja be ezt a képernyőt, és próbálja újra a cTrader alkalmazásból.

# Hibák: mi történt, és mi a teendő
invalid-ot-token-title = Ez a hivatkozás nem működik
invalid-ot-token-text = Zárja be ezt a képernyőt, és nyissa meg újra a cTrader alkalmazásból.
token-expired-title = Ezt a hivatkozást már felhasználták
token-expired-text = Az Ön biztonsága érdekében minden hivatkozás csak egyszer nyitható meg. Zárja be ezt a képernyőt, és nyissa meg újra a cTrader alkalmazásból.
user-not-found-title = Nem tudjuk, ki Ön
user-not-found-text = A cTrader nem közölte velünk. Jelentkezzen be újra a cTrader alkalmazásba, majd nyissa meg ismét ezt a képernyőt.
missing-required-parameter-title = Ez a hivatkozás hiányos
missing-required-parameter-text = Zárja be ezt a képernyőt, és nyissa meg újra a cTrader alkalmazásból.
invalid-parameter-title = Ez a hivatkozás sérült
invalid-parameter-text = Zárja be ezt a képernyőt, és nyissa meg újra a cTrader alkalmazásból.
broker-mismatch-title = Ez a számla másik brókernél van
broker-mismatch-text = Váltson a cTrader alkalmazásban egy nálunk vezetett számlájára, majd nyissa meg újra ezt a képernyőt.
account-mismatch-title = Másik számla van kiválasztva
account-mismatch-text = Válassza ki a cTrader alkalmazásban a használni kívánt számlát, majd nyissa meg újra ezt a képernyőt.
other-site-title = Ezt a képernyőt nem a cTrader alkalmazásból nyitották meg
other-site-text = Biztonsága érdekében zárja be ezt az oldalt, és nyissa meg a képernyőt a cTrader alkalmazásból.
session-expired-title = A munkamenete véget ért
session-expired-text = Amit már elküldött, érvényes. Zárja be ezt a képernyőt, és nyissa meg újra a cTrader alkalmazásból.
upstream-unauthorized-title = Most nem tudjuk bejelentkeztetni
upstream-unauthorized-text = A hiba nálunk van, és már tudunk róla. Kérjük, próbálja újra később a cTrader alkalmazásból.
upstream-contract-title = Most nem tudjuk bejelentkeztetni
upstream-contract-text = Zárja be ezt a képernyőt, és nyissa meg újra a cTrader alkalmazásból.
set-up-unfinished-title = Ez a képernyő még nem áll készen
set-up-unfinished-text = A brókernek előbb be kell fejeznie a beállítását. Ön nem hibázott. Kérjük, forduljon az ügyfélszolgálathoz.
upstream-unavailable-title = A cTrader most leterhelt
upstream-unavailable-text = Semmi sem veszett el. Várjon egy kicsit, majd próbálja újra.
redemption-unknown-title = Megszakadt a kapcsolat a cTrader rendszerével
redemption-unknown-text = Zárja be ezt a képernyőt, és nyissa meg újra a cTrader alkalmazásból.
service-unavailable-title = Rövid ideig nem vagyunk elérhetők
service-unavailable-text = Semmi sem veszett el. Várjon egy kicsit, majd próbálja újra.
too-many-requests-title = Mára ennyi
too-many-requests-text = Annyi kérelmet küldött, amennyit egy nap alatt fogadni tudunk. Ezt nem küldtük el. Kérjük, próbálja újra holnap.
open-deposits-title = Túl sok folyamatban lévő befizetés
open-deposits-text = Annyi folyamatban lévő befizetése van, amennyi egyszerre lehetséges. Fejezze be valamelyiket, vagy várjon, amíg egy lezárul. Utána újabbat indíthat.
not-found-title = Itt nincs semmi
not-found-text = Zárja be ezt a képernyőt, és nyissa meg újra a cTrader alkalmazásból.
method-not-allowed-title = Ez így nem nyitható meg
method-not-allowed-text = Zárja be ezt a képernyőt, és nyissa meg újra a cTrader alkalmazásból.
payload-too-large-title = Ez egyszerre túl sok
payload-too-large-text = Semmi sem lett elküldve. Lépjen vissza, rövidítse le a szöveget, és küldje el újra.
internal-error-title = Hiba történt nálunk
internal-error-text = Zárja be ezt a képernyőt, és nyissa meg újra a cTrader alkalmazásból. Ha már elküldött valamit, kérdezze meg az ügyfélszolgálatot, mielőtt újra elküldi.
